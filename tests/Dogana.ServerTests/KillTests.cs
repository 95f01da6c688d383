using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>
/// The server is killed (SIGKILL) in the middle of 200 concurrent calls, then started again: what reached a client is charged exactly once, what was cut off is
/// listed as interrupted, and the books agree to the last token.
/// </summary>
public sealed class KillTests(StoreFixture stores)
{
    private const int Calls = 200;

    [Theory]
    [InlineData(StoreKind.Sqlite, 1)]
    [InlineData(StoreKind.Sqlite, 2)]
    [InlineData(StoreKind.Postgres, 3)]
    [InlineData(StoreKind.Postgres, 4)]
    public async Task Every_call_whose_last_byte_arrived_has_exactly_one_usage_record(StoreKind kind, int seed)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase);
        var random = new Random(seed);
        for (var i = 0; i < Calls; i++)
        {
            upstream.Enqueue(new FakeScript { Text = FakeScript.Words(random.Next(2, 12)) } with
            {
                InputTokens = random.Next(5, 50),
                CachedInputTokens = random.Next(0, 5),
                DelayBeforeFirstByte = TimeSpan.FromMilliseconds(random.Next(0, 1_500)),
                DelayBetweenChunks = TimeSpan.FromMilliseconds(random.Next(0, 120)),
            });
        }

        // 1. 200 calls at once, half of them streamed; the kill comes when a third has come back.
        var arrived = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        await using (var server = await ServerProcess.StartAsync(world.Start()))
        {
            var completed = 0;
            var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var client = server.CreateClient();
            client.Timeout = TimeSpan.FromSeconds(60);
            var calls = Enumerable.Range(0, Calls).Select(i => CallAsync(client, world.Key(i % 3 == 0 ? "lumen-app" : "acme-shop"), i % 2 == 0, arrived, () =>
            {
                if (Interlocked.Increment(ref completed) == Calls / 3)
                {
                    third.SetResult();
                }
            })).ToArray();
            await third.Task.WaitAsync(TimeSpan.FromSeconds(60));
            server.Kill();
            await Task.WhenAll(calls);
        }

        // 2. A new process on the same store.
        await using var again = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(again.CreateClient(), world.AdminKey);
        var report = await admin.VerifyAsync(); // takes in what the journal still holds, first
        var usage = await admin.ListUsageAsync();
        var lines = await admin.ListRatedLinesAsync();

        // 3. One record for each call that was opened; those that arrived are complete, the others interrupted.
        report.Faults.ShouldBeEmpty();
        report.Verified.ShouldBeTrue();
        var endings = usage.ToDictionary(record => record.Id, record => record.Ending, StringComparer.Ordinal); // throws on a second record
        arrived.Count.ShouldBeGreaterThanOrEqualTo(Calls / 3);
        foreach (var (id, _) in arrived)
        {
            endings.ShouldContainKeyAndValue(id, "completed");
        }

        usage.Count(record => record.Ending == "interrupted").ShouldBeGreaterThan(0, "the kill was meant to hit open calls");
        usage.ShouldAllBe(record => record.Ending == "completed" || (record.Ending == "interrupted" && record.InputTokens + record.CachedInputTokens + record.OutputTokens == 0));
        again.Output.ShouldContain("interrupted");

        // 4. Σ records = Σ rated = Σ posted.
        Total(lines, "input_tokens").ShouldBe(usage.Sum(record => record.InputTokens));
        Total(lines, "cached_input_tokens").ShouldBe(usage.Sum(record => record.CachedInputTokens));
        Total(lines, "output_tokens").ShouldBe(usage.Sum(record => record.OutputTokens));
        var owed = usage.Sum(record => record.InputTokens * 0.01m + record.CachedInputTokens * 0.005m + record.OutputTokens * 0.03m);
        lines.Sum(line => decimal.Parse(line.Amount, CultureInfo.InvariantCulture)).ShouldBe(owed);
        (await admin.ListBalancesAsync()).Where(balance => balance.Kind == "unbilled_receivable")
            .Sum(balance => decimal.Parse(balance.Amount, CultureInfo.InvariantCulture)).ShouldBe(owed);
    }

    private static long Total(IReadOnlyList<RatedLineRecord> lines, string meter) => lines.Where(line => line.Meter == meter).Sum(line => line.Quantity);

    private static async Task CallAsync(HttpClient client, string key, bool stream, ConcurrentDictionary<string, bool> arrived, Action completed)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
            request.Headers.Authorization = new("Bearer", key);
            request.Content = JsonContent.Create(new { model = "fake", stream, messages = new[] { new { role = "user", content = "hello" } } });
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var body = await response.Content.ReadAsStringAsync();
            response.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, body);
            if (!stream || body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal))
            {
                arrived[response.Headers.GetValues("x-request-id").Single()] = stream;
                completed();
            }
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException or TaskCanceledException)
        {
            // The server is gone.
        }
    }
}
