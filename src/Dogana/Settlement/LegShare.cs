using Dogana.Settlement.Legs;
using Dogana.Settlement.Statements;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>What a leg of a share agreement gave by the statements of a month, in one currency; true-ups of minimums are not in it.</summary>
/// <param name="Leg">The leg.</param>
/// <param name="Month">The month of the documents, as <c>2026-01</c>.</param>
/// <param name="Basis">Of what the share is.</param>
/// <param name="Share">What the payer owes the payee.</param>
public sealed record LegShare(ShareLeg Leg, string Month, Money Basis, Money Share)
{
    /// <summary>All of them, by leg, currency and month.</summary>
    public static async Task<IReadOnlyList<LegShare>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var legs = (await LegRows.ReadAsync(session)).ToDictionary(static leg => (leg.Agreement, leg.Id));
        return
        [
            .. (await LineRows.ReadMonthsAsync(session)).Where(row => legs.ContainsKey((row.Agreement, row.Leg)))
                .OrderBy(static row => row.Agreement, StringComparer.Ordinal).ThenBy(static row => row.Leg, StringComparer.Ordinal).ThenBy(static row => row.Currency, StringComparer.Ordinal)
                .ThenBy(static row => row.Month, StringComparer.Ordinal)
                .Select(row => new LegShare(
                    legs[(row.Agreement, row.Leg)], row.Month, LineRows.Amount(row.BasisMicro, row.BasisPico, row.Currency), LineRows.Amount(row.ShareMicro, row.SharePico, row.Currency))),
        ];
    }
}
