using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Bench.Stores;
using Dogana.Client;
using FakeUpstream;

namespace Dogana.Bench.Faults;

/// <summary>Everything fails at once, and the books agree all the same.</summary>
internal sealed class FaultsBenchmark : IBenchmark
{
    private const int Seed = 20_261_122;

    private static readonly TimeSpan BetweenKills = TimeSpan.FromMinutes(3);

    public string Name => "faults";

    public string Summary => "every fault of an upstream, callers that leave, kill -9: nothing unbilled, doubled or leaked";

    public IReadOnlyList<string> Reading { get; } =
    [
        "64 callers over all deployments at random; behind most of them an upstream that fails in one way, six times of ten. One caller in five leaves at random.",
        "In the first half the server is killed (kill -9) and started again under load. The second half is one life: memory and handles are read at rest after its warm-up and at its end.",
        "What callers saw is compared with the usage records call by call, by id, after the server has ended.",
        "The upstream runs in the callers' process; speed is not measured here.",
    ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var whole = TimeSpan.FromMinutes(run.Minutes ?? (run.IsQuick ? 1 : 30));
        var patience = TimeSpan.FromSeconds(whole < TimeSpan.FromMinutes(5) ? 30 : 75); // idle connections are kept for a minute
        var random = new Random(Seed);
        var rounds = new Rounds();

        // 1. An upstream that fails, a world, a server.
        run.Progress("starting the upstream and the server");
        await using var upstream = await FakeUpstreamServer.StartAsync(new FakeUpstreamOptions { IsTlsOpen = true });
        using var dead = new DeadPort();
        using var world = await CreateWorldAsync(upstream, dead, cancellation);
        Scripting.Write(upstream, random);
        await using var lives = new Lives(world.Folder);
        await lives.StartAsync(cancellation);
        var crowd = new Crowd(lives, world.Key, new Random(random.Next()));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var scripting = Task.Run(() => Scripting.RunAsync(upstream, random, stop.Token), CancellationToken.None);

        // 2. Lives that end by a kill.
        var kills = run.Kills ?? Math.Max(2, (int)(whole / 2 / BetweenKills));
        await crowd.RunAsync(async () =>
        {
            for (var kill = 1; kill <= kills; kill++)
            {
                run.Progress(string.Create(CultureInfo.InvariantCulture, $"life {kill} of {kills + 1}"));
                await Task.Delay(whole / 2 / kills, cancellation);
                await lives.KillAndStartAsync(cancellation);
            }
        });

        // 3. A life that is measured.
        run.Progress("the last life: warming up");
        await crowd.RunAsync(() => Task.Delay(whole / 10, cancellation));
        var warm = await AtRest.ReadAsync(lives.Server, upstream, patience, cancellation);
        run.Progress("the last life");
        await crowd.RunAsync(() => Task.Delay(whole * 0.4, cancellation));
        var end = await AtRest.ReadAsync(lives.Server, upstream, patience, cancellation);
        await stop.CancelAsync();
        await scripting;
        await lives.Server.EndAsync(cancellation);

        // 4. Do callers and books agree?
        run.Progress("comparing what callers saw with the books");
        var reckoning = new Reckoning(crowd.Seen);
        await world.ForEachUsageAsync(reckoning.Take, cancellation);
        Add(rounds, reckoning, kills);
        rounds.Add(FaultsFigures.CounterMinusLedger, await world.CountAsync(CounterMinusLedger, cancellation), 0);
        rounds.Add(FaultsFigures.InvoicedMinusRecorded, await InvoicedAsync(world.Folder, cancellation) - reckoning.Tokens, reckoning.Endings.Values.Sum());
        rounds.Add(FaultsFigures.Unrated, await world.CountAsync("select count(*) from unrated where reason <> 'not_charged'", cancellation), 0);
        rounds.Add(FaultsFigures.Books, await VerifyAsync(world.Folder, run.Progress, cancellation), 0);
        rounds.Add(FaultsFigures.OpenUpstream, end.OpenUpstreamRequests, 0);
        rounds.Add(FaultsFigures.Handles, Math.Max(0, end.Handles - warm.Handles), 0);
        rounds.Add(FaultsFigures.Threads, Math.Max(0, end.Threads - warm.Threads), 0);
        rounds.Add(FaultsFigures.Growth, end.ResidentMiB / warm.ResidentMiB, 0);
        rounds.Add(FaultsFigures.Resident, end.ResidentMiB, 0);
        return rounds.ToFigures();
    }

