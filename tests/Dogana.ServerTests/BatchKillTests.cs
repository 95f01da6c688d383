using System.Diagnostics;
using System.Globalization;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>
/// The server is killed (SIGKILL) in the middle of a batch and started again, with a second node beside it on PostgreSQL: every line is answered once and charged once. 2,000 lines;
/// <c>DOGANA_BATCH_LINES</c> names another number, such as the 10,000 that are promised.
/// </summary>
public sealed class BatchKillTests(StoreFixture stores, ITestOutputHelper output)
{
    private const string Variable = "DOGANA_BATCH_LINES";

    private static int Lines => int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var lines) ? lines : 1_000;

    [Theory]
    [InlineData(StoreKind.Sqlite, false)]
    [InlineData(StoreKind.Postgres, false)]
    [InlineData(StoreKind.Postgres, true)]
    public async Task Every_line_of_a_batch_whose_server_is_killed_is_answered_once_and_charged_once(StoreKind kind, bool hasOtherNode)
    {
        await using var world = await BatchWorld.StartAsync(stores, kind);
        if (hasOtherNode)
        {
            await world.StartOtherNodeAsync();
        }

        world.Upstream.Default = new FakeScript { DelayBeforeFirstByte = TimeSpan.FromMilliseconds(20) };
        var began = Stopwatch.GetTimestamp();
        var id = await world.CreateAsync(await world.UploadAsync(BatchWorld.Chats(Lines)));

        // Twice, in the middle of it.
        for (var kill = 1; kill <= 2; kill++)
        {
            await world.Upstream.WaitForRequestsAsync(Lines * kill / 4, TimeSpan.FromMinutes(3));
            world.Kill();
            await world.StartServerAsync();
        }

        var batch = await world.WaitAsync(id, seconds: 300);
        output.WriteLine($"{Lines} lines in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s, killed twice; {world.Upstream.RequestCount} requests at the upstream");

        batch.GetProperty("status").GetString().ShouldBe("completed");
        var counts = batch.GetProperty("request_counts");
        (counts.GetProperty("total").GetInt32(), counts.GetProperty("completed").GetInt32(), counts.GetProperty("failed").GetInt32()).ShouldBe((Lines, Lines, 0));
        var answers = await world.DownloadAsync(batch, "output_file_id");
        answers.Select(static line => line.GetProperty("custom_id").GetString()).ShouldBe(Enumerable.Range(1, Lines).Select(static i => string.Create(CultureInfo.InvariantCulture, $"id-{i}")));
        (await world.DownloadAsync(batch, "error_file_id")).ShouldBeEmpty();

        // Each answer names the one call that is charged for it; what the kills cut off is not.
        var usage = await world.UsageAsync();
        usage.Where(static record => record.Ending == "completed").Select(static record => record.Id).Order(StringComparer.Ordinal)
            .ShouldBe(answers.Select(static line => line.GetProperty("response").GetProperty("request_id").GetString()!).Order(StringComparer.Ordinal));
        usage.ShouldAllBe(static record => record.Ending == "completed" || (record.Ending == "interrupted" && record.InputTokens + record.OutputTokens == 0));
        usage.Count(static record => record.Ending == "interrupted").ShouldBeGreaterThan(0, "the kills were meant to hit lines under way");
        (await world.Admin.ListRatedLinesAsync()).Where(static line => line.Meter == "output_tokens").Sum(static line => line.Quantity).ShouldBe(5L * Lines);
    }
}
