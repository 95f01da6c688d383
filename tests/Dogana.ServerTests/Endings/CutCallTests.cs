using System.Net.Sockets;
using System.Text;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;
using Npgsql;

namespace Dogana.ServerTests.Endings;

/// <summary>A call that may be served no longer is broken off while it runs; what the customer had received until then is charged.</summary>
public sealed class CutCallTests(PatientServer server) : IClassFixture<PatientServer>
{
    [Theory]
    [InlineData("chat", "openai", true)]
    [InlineData("messages", "anthropic", true)]
    [InlineData("chat", "anthropic", true)]
    [InlineData("chat", "openai", false)]
    public async Task A_suspension_breaks_off_an_open_stream_on_the_resellers_channel_and_leaves_others_alone(string operation, string upstream, bool reads)
    {
        // A client that does not read fills every buffer on its way: the server waits for it, not for the upstream.
        var deployment = await server.DeployAsync(reads ? "words=2000+limit=no+between=20" : "words=2000000+limit=no+per-write=500", upstream);
        var other = await server.DeployAsync("words=150+limit=no+between=20", upstream);
        var call = Call.Of(operation);
        using var stream = await RawAnswer.SendAsync(server.Server.Address, call.Path(deployment), call.Body(deployment, stream: true), Of("lumen-app"));
        var others = RawAnswer.PostAsync(server.Server.Address, call.Path(other), call.Body(other, stream: true), Of("acme-shop"));
        if (reads)
        {
            await ReadUntilAsync(stream, "word3");
        }
        else
        {
            await FillAsync(stream);
        }

        var measure = await server.Admin.SuspendAsync(new SuspendRequest("lumen-group", "northwind", "Outputs trained a competing model."));
        try
        {
            var rest = await ReadToEndAsync(stream); // the script would go on for 40 s, or for ever
            if (reads)
            {
                rest.ShouldContain(upstream == "openai" || operation == "chat" ? "account_suspended" : "permission_error");
            }

            rest.ShouldNotContain(call.Last);
            var record = await server.RecordOfAsync(deployment);
            (record.Ending, record.Project, record.IsEstimated).ShouldBe(("cut", "lumen-app", true));
            record.OutputTokens.ShouldBeGreaterThan(3);
            server.SeenOf(deployment).Single().WasAborted.ShouldBeTrue();
            var whole = await others;
            whole.IsWhole.ShouldBeTrue();
            whole.Body.ShouldContain(call.Last);
        }
        finally
        {
            await server.Admin.LiftAsync(measure.Id);
        }

        (await RawAnswer.PostAsync(server.Server.Address, call.Path(other), call.Body(other, stream: false), Of("lumen-app"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_suspension_breaks_off_a_call_whose_answer_has_not_come_and_nobody_pays()
    {
        var deployment = await server.DeployAsync("words=3+first=60000");
        var answer = RawAnswer.PostAsync(server.Server.Address, Call.Chat.Path(deployment), Call.Chat.Body(deployment, stream: false), Of("lumen-app"));
        while (server.SeenOf(deployment).Count == 0)
        {
            await Task.Delay(10);
        }

        var measure = await server.Admin.SuspendAsync(new SuspendRequest("lumen", "northwind", "Test."));
        try
        {
            var refused = await answer;
            (refused.Status, refused.ErrorCode, refused.IsWhole).ShouldBe((403, "account_suspended", true));
            var record = await server.RecordOfAsync(deployment);
            (record.Ending, record.InputTokens, record.OutputTokens).ShouldBe(("cut", 0, 0));
            server.SeenOf(deployment).Count.ShouldBe(1, "nothing is tried again");
        }
        finally
        {
            await server.Admin.LiftAsync(measure.Id);
        }
    }

    private IEnumerable<(string, string)> Of(string project) => [("authorization", "Bearer " + server.World.Key(project))];

    private static async Task ReadUntilAsync(TcpClient client, string text)
    {
        var (buffer, seen) = (new byte[64 * 1024], new StringBuilder());
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            var read = await client.GetStream().ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            read.ShouldBeGreaterThan(0, seen.ToString());
            seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }

    // Until nothing more comes, because there is no room for it.
    private static async Task FillAsync(TcpClient client)
    {
        for (var (before, tries) = (-1, 0); client.Available == 0 || client.Available != before; tries++)
        {
            tries.ShouldBeLessThan(100);
            before = client.Available;
            await Task.Delay(300);
        }
    }

    private static async Task<string> ReadToEndAsync(TcpClient client)
    {
        var (buffer, last) = (new byte[256 * 1024], "");
        try
        {
            for (int read; (read = await client.GetStream().ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(20))) > 0;)
            {
                last += Encoding.UTF8.GetString(buffer, 0, read);
                last = last[Math.Max(0, last.Length - 10_000)..];
            }
        }
        catch (IOException)
        {
            // Broken off, as it should be.
        }

        return last;
    }
}

/// <summary>A node that cannot reach its store cannot know: it refuses, breaks off what is open, and serves again when the store is back.</summary>
public sealed class UnknowingNodeTests(StoreFixture stores)
{
    [Fact]
    public async Task A_node_whose_store_does_not_answer_refuses_with_503_breaks_off_open_streams_and_recovers()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Postgres, upstream.OpenAiBase);
        await using var server = await ServerProcess.StartAsync(world.Start("--Gateway:StalenessMax=00:00:02"));
        upstream.Enqueue(new FakeScript { Text = string.Join(' ', Enumerable.Repeat("word", 3_000)), DelayBetweenChunks = TimeSpan.FromMilliseconds(20) });
        (string, string)[] headers = [("authorization", "Bearer " + world.Key("acme-shop"))];
        var stream = RawAnswer.PostAsync(server.Address, "/v1/chat/completions", Call.Chat.Body("fake", stream: true), headers);
        while (upstream.Requests.Count == 0)
        {
            await Task.Delay(10);
        }

        // Whoever asks for the configuration's version waits for this lock.
        await using var source = NpgsqlDataSource.Create(world.Postgres!);
        await using (var connection = await source.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var command = new NpgsqlCommand("lock table counter in access exclusive mode", connection, transaction))
            {
                await command.ExecuteNonQueryAsync();
            }

            var cut = await stream;
            cut.IsWhole.ShouldBeFalse();
            cut.Body.ShouldContain("stale_snapshot");
            cut.Body.ShouldNotContain("[DONE]");
            var refused = await RawAnswer.PostAsync(server.Address, "/v1/chat/completions", Call.Chat.Body("fake", stream: false), headers);
            (refused.Status, refused.ErrorCode).ShouldBe((503, "stale_snapshot"));
            refused.Headers.ShouldContainKey("retry-after-ms");
            await transaction.RollbackAsync();
        }

        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        for (var tries = 0; ; tries++)
        {
            var again = await RawAnswer.PostAsync(server.Address, "/v1/chat/completions", Call.Chat.Body("fake", stream: false), headers);
            if (again.Status == 200)
            {
                break;
            }

            (again.Status, tries < 100).ShouldBe((503, true), again.Body);
            await Task.Delay(100);
        }

        (await admin.VerifyAsync()).Verified.ShouldBeTrue();
        var record = (await admin.ListUsageAsync()).Single(record => record.Ending == "cut");
        (record.InputTokens, record.OutputTokens).ShouldBe((0, 0), "what this node broke off for want of knowledge nobody pays");
    }
}