    private const string CounterMinusLedger = """
        select (select coalesce(sum(input_tokens + cached_input_tokens + cache_write_tokens + output_tokens), 0) from usage_record)
             - (select coalesce(sum(quantity), 0) from rated_line where is_resale = 0) - (select coalesce(sum(quantity), 0) from unrated where rated_by is null)
        """;

    private static async Task<BenchStore> CreateWorldAsync(FakeUpstreamServer upstream, DeadPort dead, CancellationToken cancellation) => await BenchStore.CreateAsync(
        [
            await WorldText.OwnAsync(
                "Faults", "faults-world.yaml", cancellation,
                ("upstream", upstream.Address.ToString()), ("untrusted", upstream.TlsAddress.ToString()), ("broken", upstream.BrokenTlsAddress.ToString()), ("dead", dead.Address.ToString()),
                ("deployments", string.Join('\n', FaultyDeployment.All.Select(static deployment => deployment.ToYaml())))),
        ],
        "bench",
        cancellation);

    private static void Add(Rounds rounds, Reckoning reckoning, int kills)
    {
        var calls = reckoning.Count.Values.Sum();
        rounds.Add(FaultsFigures.Unbilled, reckoning.WholeWithoutRecord + reckoning.WholeAndNotCharged, Count(CallOutcome.Whole));
        rounds.Add(FaultsFigures.BilledFailures, reckoning.FailedAndCharged, Count(CallOutcome.Failed) + Count(CallOutcome.Broken));
        rounds.Add(FaultsFigures.Unrecorded, reckoning.BegunWithoutRecord, calls);
        rounds.Add(FaultsFigures.Doubled, reckoning.Doubled, reckoning.Endings.Values.Sum());
        rounds.Add(FaultsFigures.OfNobody, reckoning.OfNobody, reckoning.Endings.Values.Sum());
        rounds.Add(FaultsFigures.OtherTokens, reckoning.OtherTokens, Count(CallOutcome.Whole));
        rounds.Add(FaultsFigures.Silent, Count(CallOutcome.Silent), calls);
        rounds.Add(FaultsFigures.Calls, calls, 0);
        rounds.Add(FaultsFigures.Kills, kills, 0);
        rounds.Add(FaultsFigures.Whole, Count(CallOutcome.Whole), 0);
        rounds.Add(FaultsFigures.Failed, Count(CallOutcome.Failed), 0);
        rounds.Add(FaultsFigures.Broken, Count(CallOutcome.Broken), 0);
        rounds.Add(FaultsFigures.Left, Count(CallOutcome.Left), 0);
        rounds.Add(FaultsFigures.Killed, Count(CallOutcome.Killed), 0);

        long Count(CallOutcome outcome) => reckoning.Count.GetValueOrDefault(outcome);
    }

    // The tokens on the invoice that the customer would get now: the very function that makes the final one.
    private static async Task<long> InvoicedAsync(string folder, CancellationToken cancellation)
    {
        using var draft = Process.Start(
            new ProcessStartInfo("dotnet", [Built.Program("Dogana.Server"), "contract", "draft", "bench-direct", "--json", "--data", folder]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var document = JsonSerializer.Deserialize<InvoiceDocument>(await draft.StandardOutput.ReadToEndAsync(cancellation), DoganaJson.Options)!;
        await draft.WaitForExitAsync(cancellation);
        return document.Lines.Sum(static line => line.Quantity ?? 0);
    }

    private static async Task<int> VerifyAsync(string folder, Action<string> progress, CancellationToken cancellation)
    {
        using var verify = Process.Start(new ProcessStartInfo("dotnet", [Built.Program("Dogana.Server"), "verify", "--data", folder]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        progress((await verify.StandardOutput.ReadToEndAsync(cancellation)).Trim());
        await verify.WaitForExitAsync(cancellation);
        return verify.ExitCode;
    }
}
