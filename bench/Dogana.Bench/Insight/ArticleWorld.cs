using System.Diagnostics;
using System.Globalization;
using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Insight;
using Dogana.Storage;

namespace Dogana.Bench.Insight;

/// <summary>The sample world of two years (docs/operate/sample-two-years.md), made by the program itself, what plain SQL over its final documents says of its last month, and whether the reports say the same.</summary>
internal static class ArticleWorld
{
    private const string LastMonth = "2024-06";

    /// <summary>Makes the world and measures it; 60 customers and six months with <c>--quick</c>, which come to the same last month.</summary>
    public static async Task MeasureAsync(BenchRun run, Rounds rounds, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("dogana-bench-").FullName;
        try
        {
            run.Progress("two years of sales");
            var watch = Stopwatch.StartNew();
            await MakeAsync(["demo", "two-years", "--data", Path.Combine(folder, "store"), .. (string[])(run.IsQuick ? ["--customers", "60", "--months", "6"] : [])], cancellation);
            rounds.Add(InsightFigures.Making, watch.Elapsed.TotalSeconds, 1);
            await using var store = await Store.OpenFolderAsync(Path.Combine(folder, "store"), cancellation);

            var (cloud, family, usage) = await store.ReadAsync(static async session => (await SumAsync(session, "%"), await SumAsync(session, "lumen-%"), await SumAsync(session, "%", onlyUsage: true)), cancellation);
            rounds.Add(InsightFigures.TopShare, 100.0 * family / cloud, 1);
            rounds.Add(InsightFigures.RunRate, 12.0 * cloud / 100, 1);
            await RevenueRollup.RunAsync(store, cancellation);
            var reported = await store.ReadAsync(ReadReportsAsync, cancellation);
            rounds.Add(InsightFigures.Difference, Math.Abs(reported.Month - cloud) + Math.Abs(reported.Family - family) + Math.Abs(reported.YearOfUsage - 12 * usage), 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The same by the reports, in cents.
    private static async Task<(long Month, long Family, long YearOfUsage)> ReadReportsAsync(StoreSession session)
    {
        var scope = (await ReportScope.ResolveAsync(session, new InsightRequest(Channel: "cloud", Through: LastMonth, Currency: "USD"), 1)).Value;
        var concentration = await ConcentrationReports.ReadAsync(session, scope, InsightAxis.Family, 20, withHistory: false);
        return (
            Cents((await GrowthReports.ReadGrowthAsync(session, scope)).Months[^1].Amount),
            Cents(concentration.Largest.Single(static party => party.Party.StartsWith("lumen-", StringComparison.Ordinal)).Amount),
            Cents((await GrowthReports.ReadRunRateAsync(session, scope, new DateTimeOffset(2024, 7, 2, 0, 0, 0, TimeSpan.Zero))).Usage[0].Annual));

        static long Cents(string amount) => (long)(decimal.Parse(amount, CultureInfo.InvariantCulture) * 100);
    }

    // Cents on all lines of the last month's invoices and credit notes, but credit that is paid in advance: that is revenue when it is drawn on. Fees and what is charged without use are no usage.
    private static async Task<long> SumAsync(StoreSession session, string customers, bool onlyUsage = false) => await session.ScalarAsync<long>(
        $"""
        select sum(cast(replace(json_extract(line.value, '$.amount'), '.', '') as integer)) from invoice, json_each(invoice.document, '$.lines') as line
        where month = @LastMonth and channel = 'cloud' and organisation like @customers and json_extract(line.value, '$.kind') not in ('prepayment'{(onlyUsage ? ", 'fee', 'true_up', 'unused'" : "")})
        """, new { LastMonth, customers });

    private static async Task MakeAsync(string[] arguments, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Built.Program("Dogana.Server"), .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new BenchmarkFailedException("dotnet did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            throw new BenchmarkFailedException($"The world could not be made, or its books do not agree: {await output}");
        }
    }
}
