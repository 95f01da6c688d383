using System.Diagnostics;
using System.Globalization;
using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Bench.Stores;
using Dogana.Insight;
using Dogana.Storage;

namespace Dogana.Bench.Insight;

/// <summary>How long reports take over three years of many customers.</summary>
internal sealed class ReportsBenchmark : IBenchmark
{
    private const int Months = 36;
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly FigureKind Slowest = new("slowest_report_seconds", "s", Goal.AtMost(5), "the slowest of all reports, read as the admin API reads them; the figures below are each report by itself.");

    private static readonly FigureKind Added = new("documents_per_s", "documents/s", null, "final documents of the last month, read, added up and marked in durable transactions of 1,000.");

    private static readonly FigureKind Differences = new("roll_up_differences", "customers", Goal.Exactly(0), "customers of that month whose sum in the roll-up is not that of their documents, by SQL alone.");

    public string Name => "reports";

    public string Summary => "reports over three years of 1 M customers (--calls N), over PostgreSQL";

    public IReadOnlyList<string> Reading { get; } =
    [
        "The last month's documents go the way that all documents go; the 35 months before it are that month's sums, each a little smaller, copied by SQL. One customer has a quarter of the revenue; a thousand belong to families of ten.",
        "PostgreSQL shares the machine, with its settings as they come.",
    ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var customers = run.Calls ?? (run.IsQuick ? 20_000 : 1_000_000);
        var rounds = new Rounds();
        await using var postgres = await PrivatePostgres.StartAsync(cancellation);
        using var world = await BenchStore.CreateAsync([await WorldText.OwnAsync("MoneyFlow", "money-world.yaml", cancellation)], "acme-direct", cancellation, postgres.Connection);
        await using var store = await world.OpenAsync(cancellation);
        run.Progress(string.Create(CultureInfo.InvariantCulture, $"documents of {customers} customers"));
        await DocumentsFill.AddAsync(store, customers, cancellation);
        var watch = Stopwatch.StartNew();
        var added = await RevenueRollup.RunAsync(store, cancellation);
        rounds.Add(Added, added.Documents / watch.Elapsed.TotalSeconds, added.Documents);
        rounds.Add(Differences, await DocumentsFill.CountDifferencesAsync(store, cancellation), added.Documents);
        run.Progress("the months before");
        await DocumentsFill.CopyMonthsAsync(store, Months - 1, cancellation);

        var slowest = 0.0;
        foreach (var (name, months, read) in Reports())
        {
            run.Progress(name);
            watch.Restart();
            _ = await store.ReadAsync(async session => await read(session, (await ReportScope.ResolveAsync(session, new InsightRequest(), months)).Value), cancellation);
            var seconds = watch.Elapsed.TotalSeconds;
            slowest = Math.Max(slowest, seconds);
            rounds.Add(new FigureKind($"seconds_{name}", "s", null, ""), seconds, 1);
        }

        rounds.Add(Slowest, slowest, 1);
        return rounds.ToFigures();
    }

    private static IReadOnlyList<(string Name, int Months, Func<StoreSession, ReportScope, Task<object>> Read)> Reports() =>
    [
        ("concentration_month", 1, static async (session, scope) => await ConcentrationReports.ReadAsync(session, scope, InsightAxis.Counterparty, 20, withHistory: false)),
        ("concentration_families_year", 12, static async (session, scope) => await ConcentrationReports.ReadAsync(session, scope, InsightAxis.Family, 20, withHistory: false)),
        ("concentration_models_year", 12, static async (session, scope) => await ConcentrationReports.ReadAsync(session, scope, InsightAxis.Model, 20, withHistory: true)),
        ("growth_three_years", Months, static async (session, scope) => await GrowthReports.ReadGrowthAsync(session, scope)),
        ("retention_quarter", 3, static async (session, scope) => await GrowthReports.ReadRetentionAsync(session, scope, isByFamily: true)),
        ("run_rate", 12, static async (session, scope) => await GrowthReports.ReadRunRateAsync(session, scope, Now)),
        ("dependence_year", 12, static async (session, scope) => await DependenceReports.ReadAsync(session, scope)),
        ("margin_models_year", 12, static async (session, scope) => await MarginReports.ReadAsync(session, scope, InsightAxis.Model)),
        ("forecast", Months, static async (session, _) => (await ForecastReports.ReadAsync(session, (await InsightSeries.FindAsync(session, "total", new InsightRequest())).Value, 12, 1)).Value),
    ];
}
