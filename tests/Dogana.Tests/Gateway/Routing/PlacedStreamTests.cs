using System.Text;
using Dogana.Catalog;
using Dogana.Gateway.Routing;
using Dogana.Gateway.Telemetry;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Upstreams;
using Dogana.Limits;
using Dogana.Metering;

namespace Dogana.Tests.Gateway.Routing;

public sealed class PlacedStreamTests
{
    [Fact]
    public async Task What_a_stream_says_of_itself_is_handed_on_and_its_end_gives_the_place_back()
    {
        using var instruments = new GatewayInstruments(new RefusalLog(), new LeaseKeeper(TimeProvider.System));
        var upstream = new Upstream("a", UpstreamKind.OpenAi, "http://127.0.0.1:9", null) { OpenCallsMax = 1 };
        var gate = new UpstreamGates(instruments, TimeProvider.System).Of(upstream);

        await using (var stream = new PlacedStream(new Said(), gate.TryEnter(upstream, CallShare.None)!))
        {
            Encoding.UTF8.GetString(stream.Text.Span).ShouldBe("what was generated", "conduct looks at it");
            stream.Usage.OutputTokens.ShouldBe(3);
            stream.ContentType.ShouldBe("audio/mpeg");
            gate.CountByTier()[(int)ServiceTier.Standard].ShouldBe((1, 0));
        }

        gate.CountByTier()[(int)ServiceTier.Standard].ShouldBe((0, 0));
    }

    private sealed class Said : StreamedAnswer
    {
        public override TokenUsage Usage => new(1, 0, 3);

        public override ReadOnlyMemory<byte> Text => "what was generated"u8.ToArray();

        public override string ContentType => "audio/mpeg";

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        protected override ValueTask<bool> ReadAsync(IEventSink sink) => ValueTask.FromResult(false);
    }
}
