using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Dogana.Catalog;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Upstreams.Anthropic;
using Dogana.Gateway.Upstreams.Taps;

namespace Dogana.Gateway.Upstreams.Http;

/// <summary>
/// A server that is called over HTTP. Where it has the called operation, the caller's bytes pass through: only the model's name, a missing output limit
/// and the wish for usage are written in. Where it has not, the call is translated there and back.
/// </summary>
internal sealed class HttpUpstream(Upstream upstream, Wire wire, HttpMessageInvoker http, GatewayOptions options) : IUpstream
{
    private const int AnswerBytesMax = 64 * 1024 * 1024;

    private static readonly ReadOnlyMemory<byte> WithUsage = """{"include_usage":true}"""u8.ToArray();
    private static readonly ReadOnlyMemory<byte> False = "false"u8.ToArray();
    private static readonly (string, ReadOnlyMemory<byte>) InEvents = ("stream_format", "\"sse\""u8.ToArray());
    private static readonly (string, ReadOnlyMemory<byte>) NoTier = ("service_tier", default);
    private static readonly ReadOnlyMemory<byte>[] Tiers = ["\"default\""u8.ToArray(), "\"flex\""u8.ToArray(), "\"priority\""u8.ToArray()]; // by the values of ServiceTier
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    // Addresses and names, made once for each route.
    private readonly ConcurrentDictionary<(Operation, string), Target> _targets = new();

    public GatewayOptions Options => options;

    /// <inheritdoc/>
    public Outcome<PreparedCall> Prepare(UpstreamCall call, Route route)
    {
        // 1. The operation, the caller's own or a translated one.
        var chain = Serves(call.Request.Operation) ? [] : TranslationChain.Find(call.Request.Operation, Serves);
        if (chain is null)
        {
            return new Problem(ProblemCode.OperationNotSupported, $"The model '{call.Deployment.Name}' does not serve this endpoint where it runs.", "model");
        }

        // 2. The body, with what must stand in it.
        if (!(chain.Length == 0 ? Pass(call, route) : Translate(call, route, chain)).TryGet(out var worded, out var problem))
        {
            return problem;
        }

        var sending = new Sending(call, worded.Steps, worded.Served, TargetOf(worded.Served, route), worded.Body);
        return new PreparedCall(call.PromptTokens, (key, life) => SendAsync(sending, key, life));
    }

    public Problem Problem(ProblemCode code, string what) => new(code, $"The upstream '{upstream.Id}' {what}.");

    public Problem Failed(string what) => Problem(ProblemCode.UpstreamFailed, what);

    public Problem TimedOut(CallLife life) => Problem(
        ProblemCode.UpstreamTimeout, life.Token.IsCancellationRequested ? "did not finish in time" : "did not answer, or fell silent, for longer than it may");

    // What is declared of this server goes before what is known of its kind.
    private bool Serves(Operation operation) => upstream.Operations is { } declared ? declared.HasFlag(Operations.Declared(operation)) : wire.Serves(operation);

    private Outcome<Worded> Pass(UpstreamCall call, Route route)
    {
        var request = call.Request;
        if (request.Media?.Form is not null)
        {
            return new Worded(default, request.Operation, []); // a form is written anew when it is sent
        }

        var changes = new List<(string, ReadOnlyMemory<byte>)>(4);
        WriteLimit(changes, wire.Limits(request.Operation), call, request.Body, request.Fields);
        Adapt(changes, request.Operation, call, isPassed: true, route);
        return new Worded(BodySplice.Apply(request.Body, request.Fields, changes), request.Operation, []);
    }

    private Outcome<Worded> Translate(UpstreamCall call, Route route, Translation[] chain)
    {
        // 1. A limit stands in the body before it is translated: some servers require one.
        var request = call.Request;
        var changes = new List<(string, ReadOnlyMemory<byte>)>(4);
        WriteLimit(changes, Wire.LimitsOf(request.Operation), call, request.Body, request.Fields);
        changes.Add(NoTier); // served here, whatever the upstream has
        var body = BodySplice.Apply(request.Body, request.Fields, changes);

        // 2. There.
        var steps = new TranslationStep[chain.Length];
        for (var i = 0; i < chain.Length; i++)
        {
            steps[i] = new TranslationStep(chain[i], body);
            if (!chain[i].Request(body).TryGet(out var translated, out var problem))
            {
                return problem;
            }

            body = translated;
        }

        // 3. What this upstream wants to see in its own operation.
        if (!BodyFields.Read(body.Span, BodyFields.TranslatedDepthMax).TryGet(out var fields, out var wrong))
        {
            return wrong;
        }

        var served = chain[^1].Served;
        changes.Clear();
        Adapt(changes, served, call, isPassed: false, route);
        WriteLimit(changes, wire.Limits(served), call, body, fields);
        return new Worded(BodySplice.Apply(body, fields, changes), served, steps);
    }

