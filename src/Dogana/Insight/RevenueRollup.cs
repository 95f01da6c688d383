using System.Globalization;
using Dogana.Audit;
using Dogana.Billing;
using Dogana.Insight.Revenue;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>What a run added.</summary>
/// <param name="Documents">Final documents that were read.</param>
/// <param name="RatedLines">Rated lines that were read.</param>
public sealed record RollupReport(long Documents, long RatedLines);

/// <summary>
/// Adds up the lines of final documents, each once, and rated usage by day. What was read is marked in the transaction that adds it: killed anywhere, it goes on where it was;
/// done again, it adds nothing. It holds nothing that the documents do not: a rebuild gives the same.
/// </summary>
public static class RevenueRollup
{
    /// <summary>The most documents in one transaction.</summary>
    public const int BatchSize = 1_000;

    private const int RatedLinesAtOnce = 5_000;
    private const string UsageMark = "usage_day";

    /// <summary>Adds what came since.</summary>
    public static Task<RollupReport> RunAsync(Store store, CancellationToken cancellation = default) => RunAsync(store, BatchSize, cancellation);

    /// <summary>Forgets all sums and adds everything up anew.</summary>
    public static async Task<RollupReport> RebuildAsync(Store store, string actor, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        await store.WriteAsync(
            async session =>
            {
                await RevenueRows.ClearAsync(session);
                await AuditLog.WriteAsync(session, now, actor, "insight.rebuild", "revenue");
                return true;
            },
            cancellation);
        return await RunAsync(store, cancellation);
    }

    /// <summary>
    /// What does not agree with the documents: sums of customers by the documents' own columns, sums by service month, model and kind by their lines, and the smaller tables by the largest.
    /// Speaks of the documents that are added up.
    /// </summary>
    public static Task<IReadOnlyList<string>> VerifyAsync(StoreSession session) => RollupVerification.RunAsync(session);

    /// <summary>As the other, with at most so many documents in one transaction.</summary>
    internal static async Task<RollupReport> RunAsync(Store store, int batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var (documents, lines) = (0L, 0L);
        foreach (var series in await store.ReadAsync(static session => FinalDocuments.ReadSeriesAsync(session), cancellation))
        {
            var mark = MarkOf(series);
            while (await store.ReadAsync(session => RevenueRows.ReadMarkAsync(session, mark), cancellation) < series.Last)
            {
                documents += await store.WriteAsync(session => AddDocumentsAsync(session, series, mark, batch), cancellation);
            }
        }

        while (await store.ReadAsync(static session => HasRatedLinesAsync(session), cancellation))
        {
            lines += await store.WriteAsync(AddRatedLinesAsync, cancellation);
        }

        return new RollupReport(documents, lines);
    }

    /// <summary>The mark of a series of documents.</summary>
    internal static string MarkOf(DocumentSeries series) => $"{EnumWords.Of(series.Kind)}/{series.Seller}";

    private static async Task<int> AddDocumentsAsync(StoreSession session, DocumentSeries series, string mark, int batch)
    {
        var documents = await FinalDocuments.ReadAfterAsync(session, series.Seller, series.Kind, await RevenueRows.ReadMarkAsync(session, mark), batch);
        if (documents.Count == 0)
        {
            return 0; // another node was faster
        }

        var cells = new RevenueCells();
        foreach (var (_, document) in documents)
        {
            cells.Add(document);
        }

        await RevenueRows.AddAsync(session, cells);
        await RevenueRows.SetMarkAsync(session, mark, documents[^1].Sequence);
        return documents.Count;
    }

    private static async Task<bool> HasRatedLinesAsync(StoreSession session) =>
        (await Invoices.ReadRatedLinesAsync(session, null, await RevenueRows.ReadMarkAsync(session, UsageMark), 1)).Count > 0;

    private static async Task<int> AddRatedLinesAsync(StoreSession session)
    {
        var lines = await Invoices.ReadRatedLinesAsync(session, null, await RevenueRows.ReadMarkAsync(session, UsageMark), RatedLinesAtOnce);
        if (lines.Count == 0)
        {
            return 0;
        }

        var days = new Dictionary<DayKey, (Money Amount, long Quantity)>();
        foreach (var line in lines)
        {
            var currency = Currency.Of(line.Currency);
            var key = new DayKey(line.Hour.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), line.Seller, line.Channel, line.Model, line.Currency);
            var (amount, quantity) = days.GetValueOrDefault(key, (Money.Zero(currency), 0));
            days[key] = (amount + new Money(decimal.Parse(line.Amount, NumberStyles.Number, CultureInfo.InvariantCulture), currency), quantity + line.Quantity);
        }

        await RevenueRows.AddDaysAsync(session, days);
        await RevenueRows.SetMarkAsync(session, UsageMark, lines[^1].Number);
        return lines.Count;
    }
}
