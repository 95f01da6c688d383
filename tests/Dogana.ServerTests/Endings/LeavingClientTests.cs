using System.Net.Sockets;
using System.Text;

namespace Dogana.ServerTests.Endings;

/// <summary>A client that leaves pays for what was generated for it: by the upstream's count where that still comes, else as counted here.</summary>
public sealed class LeavingClientTests(ImpatientServer server) : IClassFixture<ImpatientServer>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Before_the_first_byte_the_upstreams_own_count_is_still_read(bool stream)
    {
        var deployment = await server.DeployAsync("words=5+in=7+out=5+usage=always+first=500");

        await LeaveAsync(deployment, Call.Chat, stream);

        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.InputTokens, record.OutputTokens, record.IsEstimated).ShouldBe(("client_closed", 7, 5, false));
        server.SeenOf(deployment).Single().WasAborted.ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Before_the_first_byte_an_upstream_that_may_be_cancelled_is_and_nothing_was_generated(bool stream)
    {
        var deployment = await server.DeployAsync("words=5+in=7+out=5+first=1400", "openai-cancel");

        await LeaveAsync(deployment, Call.Chat, stream);

        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.InputTokens, record.OutputTokens).ShouldBe(("client_closed", 0, 0));
        var seen = server.SeenOf(deployment).Single(); // and nothing else is tried for nobody
        seen.WasAborted.ShouldBeTrue();
    }

    [Theory]
    [InlineData("chat", "openai")]
    [InlineData("completions", "openai")]
    [InlineData("responses", "openai")]
    [InlineData("messages", "anthropic")]
    [InlineData("messages", "compatible")]
    [InlineData("chat", "anthropic")]
    public async Task In_mid_stream_the_upstreams_own_count_is_still_read(string operation, string upstream)
    {
        var deployment = await server.DeployAsync("words=20+in=7+out=20+between=25", upstream);

        await LeaveAsync(deployment, Call.Of(operation), stream: true, "word1");

        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.InputTokens, record.OutputTokens, record.IsEstimated).ShouldBe(("client_closed", 7, 20, false));
        server.SeenOf(deployment).Single().WasAborted.ShouldBeFalse();
    }

    [Theory]
    [InlineData("chat", "openai-cancel")]
    [InlineData("responses", "openai-cancel")]
    [InlineData("messages", "anthropic-cancel")]
    [InlineData("chat", "anthropic-cancel")]
    public async Task In_mid_stream_an_upstream_that_may_be_cancelled_is_and_its_text_is_counted_here(string operation, string upstream)
    {
        var deployment = await server.DeployAsync("words=100+in=7+out=1000+between=50", upstream);

        await LeaveAsync(deployment, Call.Of(operation), stream: true, "word1");

        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.IsEstimated).ShouldBe(("client_closed", true));
        record.InputTokens.ShouldBeGreaterThan(0);
        record.OutputTokens.ShouldBeInRange(5, 200); // some words, by their bytes
        server.SeenOf(deployment).Single().WasAborted.ShouldBeTrue();
    }

    [Fact]
    public async Task An_upstream_that_never_ends_is_read_on_for_a_bounded_time_only()
    {
        var deployment = await server.DeployAsync("words=20+fault=never-ends+between=50");

        await LeaveAsync(deployment, Call.Chat, stream: true, "word1");

        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.IsEstimated).ShouldBe(("client_closed", true));
        record.OutputTokens.ShouldBeGreaterThan(5);
        (record.ClosedAt - record.OpenedAt).ShouldBeInRange(TimeSpan.FromSeconds(1.4), TimeSpan.FromSeconds(6));
        server.SeenOf(deployment).Single().WasAborted.ShouldBeTrue();
    }

    [Fact]
    public async Task An_upstream_that_breaks_after_the_client_left_is_charged_as_counted_here()
    {
        var deployment = await server.DeployAsync("words=20+between=25+cut=18");

        await LeaveAsync(deployment, Call.Chat, stream: true, "word1");

        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.IsEstimated).ShouldBe(("client_closed", true));
        record.OutputTokens.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_left_when_the_calls_time_is_over_and_pays()
    {
        var deployment = await server.DeployAsync("words=1000+fault=never-ends+per-write=100");

        using var client = await RawAnswer.SendAsync(server.Server.Address, Call.Chat.Path(deployment), Call.Chat.Body(deployment, stream: true), server.HeadersOf());

        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.IsEstimated).ShouldBe(("client_closed", true));
        record.OutputTokens.ShouldBe(100, "the upstream wrote on beyond the limit that it was given; nobody pays for more than was asked");
        (record.ClosedAt - record.OpenedAt).ShouldBeLessThan(TimeSpan.FromSeconds(12));
        server.SeenOf(deployment).Single().WasAborted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_client_that_reads_slowly_gets_all_and_the_upstream_is_not_blamed()
    {
        // Twice as long as an upstream may be silent the client takes nothing; the upstream waits for it.
        var deployment = await server.DeployAsync("words=150000+in=7+out=9+limit=no+per-write=500");

        using var client = await RawAnswer.SendAsync(server.Server.Address, Call.Chat.Path(deployment), Call.Chat.Body(deployment, stream: true), server.HeadersOf());
        await Task.Delay(TimeSpan.FromSeconds(2));
        var (stream, buffer, last) = (client.GetStream(), new byte[1024 * 1024], "");
        for (int read; !last.EndsWith("0\r\n\r\n", StringComparison.Ordinal) && (read = await stream.ReadAsync(buffer)) > 0;)
        {
            last += Encoding.UTF8.GetString(buffer, Math.Max(0, read - 100), Math.Min(read, 100)); // the end may come in pieces
            last = last[Math.Max(0, last.Length - 100)..];
        }

        last.ShouldContain("[DONE]");
        (await server.RecordOfAsync(deployment)).Ending.ShouldBe("completed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_while_it_sends_has_made_no_call(bool isReset)
    {
        var deployment = await server.DeployAsync("");
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(server.Server.Address.Host, server.Server.Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {server.World.Key("acme-shop")}\r\ncontent-length: 5000\r\n\r\n{{\"model\":\"{deployment}\""));
            await Task.Delay(100);
            client.LingerState = new LingerOption(isReset, 0);
        }

        (await server.CallAsync(deployment, Call.Chat, stream: false)).Status.ShouldBe(200);
        (await server.RecordOfAsync(deployment)).Ending.ShouldBe("completed");
        server.Server.Output.ShouldNotContain("Exception");
    }

    // As soon as the upstream has the call, or the client has a piece of the answer.
    private async Task LeaveAsync(string deployment, Call call, bool stream, string? until = null)
    {
        using var client = await RawAnswer.SendAsync(server.Server.Address, call.Path(deployment), call.Body(deployment, stream), server.HeadersOf());
        while (server.SeenOf(deployment).Count == 0)
        {
            await Task.Delay(10);
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[64 * 1024];
        for (var seen = ""; until is not null && !seen.Contains(until, StringComparison.Ordinal);)
        {
            seen += Encoding.UTF8.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer, patience.Token));
        }
    }
}
