using System.Diagnostics;
using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Storage;

namespace Dogana.Bench.Insight;

/// <summary>The sample world of two years (docs/operate/sample-two-years.md), made by the program itself, and what plain SQL over its final documents says of its last month.</summary>
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

            // The seam: what the reports of insight say is compared with these two sums.
            var (cloud, family) = await store.ReadAsync(static async session => (await SumAsync(session, "%"), await SumAsync(session, "lumen-%")), cancellation);
            rounds.Add(InsightFigures.TopShare, 100.0 * family / cloud, 1);
            rounds.Add(InsightFigures.RunRate, 12.0 * cloud / 100, 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Cents on all lines of the last month's invoices and credit notes, but credit that is paid in advance: that is revenue when it is drawn on.
    private static async Task<long> SumAsync(StoreSession session, string customers) => await session.ScalarAsync<long>(
        """
        select sum(cast(replace(json_extract(line.value, '$.amount'), '.', '') as integer)) from invoice, json_each(invoice.document, '$.lines') as line
        where month = @LastMonth and channel = 'cloud' and organisation like @customers and json_extract(line.value, '$.kind') <> 'prepayment'
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
