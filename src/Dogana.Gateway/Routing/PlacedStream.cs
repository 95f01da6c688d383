using Dogana.Gateway.Translations;
using Dogana.Gateway.Upstreams;
using Dogana.Metering;

namespace Dogana.Gateway.Routing;

/// <summary>A stream that keeps its call's place at the upstream for as long as the upstream has more to say.</summary>
internal sealed class PlacedStream(StreamedAnswer answer, UpstreamPlace place) : StreamedAnswer
{
    /// <inheritdoc/>
    public override TokenUsage Usage => answer.Usage;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Text => answer.Text;

    /// <inheritdoc/>
    public override string? ContentType => answer.ContentType;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await answer.DisposeAsync();
        }
        finally
        {
            place.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask<bool> ReadAsync(IEventSink sink)
    {
        if (await answer.NextAsync(sink))
        {
            return true;
        }

        place.Dispose(); // a client that is slow to take the end keeps nobody out
        return false;
    }
}
