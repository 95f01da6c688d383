using System.Diagnostics;
using System.Globalization;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests.Endings;

/// <summary>
/// Nothing is served that cannot be metered: a disk that takes no more writes refuses calls, and cuts those that are open. What the server's own end cuts off
/// is listed and not charged.
/// </summary>
public sealed class FailingServerTests(StoreFixture stores)
{
    [Fact]
    public async Task When_the_journal_cannot_be_written_calls_are_refused_and_open_ones_never_look_complete()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase);
        var resume = new TaskCompletionSource();
        upstream.Enqueue(new FakeScript { Text = FakeScript.Words(5), PauseAfterChunks = 3, Resume = resume.Task });
        upstream.Enqueue(new FakeScript { Text = FakeScript.Words(5), DelayBeforeFirstByte = TimeSpan.FromSeconds(2) });
        string streamed;
        string whole;
        await using (var server = await ServerProcess.StartAsync(world.Start() with { Through = ["bash", "-c", "trap '' XFSZ; exec \"$@\"", "bash"] }))
        {
            var stream = PostAsync(server, world, stream: true);
            await upstream.WaitForRequestsAsync(1);
            var answer = PostAsync(server, world, stream: false);
            await upstream.WaitForRequestsAsync(2);
            await RefuseWritesAsync(server);

            resume.SetResult();
            var cut = await stream;
            var failed = await answer;
            var refused = await PostAsync(server, world, stream: true);

            (cut.Status, cut.IsWhole).ShouldBe((200, false));
            cut.Body.ShouldNotContain("[DONE]");
            (failed.Status, failed.ErrorCode).ShouldBe((503, "journal_unavailable"));
            (refused.Status, refused.ErrorCode, refused.Headers.ContainsKey("retry-after")).ShouldBe((503, "journal_unavailable", true));
            upstream.RequestCount.ShouldBe(2, "what cannot be written is not sent");
            using var probe = server.CreateClient();
            ((int)(await probe.GetAsync("/healthz/ready")).StatusCode).ShouldBe(503);
            (streamed, whole) = (cut.CallId, failed.CallId);
            server.Kill();
        }

        // What was open is listed as interrupted, and not charged.
        await using var again = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(again.CreateClient(), world.AdminKey);
        await admin.VerifyAsync();
        var records = await admin.ListUsageAsync();
        records.Select(static record => (record.Id, record.Ending, record.OutputTokens)).ShouldBe([(streamed, "interrupted", 0), (whole, "interrupted", 0)], ignoreOrder: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_outlasts_the_drain_is_cut_off_listed_as_interrupted_and_not_charged(bool stream)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase);
        upstream.Enqueue(stream ? new FakeScript { Text = FakeScript.Words(5), PauseAfterChunks = 3 } : new FakeScript { Fault = Fault.NeverAnswers });
        await using (var server = await ServerProcess.StartAsync(world.Start("--drain-seconds", "1", "--Gateway:DrainTimeout=00:00:00.5")))
        {
            var call = PostAsync(server, world, stream);
            await upstream.WaitForRequestsAsync(1);

            (await server.TerminateAsync()).ShouldBe(0);

            var cut = await call;
            cut.IsWhole.ShouldBeFalse();
            cut.Body.ShouldNotContain("[DONE]");
            await upstream.WaitForOpenAsync();
        }

        await using var again = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(again.CreateClient(), world.AdminKey);
        (await admin.VerifyAsync()).Faults.ShouldBeEmpty();
        (await admin.ListUsageAsync()).Single().Ending.ShouldBe("interrupted");
        (await admin.ListRatedLinesAsync()).ShouldBeEmpty();
    }

    // No file of the process grows from now on, as on a full disk; the signal that would end it is ignored since its start.
    private static async Task RefuseWritesAsync(ServerProcess server)
    {
        using var limit = Process.Start("prlimit", ["--pid", server.ProcessId.ToString(CultureInfo.InvariantCulture), "--fsize=1"]);
        await limit.WaitForExitAsync();
        limit.ExitCode.ShouldBe(0);
    }

    private static Task<RawAnswer> PostAsync(ServerProcess server, TestWorld world, bool stream) =>
        RawAnswer.PostAsync(server.Address, Call.Chat.Path("fake"), Call.Chat.Body("fake", stream), [("authorization", "Bearer " + world.Key("acme-shop"))]);
}
