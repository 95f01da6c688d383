using Dogana.Billing.Accruing;
using Dogana.Ledger;
using Dogana.Rating;

namespace Dogana.Billing.Invoicing;

/// <summary>What a contract charges for one period: a pure function of the contract, what was rated into the period, and the published prices.</summary>
internal static class PeriodCharges
{
    private static readonly string[] CallMeters = ["input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens"];

    /// <summary>Usage by price, then fees, discounts on usage, and what a minimum leaves; nothing that is exactly zero.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="period">The whole period.</param>
    /// <param name="sums">What was rated into it.</param>
    /// <param name="prices">The published prices.</param>
    /// <param name="currency">The contract's currency.</param>
    /// <param name="isExact">Does a minimum count exact amounts? It does where documents are in another currency, in which alone they are rounded; else it counts what the document says.</param>
    public static IReadOnlyList<ChargeLine> Of(
        Contract contract, BillingPeriod period, IEnumerable<RatedRows.PriceSum> sums, PriceTable prices, Currency currency, bool isExact = false)
    {
        var service = period.Within(contract);
        var lines = new List<ChargeLine>();

        // 1. What was used, a line for each model, meter and price.
        foreach (var sum in sums.OrderBy(static sum => sum.Model, StringComparer.Ordinal).ThenBy(static sum => Place(sum.Meter)).ThenBy(static sum => sum.Meter, StringComparer.Ordinal).ThenBy(static sum => sum.PriceBook, StringComparer.Ordinal)
            .ThenBy(static sum => sum.PriceFrom).ThenBy(static sum => sum.PriceKey, StringComparer.Ordinal))
        {
            var amount = Money.FromParts(sum.Micro, sum.Pico, currency);
            if (!amount.IsZero)
            {
                lines.Add(ChargeLine.Of(ChargeLine.Usage, service, AccountKind.UnbilledReceivable, amount) with
                {
                    Key = sum.Key, Quantity = sum.Quantity, Price = PriceKey.Find(prices, sum.Key)?.Price,
                    Mark = Enum.GetValues<PriceKind>().Any(kind => EnumWords.Of(kind) == sum.PriceKey) ? null : sum.PriceKey,
                });
            }
        }

        // 2. Fees, by the time covered where they are prorated.
        foreach (var fee in contract.Terms.Fees)
        {
            var amount = fee.IsProrated ? Prorate(fee.Amount, service, period) : fee.Amount;
            Add(ChargeLine.Of(ChargeLine.Fee, service, AccountKind.FeeRevenue, new Money(amount, currency)) with { Text = fee.Name });
        }

        // 3. Discounts on what was used of their models.
        var used = lines.Where(static line => line.Kind == ChargeLine.Usage).ToArray();
        foreach (var discount in contract.Terms.Discounts)
        {
            var scope = Money.Sum(used.Where(line => discount.Models.Count == 0 || discount.Models.Contains(line.Key!.Value.Model, StringComparer.Ordinal)).Select(static line => line.Exact), currency);
            Add(ChargeLine.Of(ChargeLine.Discount, service, AccountKind.Discount, -Exact(scope.Amount * discount.BasisPoints / 10_000m, currency)) with { Text = discount.Name });
        }

        // 4. What is to be spent at least in a period. One that the contract ends early is whole, or by its time, as the contract says.
        if (contract.Terms.Minimums.FirstOrDefault(static minimum => minimum.Cadence == MinimumCadence.Period) is { } minimum)
        {
            var least = minimum.EarlyEnd == EarlyEnd.Prorated ? Exact(Prorate(minimum.Amount, service, period), currency).Round() : new Money(minimum.Amount, currency);
            var left = least - Money.Sum(lines.Select(line => isExact ? line.Exact : line.Amount), currency);
            if (left.Amount > 0)
            {
                Add(ChargeLine.Of(ChargeLine.TrueUp, service, AccountKind.CommitmentRevenue, left) with { Text = $"Minimum of {least} in the period", Mark = ChargeLine.OfPeriod });
            }
        }

        return lines;

        void Add(ChargeLine line)
        {
            if (!line.Exact.IsZero)
            {
                lines.Add(line);
            }
        }
    }

    /// <summary>A part of an amount by the time that is covered, in real time: a day of 23 hours counts 23.</summary>
    public static decimal Prorate(decimal amount, BillingPeriod covered, BillingPeriod whole) => covered == whole ? amount
        : decimal.Round(amount * (covered.End - covered.Start).Ticks / (whole.End - whole.Start).Ticks, Money.Scale, MidpointRounding.AwayFromZero);

    // As people read a call: what went in, then what came out; meters of one's own by name.
    private static int Place(string meter) => Array.IndexOf(CallMeters, meter) is >= 0 and var place ? place : CallMeters.Length;

    private static Money Exact(decimal amount, Currency currency) => new(decimal.Round(amount, Money.Scale, MidpointRounding.AwayFromZero), currency);
}
