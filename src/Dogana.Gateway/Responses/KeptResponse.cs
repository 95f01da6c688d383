using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Upstreams;
using Dogana.Metering;

namespace Dogana.Gateway.Responses;

/// <summary>
/// A call whose response its project keeps: the response that leaves bears an id of this server and says that it is stored, whatever the upstream wrote, and the last one of a stream is what is kept.
/// </summary>
/// <param name="keeping">Writes it.</param>
/// <param name="project">The project.</param>
/// <param name="endCustomer">Whom the call is for; empty for none.</param>
/// <param name="request">What was asked, the conversation before it with it.</param>
/// <param name="callId">Names the response.</param>
internal sealed class KeptResponse(ResponseKeeping keeping, string project, string endCustomer, CallRequest request, string callId)
{
    /// <summary>The largest response that is kept, in bytes.</summary>
    public const int BytesMax = 8 * 1024 * 1024;

    private ReadOnlyMemory<byte> _response;

    public string Project => project;

    public string EndCustomer => endCustomer;

    /// <summary>The response's id.</summary>
    public string Id { get; } = $"resp_{callId.Replace("-", "", StringComparison.Ordinal)}";

    /// <summary>What the model was given.</summary>
    public ReadOnlyMemory<byte> Input => request.Body[request.Fields["input"]];

    /// <summary>The answer, as it leaves.</summary>
    public UpstreamAnswer Wrap(UpstreamAnswer answer)
    {
        if (answer is StreamedAnswer stream)
        {
            return new KeptStream(stream, this);
        }

        var whole = (WholeAnswer)answer;
        return Stamp(whole.Body, isLast: true) is { } stamped ? new WholeAnswer(stamped, whole.Usage, whole.Text) : whole;
    }

    /// <summary>The call was closed: what came whole is kept, before the last byte leaves.</summary>
    public Task ClosedAsync(CallEnding ending) =>
        _response.IsEmpty || ending is not (CallEnding.Completed or CallEnding.ClientClosed) ? Task.CompletedTask : keeping.KeepAsync(this, _response);

    // Null where the object is none that could be stamped: it leaves as it came, and is not kept.
    private ReadOnlyMemory<byte>? Stamp(ReadOnlyMemory<byte> response, bool isLast)
    {
        if (!BodyFields.Read(response.Span, BodyFields.TranslatedDepthMax).TryGet(out var fields, out _))
        {
            return null;
        }

        var stamped = BodySplice.Apply(response, fields,
        [
            ("id", JsonSerializer.SerializeToUtf8Bytes(Id)), ("store", "true"u8.ToArray()),
            ("previous_response_id", request.PreviousResponse is { } previous ? JsonSerializer.SerializeToUtf8Bytes(previous) : "null"u8.ToArray()),
        ]);
        if (isLast && stamped.Length <= BytesMax)
        {
            _response = stamped.ToArray(); // the memory may be of a buffer
        }

        return stamped;
    }

    // Events that carry the whole response: created, in progress, completed, incomplete.
    private ReadOnlyMemory<byte>? StampEvent(ReadOnlyMemory<byte> data)
    {
        if (!BodyFields.Read(data.Span, BodyFields.TranslatedDepthMax).TryGet(out var fields, out _) || !fields.TryGetValue("response", out var range) || !fields.TryGetValue("type", out var type))
        {
            return null;
        }

        var isLast = data.Span[type].SequenceEqual("\"response.completed\""u8) || data.Span[type].SequenceEqual("\"response.incomplete\""u8);
        return Stamp(data[range], isLast) is { } stamped ? BodySplice.Apply(data, fields, [("response", stamped)]) : null;
    }

    private sealed class KeptStream(StreamedAnswer served, KeptResponse kept) : StreamedAnswer, IEventSink
    {
        private IEventSink _next = Upstreams.Sse.NoEvents.Instance;

        /// <inheritdoc/>
        public override TokenUsage Usage => served.Usage;

        /// <inheritdoc/>
        public override ReadOnlyMemory<byte> Text => served.Text;

        /// <inheritdoc/>
        public override ValueTask DisposeAsync() => served.DisposeAsync();

        /// <inheritdoc/>
        public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
        {
            // Most events are pieces of text, and carry no response.
            var stamped = data.IndexOf("\"response\""u8) >= 0 ? kept.StampEvent(data.ToArray()) : null;
            _next.Write(name, stamped is { } changed ? changed.Span : data);
        }

        /// <inheritdoc/>
        protected override ValueTask<bool> ReadAsync(IEventSink sink)
        {
            _next = sink;
            return served.NextAsync(this);
        }
    }
}
