using Dogana.Billing;
using Dogana.Ledger;
using Dogana.Settlement.Statements;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>
/// Rebuilds every final statement from what it stands on, in the order of issue, by the rules that issued it; compares it with its document, its rows, its number and
/// its ledger entries.
/// </summary>
public static class StatementVerification
{
    /// <summary>Verifies all statements and the payments on them; no fault means that each is whole.</summary>
    public static async Task<IReadOnlyList<BookFault>> VerifyAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var faults = new List<BookFault>();
        var rows = await StatementRows.ReadAsync(session);
        foreach (var series in rows.GroupBy(static row => row.Pair, StringComparer.Ordinal))
        {
            faults.AddRange(Numbering.Check(
                "statement", StatementRows.Counter(series.Key), [.. series.Select(static row => row.PairSequence)], await session.LastAsync(StatementRows.Counter(series.Key))));
        }

        var replay = await StatementReplay.ReadAsync(session);
        faults.AddRange(replay.Orphans(rows));
        foreach (var row in rows)
        {
            faults.AddRange(await replay.VerifyAsync(session, row));
        }

        foreach (var (payment, _) in replay.Payments)
        {
            var check = new FaultList($"payment {payment.Number} between partners");
            var (entry, computed) = (await LedgerJournal.FindAsync(session, PaymentRows.Cause(payment.Number)), PaymentRows.EntryOf(payment));
            check.Equal("ledger entry's description", entry?.Description, computed.Description);
            check.Equal("ledger entry's time", entry?.EffectiveAt, computed.EffectiveAt);
            check.Equal("ledger postings", StatementReplay.Text(entry?.Postings), StatementReplay.Text(computed.Postings));
            faults.AddRange(check.Faults);
        }

        return faults;
    }
}
