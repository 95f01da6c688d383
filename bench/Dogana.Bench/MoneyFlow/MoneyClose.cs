using System.Diagnostics;
using System.Globalization;
using Dogana.Bench.Figures;
using Dogana.Bench.Stores;
using Dogana.Billing;
using Dogana.Storage;
using Npgsql;

namespace Dogana.Bench.MoneyFlow;

/// <summary>How long the close of a month takes, with ten times as many customers each time, and what accruals take with as many; each size in a store of its own.</summary>
internal static class MoneyClose
{
    private const int LateRecords = 100_000;

    private static readonly DateTimeOffset Now = new(2026, 2, 3, 12, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(BenchRun run, string postgres, Rounds rounds, CancellationToken cancellation)
    {
        int[] sizes = run.IsQuick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000];
        var smallest = 0.0;
        foreach (var size in sizes)
        {
            run.Progress(string.Create(CultureInfo.InvariantCulture, $"close with {size} customers"));
            var closed = await MeasureAsync(await CreateDatabaseAsync(postgres, size, cancellation), size, rounds, run.Progress, cancellation);
            var each = closed.Time.TotalMilliseconds / (size / CustomersFill.Charged);
            smallest = size == sizes[0] ? each : smallest;
            rounds.Add(MoneyFigures.ClosePerInvoice(Name(size)), each, size / CustomersFill.Charged);
            if (size == sizes[^1])
            {
                rounds.Add(MoneyFigures.Close, closed.Time.TotalSeconds, size / CustomersFill.Charged);
                rounds.Add(MoneyFigures.CloseMemory, closed.PeakMiB, size / CustomersFill.Charged);
                rounds.Add(MoneyFigures.CloseGrowth, each / smallest, size / CustomersFill.Charged);
            }
        }

        const int onSqlite = 100_000;
        run.Progress("close over SQLite");
        var embedded = await MeasureAsync(null, onSqlite, rounds, run.Progress, cancellation);
        rounds.Add(MoneyFigures.ClosePerInvoice(Name(onSqlite) + "_sqlite"), embedded.Time.TotalMilliseconds / (onSqlite / CustomersFill.Charged), onSqlite / CustomersFill.Charged);
    }

    private static async Task<(TimeSpan Time, double PeakMiB)> MeasureAsync(string? connection, int customers, Rounds rounds, Action<string> progress, CancellationToken cancellation)
    {
        using var world = await BenchStore.CreateAsync([await WorldText.OwnAsync("MoneyFlow", "money-world.yaml", cancellation)], "acme-direct", cancellation, connection);
        await using var store = await world.OpenAsync(cancellation);
        await CustomersFill.AddAsync(store, customers, cancellation);
        progress("filled");
        GC.Collect();
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5", cancellation); // the peak of memory begins anew
        var watch = Stopwatch.StartNew();
        var closed = await PeriodClose.CloseAsync(store, BillingMonth.Parse("2026-01").Value, Now, "bench", cancellation: cancellation);
        var (time, peak) = (watch.Elapsed, PeakMiB());
        progress(string.Create(CultureInfo.InvariantCulture, $"closed in {time.TotalSeconds:0.0} s"));
        rounds.Add(MoneyFigures.CloseDifference, closed.Value.IsClosed ? await CountDifferencesAsync(store, cancellation) : customers, closed.Value.Documents);
        if (connection is not null && customers > LateRecords / 2)
        {
            await CustomersFill.AddUsageAsync(store, LateRecords, cancellation);
            watch.Restart();
            await Accruals.RunAsync(store, Now, cancellation);
            rounds.Add(MoneyFigures.Accrued, LateRecords / watch.Elapsed.TotalSeconds, LateRecords);
        }

        return (time, peak);
    }

    private static Task<long> CountDifferencesAsync(Store store, CancellationToken cancellation) => store.ReadAsync(
        static async session => await session.ScalarAsync<long>(
            $"""
            select abs((select count(*) from invoice) - (select count(*) from contract where id like 'c1%' and price_book = 'usd'))
                + case when (select sum(net_micro) from invoice) = (select sum(micro) from rated_line) and (select sum(net_pico) from invoice) = 0
                    and (select sum(micro) from ledger_posting where kind = 'receivable') = (select sum(payable_micro) from invoice)
                    and (select count(*) from billing_period where billed_to < rated_to) = 0 then 0 else 1 end
            """), cancellation);

    private static async Task<string> CreateDatabaseAsync(string connection, int size, CancellationToken cancellation)
    {
        var name = "close_" + Name(size);
        await using var source = new NpgsqlSlimDataSourceBuilder(connection).Build();
#pragma warning disable CA2100 // a constant
        await using var command = source.CreateCommand($"create database {name}");
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
        return new NpgsqlConnectionStringBuilder(connection) { Database = name }.ToString();
    }

    private static string Name(int size) => size >= 1_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{size / 1_000_000}m") : string.Create(CultureInfo.InvariantCulture, $"{size / 1_000}k");

    private static double PeakMiB() => long.Parse(
        File.ReadLines("/proc/self/status").First(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024.0;
}
