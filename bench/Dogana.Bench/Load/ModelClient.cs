using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Dogana.Bench.Load;

/// <summary>Calls a model over HTTP as a customer does, and keeps the ids of the calls that were answered.</summary>
internal sealed class ModelClient(Uri server, string key) : IDisposable
{
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
    private readonly AuthenticationHeaderValue _bearer = new("Bearer", key);
    private readonly Uri _chat = new(server, "/v1/chat/completions");
    private readonly Uri _embeddings = new(server, "/v1/embeddings");

    /// <summary>The ids (<c>x-request-id</c>) of the calls that were answered in full.</summary>
    public ConcurrentQueue<string> Answered { get; } = new();

    /// <summary>A chat that is answered whole.</summary>
    public Task<CallResult> ChatAsync(byte[] body, CancellationToken cancellation) => WholeAsync(_chat, body, cancellation);

    /// <summary>An embedding.</summary>
    public Task<CallResult> EmbedAsync(byte[] body, CancellationToken cancellation) => WholeAsync(_embeddings, body, cancellation);

    /// <summary>A streamed chat.</summary>
    public async Task<CallResult> StreamAsync(byte[] body, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        using var response = await SendAsync(_chat, body, cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        TimeSpan? first = null;
        var tokens = 0L;
        await foreach (var item in SseParser.Create(stream, static (_, data) => data.ToArray()).EnumerateAsync(cancellation))
        {
            if (item.Data.AsSpan().SequenceEqual("[DONE]"u8))
            {
                Keep(response);
                return new CallResult(Stopwatch.GetElapsedTime(begun), first ?? throw new BenchmarkFailedException("A stream had no text."), tokens);
            }

            using var chunk = JsonDocument.Parse(item.Data);
            first ??= HasText(chunk.RootElement) ? Stopwatch.GetElapsedTime(begun) : null;
            tokens = Usage(chunk.RootElement) ?? tokens;
        }

        throw new BenchmarkFailedException("A stream ended before it was complete.");
    }

    public void Dispose() => _http.Dispose();

    private static bool HasText(JsonElement chunk) => chunk.GetProperty("choices").EnumerateArray().Any(static choice =>
        choice.GetProperty("delta").TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String && content.GetString()!.Length > 0);

    private static long? Usage(JsonElement chunk) => chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object
        ? usage.GetProperty("completion_tokens").GetInt64()
        : null;

    private async Task<CallResult> WholeAsync(Uri address, byte[] body, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        using var response = await SendAsync(address, body, cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        var whole = Stopwatch.GetElapsedTime(begun);
        if (answer.Length == 0 || answer[^1] != (byte)'}')
        {
            throw new BenchmarkFailedException("An answer was not complete.");
        }

        Keep(response);
        return new CallResult(whole, whole, 0);
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, byte[] body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = JsonType;
        request.Headers.Authorization = _bearer;
        var response = await _http.SendAsync(request, cancellation);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }

        using (response)
        {
            throw new BenchmarkFailedException($"{address} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}");
        }
    }

    private void Keep(HttpResponseMessage response) => Answered.Enqueue(response.Headers.NonValidated["x-request-id"].ToString());
}
