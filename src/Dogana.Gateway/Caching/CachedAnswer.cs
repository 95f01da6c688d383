using Dogana.Catalog;
using Dogana.Gateway.Pipeline;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Upstreams;
using Dogana.Gateway.Upstreams.Sse;
using Dogana.Metering;
using Dogana.Responses;

namespace Dogana.Gateway.Caching;

/// <summary>An answer of a response cache, to be given again.</summary>
/// <param name="Body">Its very bytes; for a stream those of all its events.</param>
/// <param name="Text">What a model once generated for it.</param>
/// <param name="IsStream">Does it come in pieces?</param>
/// <param name="Kept">Where it was kept.</param>
/// <param name="Price">By which prices it is charged.</param>
internal sealed record CachedAnswer(byte[] Body, ReadOnlyMemory<byte> Text, bool IsStream, CachedResponse Kept, CallPrice Price)
{
    /// <summary>How long ago it was kept; clocks of nodes may differ.</summary>
    public TimeSpan AgeAt(DateTimeOffset now) => now > Kept.CreatedAt ? now - Kept.CreatedAt : TimeSpan.Zero;

    private TokenUsage Usage => default(TokenUsage) with { IsEstimated = Kept.IsEstimated, Units = new MeteredUnits(Meter.ResponseCacheTokens, Kept.Tokens) };

    /// <summary>Gives it in the place of an upstream; not where the call may go on no longer.</summary>
    public Task<Outcome<UpstreamAnswer>> SendAsync(CallLife life)
    {
        UpstreamAnswer answer = IsStream ? new CachedStream(Body, Usage, Text) : new WholeAnswer(Body, Usage, Text);
        return Task.FromResult(life.CutBy is { } cut ? (Outcome<UpstreamAnswer>)cut : answer);
    }

    /// <summary>All its events at once; framed again they are the same bytes.</summary>
    private sealed class CachedStream(byte[] body, TokenUsage usage, ReadOnlyMemory<byte> text) : StreamedAnswer
    {
        public override TokenUsage Usage => usage;

        public override ReadOnlyMemory<byte> Text => text;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        protected override async ValueTask<bool> ReadAsync(IEventSink sink)
        {
            using var stream = new MemoryStream(body, writable: false);
            using var reader = new SseReader(stream, 2 * AnswerCopy.BytesMax);
            do
            {
                while (reader.TryRead(out var next))
                {
                    sink.Write(next.Name, next.Data);
                }
            }
            while (await reader.FillAsync(CancellationToken.None));
            return false;
        }
    }
}
