using Dogana.Billing;
using Dogana.Client;
using Dogana.Settlement;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>What each side of a share agreement depends on the other for.</summary>
public static class DependenceReports
{
    /// <summary>
    /// Every agreement that gave something in the scope's months. The payee depends by what it is owed, over all that it earns: what it invoices and what others owe it of theirs.
    /// The payer depends by what it sells under the agreement, over all that it invoices.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">Its months and currency; sellers, channel and models do not narrow it, because what a side depends on is all of it.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public static async Task<DependenceRecord> ReadAsync(StoreSession session, ReportScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var invoiced = await ReadInvoicedAsync(session, scope);
        var shares = (await LegShare.ReadAsync(session)).Select(share => (Share: share, Month: BillingMonth.Parse(share.Month).Value))
            .Where(item => item.Month >= scope.From && item.Month <= scope.To)
            .Select(item => (item.Share.Leg, Basis: scope.Convert(item.Share.Basis, item.Month), Given: scope.Convert(item.Share.Share, item.Month))).ToArray();
        return new DependenceRecord(
            scope.ToBasis(),
            [
                .. shares.GroupBy(static item => (item.Leg.Agreement, item.Leg.Payer, item.Leg.Payee)).OrderBy(static group => group.Key.Agreement, StringComparer.Ordinal).ThenBy(static group => group.Key.Payer, StringComparer.Ordinal)
                    .Select(group =>
                    {
                        var (payer, payee) = (group.Key.Payer, group.Key.Payee);
                        var (basis, given) = (Sum(group.Select(static item => item.Basis)), Sum(group.Select(static item => item.Given)));
                        var (sold, earned) = (invoiced.GetValueOrDefault(payer, Zero()), Earned(payee));
                        return new AgreementDependenceRecord(
                            group.Key.Agreement, payer, payee, basis.ToAmountText(), given.ToAmountText(), sold.ToAmountText(), Ratio(basis, sold), earned.ToAmountText(), Ratio(given, earned));
                    }),
            ]);

        Money Zero() => Money.Zero(scope.Currency);

        Money Sum(IEnumerable<Money> amounts) => Money.Sum(amounts, scope.Currency);

        // What it owes others of its sales is a cost, and does not make it earn less.
        Money Earned(string party) => invoiced.GetValueOrDefault(party, Zero()) + Sum(shares.Where(item => item.Leg.Payee == party).Select(static item => item.Given));
    }

    private static double? Ratio(Money part, Money whole) => RevenueGrowth.Between(whole, part) is { } growth ? growth + 1 : null;

    private static async Task<IReadOnlyDictionary<string, Money>> ReadInvoicedAsync(StoreSession session, ReportScope scope)
    {
        var rows = await session.QueryAsync<Row>(
            "select seller as Seller, month as Month, currency as Currency, cast(sum(micro) as bigint) as Micro from revenue_model where month >= @from and month <= @to group by seller, month, currency",
            new { from = scope.From.ToString(), to = scope.To.ToString() });
        return rows.GroupBy(static row => row.Seller, StringComparer.Ordinal).ToDictionary(
            static group => group.Key,
            group => Money.Sum(group.Select(row => scope.Convert(Money.FromParts(row.Micro, 0, Currency.Of(row.Currency)), BillingMonth.Parse(row.Month).Value)), scope.Currency), StringComparer.Ordinal);
    }

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class Row
    {
        public string Seller { get; init; } = "";

        public string Month { get; init; } = "";

        public string Currency { get; init; } = "";

        public long Micro { get; init; }
    }
}
