using Dogana.Authority;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Exports;
using Dogana.Insight.Revenue;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>A customer's own view: what it spends on whose models, what it is bound to, and what the same would cost elsewhere.</summary>
public static class CustomerReports
{
    private const int RecentMonths = 3;

    /// <summary>There is none, or it is nobody whom the caller may know.</summary>
    internal static Problem Unknown(string organisation) => new(ProblemCode.NotFound, $"There is no organisation '{organisation}'.", "organisation");

    /// <summary>The view of a customer, as far as a reach goes.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">Which months, in which currency.</param>
    /// <param name="organisation">The customer.</param>
    /// <param name="reach">Whose eyes: a channel's see what is bought on it, and neither credit nor commitments elsewhere.</param>
    /// <param name="now">From when on commitments are counted.</param>
    /// <exception cref="ProblemException">There is nothing in the reach, or no exchange rate is in force where one is needed.</exception>
    public static async Task<CustomerRecord> ReadAsync(StoreSession session, ReportScope scope, string organisation, Reach reach, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(reach);
        var sums = (await new RevenueReader(session, scope).SumAsync(scope.From, scope.To, RevenueAxes.Channel | RevenueAxes.Model | RevenueAxes.Month, [organisation]))
            .Where(sum => reach.Has(organisation, sum.Channel)).ToArray();
        if ((sums.Length == 0 && !reach.HasOrganisation(organisation)) || !(await PartyRegister.ReadOfAsync(session, [organisation])).Organisations.ContainsKey(organisation))
        {
            throw new ProblemException(Unknown(organisation));
        }

        var recent = Money.Sum(sums.Where(sum => string.CompareOrdinal(sum.Month, scope.To.Plus(1 - RecentMonths).ToString()) >= 0).Select(static sum => sum.Amount), scope.Currency);
        return new CustomerRecord(
            scope.ToBasis(), organisation, Money.Sum(sums.Select(static sum => sum.Amount), scope.Currency).ToAmountText(),
            [
                .. sums.GroupBy(static sum => (sum.Channel, sum.Model)).Select(group => (group.Key, Amount: Money.Sum(group.Select(static sum => sum.Amount), scope.Currency), Units: group.Sum(static sum => sum.Quantity)))
                    .OrderByDescending(static item => item.Amount.Amount).ThenBy(static item => item.Key.Channel, StringComparer.Ordinal).ThenBy(static item => item.Key.Model, StringComparer.Ordinal)
                    .Select(item => new CustomerSpendRecord(item.Key.Channel, item.Key.Model, scope.OwnerOf(item.Key.Model), item.Amount.ToAmountText(), item.Units)),
            ],
            [.. scope.From.Through(scope.To).Select(month => new MonthAmountRecord(
                month.ToString(), Money.Sum(sums.Where(sum => sum.Month == month.ToString()).Select(static sum => sum.Amount), scope.Currency).ToAmountText()))],
            [.. (await CommitmentReports.ReadOfAsync(session, scope, organisation, now)).Where(commitment => reach.Has(organisation, commitment.Channel))],
            reach.HasOrganisation(organisation) ? await ReadCreditsAsync(session, scope, organisation, recent) : [],
            await ReadElsewhereAsync(session, scope, organisation, reach, now),
            reach.IsAll ? await ImportedCharges.SumAsync(session) : []);
    }

    // How long what is left lasts at what was spent of late.
    private static async Task<IReadOnlyList<CustomerCreditRecord>> ReadCreditsAsync(StoreSession session, ReportScope scope, string organisation, Money recent) =>
    [
        .. (await PrepaidBalance.ReadAsync(session, organisation)).Where(balance => scope.Sellers.Contains(balance.Seller, StringComparer.Ordinal)).Select(balance => new CustomerCreditRecord(
            balance.Contract, balance.Terms.Id, balance.Terms.Name, balance.Left.Currency.Code, new Money(balance.Terms.Amount, balance.Left.Currency).ToAmountText(), balance.Left.ToAmountText(),
            balance.Terms.Expires, RevenueGrowth.Between(recent, scope.Convert(balance.Left, scope.To)) is { } ratio ? (ratio + 1) * RecentMonths : null)),
    ];

    // The last month's usage at the prices that the customer's other contracts have now. By the sums of the month: tiers count as if it were all bought there.
    private static async Task<IReadOnlyList<ElsewhereRecord>> ReadElsewhereAsync(StoreSession session, ReportScope scope, string organisation, Reach reach, DateTimeOffset now)
    {
        var contracts = (await Contracts.ReadOfAsync(session, [organisation])).Contracts
            .Where(contract => contract.IsInForce(now) && contract.Terms.Seller is null && reach.Has(organisation, contract.Channel)).ToArray();
        if (contracts.Length < 2)
        {
            return [];
        }

        var prices = await PriceBooks.ReadAsync(session);
        var used = (await FinalDocuments.ReadOfAsync(session, organisation, scope.To, scope.To)).Where(document => document.Kind == InvoiceKind.Invoice && reach.Has(organisation, document.Channel))
            .SelectMany(static document => document.Document.Lines.Where(static line => line is { Kind: "usage", Model: not null, Meter: not null, Quantity: not null })
                .Select(line => (document.Channel, line.Model, line.Meter, Quantity: line.Quantity!.Value, Amount: new Money(decimal.Parse(line.Amount, System.Globalization.CultureInfo.InvariantCulture), document.Net.Currency))))
            .ToLookup(static line => line.Channel, StringComparer.Ordinal);
        return
        [
            .. used.OrderBy(static own => own.Key, StringComparer.Ordinal).SelectMany(own => contracts.Where(other => other.Channel != own.Key)
                .OrderBy(static other => other.Channel, StringComparer.Ordinal)
                .Select(other => Compare(own.Key, other, [.. own.Select(static line => (line.Model!, line.Meter!, line.Quantity, line.Amount))]))),
        ];

        ElsewhereRecord Compare(string channel, Contract other, IReadOnlyList<(string Model, string Meter, long Quantity, Money Amount)> lines)
        {
            var currency = Currency.Of(prices.Books[other.PriceBook].Currency);
            var priced = lines.Select(line => (line, Price: MeterNames.Find(line.Meter) is { } meter ? prices.Find(other.Prices, line.Model, meter, now) : null)).ToArray();
            var found = priced.Where(static item => item.Price is not null).ToArray();
            return new ElsewhereRecord(
                channel, other.Channel, other.Id, Money.Sum(found.Select(item => scope.Convert(item.line.Amount, scope.To)), scope.Currency).ToAmountText(),
                Money.Sum(found.Select(item => scope.Convert(item.Price!.CostOf(item.line.Quantity, currency), scope.To)), scope.Currency).Round().ToAmountText(),
                [.. priced.Where(static item => item.Price is null).Select(static item => $"{item.line.Model} {item.line.Meter}").Distinct(StringComparer.Ordinal)]);
        }
    }
}
