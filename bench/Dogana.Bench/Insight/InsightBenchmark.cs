using System.Diagnostics;
using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Bench.Stores;
using Dogana.Insight;

namespace Dogana.Bench.Insight;

/// <summary>How long reports take over three years of many customers.</summary>
internal sealed class InsightBenchmark : IBenchmark
{
    private const int Contracts = 1_000;

    private const string Models = """
        dogana: 1
        models:
          - { id: model-a, owner: owner, kind: chat, context_tokens: 8000, max_output_tokens: 1000 }
          - { id: model-b, owner: acme, kind: chat, context_tokens: 8000, max_output_tokens: 1000 }
        """;

    public string Name => "insight";

    public string Summary => "reports over three years of 1 M customers (--calls N), over PostgreSQL; and the figures of the sample of two years";

    public IReadOnlyList<string> Reading { get; } =
    [
        "The last month's documents, one for each customer with two lines, go the way that all documents go. The 35 months before have no documents: their sums in the roll-up are the last month's, each a little smaller, made by SQL. One customer has a quarter of the revenue; a thousand belong to families of ten; a thousand have contracts with a fee.",
        "Each report is read as the admin API reads it. `first_`: in a process and over connections that have not read it; the roll-up was written just before, so the system may hold its files in memory. `again_`: the median of three that follow.",
        "PostgreSQL shares the machine, with its settings as they come and 64 MB of buffers.",
        "The figures of the article follow from the sample's seed: they are the same on every machine. `dogana demo two-years --data DIR` makes the same store.",
    ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var customers = run.Calls ?? (run.IsQuick ? 20_000 : 1_000_000);
        var rounds = new Rounds();
        await using var postgres = await PrivatePostgres.StartAsync(cancellation);
        using var world = await BenchStore.CreateAsync(
            [await WorldText.OwnAsync("MoneyFlow", "money-world.yaml", cancellation), ("models.yaml", Models)], "acme-direct", cancellation, postgres.Connection);
        await using var store = await world.OpenAsync(cancellation);
        await DocumentsFill.AddAsync(store, customers, run.Progress, cancellation);
        run.Progress("adding the documents up");
        var watch = Stopwatch.StartNew();
        var added = await RevenueRollup.RunAsync(store, cancellation);
        rounds.Add(InsightFigures.Added, added.Documents / watch.Elapsed.TotalSeconds, added.Documents);
        rounds.Add(InsightFigures.Differences, await DocumentsFill.CountDifferencesAsync(store, cancellation), added.Documents);
        await DocumentsFill.CopyMonthsAsync(store, run.Progress, cancellation);
        await DocumentsFill.AddContractsAsync(store, Contracts, cancellation);

        var (first, again) = await MeasuredReports.RunAsync(store, run, rounds, cancellation);
        rounds.Add(InsightFigures.SlowestFirst, first, 1);
        rounds.Add(InsightFigures.Slowest, again, 1);
        using var self = Process.GetCurrentProcess();
        rounds.Add(InsightFigures.Memory, self.PeakWorkingSet64 / 1024.0 / 1024.0, 1);
        await ArticleWorld.MeasureAsync(run, rounds, cancellation);
        return rounds.ToFigures();
    }
}
