using System.Diagnostics;
using System.Globalization;
using Dogana.Authority;
using Dogana.Bench.Figures;
using Dogana.Insight;
using Dogana.Storage;

namespace Dogana.Bench.Insight;

/// <summary>Every report that the admin API has, and some of them by other axes, windows and filters, each read for itself.</summary>
internal static class MeasuredReports
{
    private const int Year = 12, ThreeYears = 36, Rounds = 3;
    private const string Customer = "c1000000017";
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Reads each report once, and then three times again.</summary>
    /// <returns>The slowest: when it is read first, and again.</returns>
    public static async Task<(double First, double Again)> RunAsync(Store store, BenchRun run, Rounds rounds, CancellationToken cancellation)
    {
        var slowest = (First: 0.0, Again: 0.0);
        foreach (var (name, months, request, read) in Reports())
        {
            run.Progress(name);
            var before = Environment.CpuUsage.TotalTime;
            var first = await ReadAsync(store, months, request, read, cancellation);
            var again = new double[Rounds];
            for (var round = 0; round < Rounds; round++)
            {
                again[round] = await ReadAsync(store, months, request, read, cancellation);
            }

            rounds.Add(new FigureKind($"first_{name}", "s", null, ""), first, 1);
            foreach (var seconds in again)
            {
                rounds.Add(new FigureKind($"again_{name}", "s", null, ""), seconds, 1);
            }

            var own = (Environment.CpuUsage.TotalTime - before).TotalSeconds / (Rounds + 1);
            run.Progress(string.Create(CultureInfo.InvariantCulture, $"{name}: first {first:0.00} s, again {again.Order().ElementAt(Rounds / 2):0.00} s; {own:0.00} s of processor time in this process"));
            slowest = (Math.Max(slowest.First, first), Math.Max(slowest.Again, again.Order().ElementAt(Rounds / 2)));
        }

        return slowest;
    }

    private static async Task<double> ReadAsync(
        Store store, int months, InsightRequest request, Func<StoreSession, ReportScope, Task<object>> read, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        await store.ReadAsync(
            async session => await read(session, (await ReportScope.ResolveAsync(session, request, months)).TryGet(out var scope, out var problem) ? scope : throw new BenchmarkFailedException(problem.Message)), cancellation);
        return watch.Elapsed.TotalSeconds;
    }

    private static IEnumerable<(string Name, int Months, InsightRequest Request, Func<StoreSession, ReportScope, Task<object>> Read)> Reports()
    {
        var all = new InsightRequest();
        var odd = new InsightRequest(Through: "2025-11"); // no window of it is a calendar year
        yield return ("concentration_month", 1, all, Concentration(InsightAxis.Counterparty));
        yield return ("concentration_year", Year, all, Concentration(InsightAxis.Counterparty));
        yield return ("concentration_families_year", Year, odd, Concentration(InsightAxis.Family));
        yield return ("concentration_families_three_years", ThreeYears, all, Concentration(InsightAxis.Family));
        yield return ("concentration_history_three_years", ThreeYears, all, Concentration(InsightAxis.Family, withHistory: true));
        yield return ("concentration_of_owner_year", Year, all with { Owner = "owner" }, Concentration(InsightAxis.Counterparty));
        yield return ("concentration_of_owner_three_years", ThreeYears, all with { Owner = "owner" }, Concentration(InsightAxis.Family));
        yield return ("concentration_by_service_three_years", ThreeYears, all with { Basis = "service" }, Concentration(InsightAxis.Counterparty));
        yield return ("concentration_models_history", ThreeYears, all, Concentration(InsightAxis.Model, withHistory: true));
        yield return ("growth_three_years", ThreeYears, all, static async (session, scope) => await GrowthReports.ReadGrowthAsync(session, scope));
        yield return ("growth_by_service_three_years", ThreeYears, all with { Basis = "service" }, static async (session, scope) => await GrowthReports.ReadGrowthAsync(session, scope));
        yield return ("retention_families_quarter", 3, all, static async (session, scope) => await GrowthReports.ReadRetentionAsync(session, scope, isByFamily: true));
        yield return ("retention_counterparties_year", Year, odd, static async (session, scope) => await GrowthReports.ReadRetentionAsync(session, scope, isByFamily: false));
        yield return ("run_rate", Year, all, static async (session, scope) => await GrowthReports.ReadRunRateAsync(session, scope, Now));
        yield return ("commitments", ThreeYears, all, static async (session, scope) => await CommitmentReports.ReadAsync(session, scope, Now));
        yield return ("dependence_year", Year, all, static async (session, scope) => await DependenceReports.ReadAsync(session, scope));
        yield return ("margin_models_year", Year, all, static async (session, scope) => await MarginReports.ReadAsync(session, scope, InsightAxis.Model));
        yield return ("margin_families_year", Year, all, static async (session, scope) => await MarginReports.ReadAsync(session, scope, InsightAxis.Family));
        yield return ("pools_year", Year, all, static async (session, scope) => await MarginReports.ReadPoolsAsync(session, scope, 0.1m));
        yield return ("customer_year", Year, all, static async (session, scope) => await CustomerReports.ReadAsync(session, scope, Customer, Reach.All, Now));
        yield return ("forecast", ThreeYears, all, static async (session, _) => (await ForecastReports.ReadAsync(session, (await InsightSeries.FindAsync(session, "total", new InsightRequest())).Value, 12, 1)).Value);
    }

    private static Func<StoreSession, ReportScope, Task<object>> Concentration(InsightAxis axis, bool withHistory = false) =>
        async (session, scope) => await ConcentrationReports.ReadAsync(session, scope, axis, 20, withHistory);
}