    // A limit under a name that the server does not obey would be none: the hold would be no bound.
    private static void WriteLimit(
        List<(string, ReadOnlyMemory<byte>)> changes, IReadOnlyList<string> obeyed, UpstreamCall call, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, Range> fields)
    {
        foreach (var name in obeyed)
        {
            if (fields.TryGetValue(name, out var value) && !body.Span[value].SequenceEqual("null"u8))
            {
                return;
            }
        }

        if (obeyed.Count > 0)
        {
            changes.Add((obeyed[0], JsonSerializer.SerializeToUtf8Bytes(call.OutputTokensMax)));
        }
    }

    private void Adapt(List<(string, ReadOnlyMemory<byte>)> changes, Operation served, UpstreamCall call, bool isPassed, Route route)
    {
        var request = call.Request;
        changes.Add(("model", TargetOf(served, route).Model));
        if (request.Stream && served is Operation.ChatCompletions or Operation.Completions)
        {
            changes.Add(("stream_options", isPassed ? StreamOptions(request) : WithUsage));
        }

        // Only its events say what sound cost.
        if (AnswerFormOf(call) == AnswerForm.BytesInEvents)
        {
            changes.Add(InEvents);
        }

        // It would be kept in the operator's account, for all customers together.
        if (served == Operation.Responses || (served == Operation.ChatCompletions && isPassed && request.Fields.ContainsKey("store")))
        {
            changes.Add(("store", False));
        }

        // Where its provider would bill by it, only what the operator declared. Chat completions and responses have the field.
        if (upstream.ForwardsServiceTier && served is Operation.ChatCompletions or Operation.Responses)
        {
            changes.Add(("service_tier", Tiers[(int)call.Share.Tier]));
        }
        else if (isPassed && request.Fields.ContainsKey("service_tier"))
        {
            changes.Add(NoTier);
        }
    }

    // The wish for usage beside whatever else was asked for.
    private static ReadOnlyMemory<byte> StreamOptions(CallRequest request)
    {
        using var asked = request.Parse("stream_options");
        if (asked is null)
        {
            return WithUsage;
        }

        var output = new ArrayBufferWriter<byte>(64);
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        writer.WriteStartObject();
        foreach (var option in asked.RootElement.EnumerateObject().Where(static option => option.Name != "include_usage"))
        {
            option.WriteTo(writer);
        }

        writer.WriteBoolean("include_usage", true);
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenMemory;
    }

    private async Task<Outcome<UpstreamAnswer>> SendAsync(Sending sending, UpstreamKey key, CallLife life)
    {
        life.EndAfterClient(upstream.OnDisconnect == DisconnectPolicy.Cancel ? TimeSpan.Zero : options.DrainTimeout);
        var isStream = sending.Call.Request.Stream;
        var patience = CancellationTokenSource.CreateLinkedTokenSource(life.Token);
        patience.CancelAfter(isStream ? options.FirstByteTimeout : options.TryTimeout);
        HttpResponseMessage? response = null;
        StreamedAnswer? answer = null;
        try
        {
            using var request = Compose(sending, key, life);
            response = await http.SendAsync(request, patience.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return await UpstreamErrors.ReadAsync(this, response, patience.Token);
            }

            if (!isStream)
            {
                return await ReadWholeAsync(sending, response, patience.Token);
            }

            var form = AnswerFormOf(sending.Call);
            var type = response.Content.Headers.ContentType;
            if (sending.Served == Operation.Transcriptions && type?.MediaType == "application/json")
            {
                return await ReadWholeAsync(sending, response, patience.Token); // so OpenAI's, where a model does not stream
            }

            if (form == AnswerForm.Bytes ? !IsSound(type?.MediaType) : type?.MediaType != "text/event-stream")
            {
                return Failed(form == AnswerForm.Bytes ? "answered with something that is no sound" : "did not stream, though it was asked to");
            }

            var stream = await response.Content.ReadAsStreamAsync(patience.Token);
            answer = form == AnswerForm.Bytes ? new BytesStream(response, stream, this, sending.Call.MostOf(0), patience, life) : Open(sending, response, stream, patience, life);
            answer = form == AnswerForm.BytesInEvents ? new SpokenEvents(answer, SpokenEvents.TypeOf(sending.Call.Request.Media!.Format), this) : answer;
            (response, patience) = (null, null); // the answer owns them now
            await answer.PrimeAsync();
            var primed = answer;
            answer = null; // the caller owns it now
            return primed;
        }
        catch (ProblemException failure)
        {
            return failure.Problem;
        }
        catch (BrokenAnswerException broken)
        {
            return Problem(broken.Code, broken.Message);
        }
        catch (OperationCanceledException)
        {
            return TimedOut(life);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return Failed("could not be reached, or broke the connection off");
        }
        finally
        {
            await (answer?.DisposeAsync() ?? ValueTask.CompletedTask);
            response?.Dispose();
            patience?.Dispose();
        }
    }

