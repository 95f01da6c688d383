using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dogana.Catalog;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Upstreams.OpenAiCompatible;

/// <summary>A server that speaks OpenAI's API. The caller's bytes pass through; only the model's name, a missing output limit and the wish for usage are written in.</summary>
internal sealed class OpenAiCompatibleUpstream(Upstream upstream, string? secret, HttpMessageInvoker http, GatewayOptions options) : IUpstream
{
    private const int ErrorBytesMax = 64 * 1024;
    private const int AnswerBytesMax = 64 * 1024 * 1024;

    private readonly Uri _base = new(upstream.BaseUrl!.TrimEnd('/') + "/");

    /// <inheritdoc/>
    public Outcome<PreparedCall> Prepare(UpstreamCall call) =>
        new PreparedCall(call.Request.Body.Length, (clientGone, deadline) => SendAsync(call, clientGone, deadline));

    private async Task<Outcome<UpstreamAnswer>> SendAsync(UpstreamCall call, CancellationToken clientGone, CancellationToken deadline)
    {
        // A stream shows early whether anything comes, and stops with its client. A whole answer comes when it is done; once asked for, the provider works
        // and charges whether or not the client is still there, so it is waited for, a little, to learn what it used.
        using var firstByte = call.Request.Stream
            ? CancellationTokenSource.CreateLinkedTokenSource(clientGone, deadline)
            : CancellationTokenSource.CreateLinkedTokenSource(deadline);
        await using var leaving = call.Request.Stream ? default : clientGone.Register(() => firstByte.CancelAfter(options.DrainTimeout));
        if (call.Request.Stream)
        {
            firstByte.CancelAfter(options.FirstByteTimeout);
        }

        HttpResponseMessage? response = null;
        try
        {
            using var request = Compose(call);
            response = await http.SendAsync(request, firstByte.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return await ReadProblemAsync(response, firstByte.Token);
            }

            if (!call.Request.Stream)
            {
                return await ReadWholeAsync(response, call.Request.Operation, firstByte.Token);
            }

            if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            {
                return Failed("did not stream, though it was asked to");
            }

            var answer = new OpenAiCompatibleStream(response, await response.Content.ReadAsStreamAsync(firstByte.Token), upstream.Id, deadline);
            response = null; // the answer owns it now
            return answer;
        }
        catch (OperationCanceledException) when (!clientGone.IsCancellationRequested)
        {
            var limit = deadline.IsCancellationRequested ? options.CallTimeout : options.FirstByteTimeout;
            return new Problem(ProblemCode.UpstreamTimeout, $"The upstream '{upstream.Id}' did not answer within {limit.TotalSeconds:0} s.");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return Failed("could not be reached, or broke the connection off");
        }
        finally
        {
            response?.Dispose();
        }
    }

    private HttpRequestMessage Compose(UpstreamCall call)
    {
        var replacements = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["model"] = JsonSerializer.SerializeToUtf8Bytes(call.Deployment.UpstreamModel),
        };
        if (call.Request.Operation == Operation.ChatCompletions && call.Request.MaxOutputTokens is null)
        {
            replacements["max_tokens"] = JsonSerializer.SerializeToUtf8Bytes(call.OutputTokensMax);
        }

        if (call.Request.Stream)
        {
            replacements["stream_options"] = """{"include_usage":true}"""u8.ToArray();
        }

        var path = call.Request.Operation == Operation.ChatCompletions ? "chat/completions" : "embeddings";
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_base, path)) { Content = new ByteArrayContent(BodyRewriter.Rewrite(call.Request, replacements)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("x-client-request-id", call.Id);
        if (secret is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        return request;
    }

    private async Task<Outcome<UpstreamAnswer>> ReadWholeAsync(HttpResponseMessage response, Operation operation, CancellationToken cancellation)
    {
        var body = await ReadBoundedAsync(response, AnswerBytesMax, cancellation);
        if (body is null)
        {
            return Failed($"sent more than {AnswerBytesMax >> 20} MiB");
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && UpstreamUsage.Find(document.RootElement, operation) is { } usage
                ? new WholeAnswer(body, usage)
                : Failed("did not say what the call used; nothing is served unmetered");
        }
        catch (JsonException)
        {
            return Failed("answered with something that is not JSON");
        }
    }

    // Whose fault is it? The caller's own goes back to the caller; a fault of our key or of the provider is not the caller's business.
    private async Task<Problem> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity:
                var (message, param) = Explain(await ReadBoundedAsync(response, ErrorBytesMax, cancellation));
                return new Problem(ProblemCode.UpstreamRejected, message ?? $"The upstream '{upstream.Id}' refused the request.", param);
            case HttpStatusCode.TooManyRequests:
                return new Problem(ProblemCode.Busy, $"The upstream '{upstream.Id}' takes no more calls at the moment.") { RetryAfter = RetryAfter(response) };
            case HttpStatusCode.ServiceUnavailable:
                return new Problem(ProblemCode.Busy, $"The upstream '{upstream.Id}' is overloaded.") { RetryAfter = RetryAfter(response) };
            default:
                return Failed(string.Create(CultureInfo.InvariantCulture, $"answered with status {(int)response.StatusCode}"));
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;

    private static (string? Message, string? Param) Explain(byte[]? body)
    {
        try
        {
            using var document = JsonDocument.Parse(body ?? "null"u8.ToArray());
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
            {
                return (null, null);
            }

            return (Text(error, "message"), Text(error, "param"));
        }
        catch (JsonException)
        {
            return (null, null);
        }

        static string? Text(JsonElement parent, string name) =>
            parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static async Task<byte[]?> ReadBoundedAsync(HttpResponseMessage response, int max, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var memory = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (memory.Length + read > max)
            {
                return null;
            }

            memory.Write(buffer, 0, read);
        }

        return memory.ToArray();
    }

    private Problem Failed(string what) => new(ProblemCode.UpstreamFailed, $"The upstream '{upstream.Id}' {what}.");
}
