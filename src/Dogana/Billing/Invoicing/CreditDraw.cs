namespace Dogana.Billing.Invoicing;

/// <summary>
/// Draws documents of one transaction on credits: what one of them drew is not left to the next, and what one of them grants is there for the next, however many are made together. Not thread-safe.
/// </summary>
internal sealed class CreditDraw
{
    private readonly Dictionary<(string Contract, string Id), Money> _drawn = [];
    private readonly List<(string Seller, string Organisation, Credit Credit)> _granted = [];

    /// <summary>Adds what a document grants.</summary>
    public void Grant(string seller, string organisation, Credit credit) => _granted.Add((seller, organisation, credit));

    /// <summary>
    /// Draws an amount for a document of a period, never more than is left: by priority, then the earlier end, given before bought, the earlier beginning, contract, id.
    /// </summary>
    public IReadOnlyList<(Credit Credit, Money Amount)> Draw(string seller, string organisation, BillingPeriod period, IEnumerable<Credit> stored, Money amount)
    {
        var credits = stored.Concat(_granted.Where(item => (item.Seller, item.Organisation, item.Credit.Left.Currency) == (seller, organisation, amount.Currency)).Select(static item => item.Credit))
            .Where(credit => credit.Terms.From < period.End && (credit.Terms.Expires is not { } end || end > period.Start))
            .OrderBy(static credit => credit.Terms.Priority).ThenBy(static credit => credit.Terms.Expires ?? DateTimeOffset.MaxValue).ThenByDescending(static credit => credit.Terms.IsPromotional)
            .ThenBy(static credit => credit.Terms.From).ThenBy(static credit => credit.Contract, StringComparer.Ordinal).ThenBy(static credit => credit.Terms.Id, StringComparer.Ordinal);
        var drawn = new List<(Credit, Money)>();
        foreach (var credit in credits)
        {
            var key = (credit.Contract, credit.Terms.Id);
            var before = _drawn.GetValueOrDefault(key, Money.Zero(amount.Currency));
            var left = credit.Left - before;
            var part = left < amount ? left : amount;
            if (part.Amount > 0)
            {
                drawn.Add((credit, part));
                _drawn[key] = before + part;
                amount -= part;
            }
        }

        return drawn;
    }
}