    // Sound comes as it is; where it is charged by the token, in the events that say how many.
    private static AnswerForm AnswerFormOf(UpstreamCall call) => call.Request is not { Operation: Operation.Speech, Media.WantsEvents: false } ? AnswerForm.Events
        : call.Units is null ? AnswerForm.BytesInEvents : AnswerForm.Bytes;

    private static bool IsSound(string? type) => type is not null && (type.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) || type.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase));

    private static bool IsText(string? type) => type is "text/plain" or "text/vtt" or "text/srt" or "application/x-subrip";

    private HttpRequestMessage Compose(Sending sending, UpstreamKey key, CallLife life)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, sending.Target.Address) { Content = ContentOf(sending) };
        request.Headers.TryAddWithoutValidation("x-client-request-id", sending.Call.Id);

        // The deadline goes on, in the header by which proxies of the Envoy family tell it.
        request.Headers.TryAddWithoutValidation("x-envoy-expected-rq-timeout-ms", ((long)life.Remaining.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        if (sending.Served == sending.Call.Request.Operation)
        {
            foreach (var (name, value) in sending.Call.PassedHeaders)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (sending.Served == Operation.Messages && !request.Headers.Contains("anthropic-version"))
        {
            request.Headers.TryAddWithoutValidation("anthropic-version", AnthropicWire.Version); // whoever serves messages asks for it
        }

        wire.Authorise(request, key.Secret);
        return request;
    }

    private static HttpContent ContentOf(Sending sending)
    {
        if (sending.Call.Request.Media?.Form is { } form)
        {
            return form.ToContent(sending.Target.Name, "dogana-" + sending.Call.Id); // most of an id is chance
        }

        var content = new ReadOnlyMemoryContent(sending.Body);
        content.Headers.ContentType = Json;
        return content;
    }

    private StreamedAnswer Open(Sending sending, HttpResponseMessage response, Stream stream, CancellationTokenSource patience, CallLife life)
    {
        // A translation reads the usage itself, and tells it in the client's words where the client asked.
        var wantsUsage = sending.Call.Request.IncludeUsage || sending.Steps.Count > 0;
        return TranslationChain.Back(
            new HttpStream(response, stream, this, AnswerTap.For(sending.Served, sending.Call), patience, life, wantsUsage), sending.Steps, sending.Call);
    }

    private static async Task<WholeAnswer> ReadWholeAsync(Sending sending, HttpResponseMessage response, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> body = await BoundedBody.ReadAsync(response, AnswerBytesMax, cancellation)
            ?? throw new BrokenAnswerException(ProblemCode.UpstreamFailed, $"sent more than {AnswerBytesMax >> 20} MiB");
        using var tap = AnswerTap.For(sending.Served, sending.Call);
        if (tap is TranscriptionTap transcription && sending.Call.Request.Media!.WantsPlainText && response.Content.Headers.ContentType is { } type && IsText(type.MediaType))
        {
            transcription.TakePlain(body.Span);
            return new WholeAnswer(body, tap.Usage) { ContentType = type.ToString() };
        }

        tap.TakeWhole(body.Span);
        return new WholeAnswer(TranslationChain.Back(body, sending.Steps, sending.Call), tap.Usage, tap.Generation);
    }

    private Target TargetOf(Operation served, Route route) => _targets.GetOrAdd(
        (served, route.UpstreamModel),
        static (key, self) => new Target(self.Wire.Address(self.Upstream, key.Item1, key.Item2), key.Item2, JsonSerializer.SerializeToUtf8Bytes(key.Item2)),
        (Wire: wire, Upstream: upstream));

    /// <summary>How an answer comes in pieces, and how it is handed on.</summary>
    private enum AnswerForm
    {
        /// <summary>In events, as events.</summary>
        Events,

        /// <summary>As it is.</summary>
        Bytes,

        /// <summary>In events, as what they carry.</summary>
        BytesInEvents,
    }

    /// <summary>Where an operation of a model is, and its name, as it is and as JSON.</summary>
    private sealed record Target(Uri Address, string Name, ReadOnlyMemory<byte> Model);

    /// <summary>A call on its way to this upstream.</summary>
    private sealed record Sending(UpstreamCall Call, IReadOnlyList<TranslationStep> Steps, Operation Served, Target Target, ReadOnlyMemory<byte> Body);

    /// <summary>A call as this upstream is to see it.</summary>
    private readonly record struct Worded(ReadOnlyMemory<byte> Body, Operation Served, IReadOnlyList<TranslationStep> Steps);
}
