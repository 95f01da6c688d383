using Dogana.Billing;
using Dogana.Settlement.Statements;
using Dogana.Storage;

namespace Dogana.Settlement.Legs;

/// <summary>How legs stand, by currency, and what they shared by the statements of each month. It only goes forward.</summary>
internal sealed class LegHistory
{
    private readonly Dictionary<(string Agreement, string Leg, Currency Currency), LegPosition> _positions = [];
    private readonly Dictionary<(string Agreement, string Leg, string Month), Money> _months = [];

    /// <summary>As the store has it.</summary>
    public static async Task<LegHistory> ReadAsync(StoreSession session)
    {
        var history = new LegHistory();
        foreach (var row in await LineRows.ReadMonthsAsync(session))
        {
            var (basis, share) = (LineRows.Amount(row.BasisMicro, row.BasisPico, row.Currency), LineRows.Amount(row.ShareMicro, row.SharePico, row.Currency));
            history.Add(row.Agreement, row.Leg, row.Month, new LegPosition(basis, share, Money.Zero(share.Currency)));
        }

        foreach (var row in await LineRows.ReadGuaranteesAsync(session))
        {
            var amount = LineRows.Amount(row.Micro, row.Pico, row.Currency);
            history.Add(row.Agreement, row.Leg, row.ToMonth, LegPosition.Empty(amount.Currency) with { TrueUps = amount });
        }

        return history;
    }

    public LegPosition Of(ShareLeg leg, Currency currency) => _positions.GetValueOrDefault((leg.Agreement, leg.Id, currency), LegPosition.Empty(currency));

    /// <summary>What a leg shared by the statements of some months, from the first to the last.</summary>
    public Money SharesIn(ShareLeg leg, Currency currency, BillingMonth first, BillingMonth last) => Money.Sum(
        _months.Where(item => item.Key.Agreement == leg.Agreement && item.Key.Leg == leg.Id && item.Value.Currency == currency
            && string.CompareOrdinal(item.Key.Month, first.ToString()) >= 0 && string.CompareOrdinal(item.Key.Month, last.ToString()) <= 0)
            .Select(static item => item.Value), currency);

    /// <summary>Goes on by what a statement of a month has.</summary>
    public void Add(LegShares shares, BillingMonth month) => Add(
        shares.Leg.Agreement, shares.Leg.Id, month.ToString(), new LegPosition(shares.After.Basis - shares.Before.Basis, shares.Sum, Money.Zero(shares.Sum.Currency)));

    /// <summary>Goes on by a true-up.</summary>
    public void Add(TrueUpLine line) => Add(
        line.Leg.Agreement, line.Leg.Id, line.To.ToString(), LegPosition.Empty(line.Amount.Currency) with { TrueUps = line.Amount });

    private void Add(string agreement, string leg, string month, LegPosition more)
    {
        var currency = more.Share.Currency;
        var before = _positions.GetValueOrDefault((agreement, leg, currency), LegPosition.Empty(currency));
        _positions[(agreement, leg, currency)] = new LegPosition(before.Basis + more.Basis, before.Share + more.Share, before.TrueUps + more.TrueUps);
        if (!more.Share.IsZero)
        {
            var key = (agreement, leg, month);
            _months[key] = _months.TryGetValue(key, out var sum) && sum.Currency == currency ? sum + more.Share : more.Share;
        }
    }
}
