using Dogana.Billing;
using Dogana.Rating;
using NodaTime;

namespace Dogana.Testing.MoneySimulation;

/// <summary>What a contract costs over all periods that are over.</summary>
internal sealed record Due(decimal Net, decimal Exact, decimal UsedAndOpen);

/// <summary>
/// What everything costs, straight from the list of what was used, in one go: no store, no runs, no documents, and none of the product's arithmetic. Only the words of contracts and prices are shared.
/// </summary>
internal sealed class Oracle(History history)
{
    private readonly Contract[] _contracts = [.. history.FinalContracts];
    private readonly PriceBookVersion[] _versions = [.. history.FinalVersions];

    /// <summary>What each contract is charged on all documents up to the end of the last month.</summary>
    public IReadOnlyDictionary<string, Due> Charge() => _contracts.ToDictionary(static contract => contract.Id, DueOf, StringComparer.Ordinal);

    /// <summary>Units by organisation and meter.</summary>
    public IReadOnlyDictionary<string, long> Count() => Units(false).Concat(Units(true)).GroupBy(static item => $"{item.Organisation} {item.Meter}", StringComparer.Ordinal)
        .Select(static group => (group.Key, Sum: group.Sum(static item => item.Quantity))).Where(static item => item.Sum != 0).ToDictionary(static item => item.Key, static item => item.Sum, StringComparer.Ordinal);

    /// <summary>The currency of a contract's prices.</summary>
    public string PricedIn(string contract) => history.Books.First(book => book.Id == _contracts.First(item => item.Id == contract).PriceBook).Currency;

    /// <summary>The currency that a contract's documents are in.</summary>
    public string BilledIn(string contract) => _contracts.First(item => item.Id == contract).Terms.BillingCurrency ?? PricedIn(contract);

    /// <summary>A line of a document, before and after its one rounding, by the rate of the end of the document's period.</summary>
    public (decimal Exact, decimal Amount) Bill(string contract, DateTimeOffset periodEnd, decimal priced)
    {
        var (from, to) = (PricedIn(contract), BilledIn(contract));
        var rate = from == to ? 1m : history.Rates.Where(rate => rate.Base == from && rate.Quote == to && rate.From < periodEnd).MaxBy(static rate => rate.From)!.Rate;
        return (Round(priced * rate, 12), Round(Round(priced * rate, 12), DigitsOf(to)));
    }

    /// <summary>Are a contract's documents in another currency than its prices? Then exact amounts count for its minimums.</summary>
    public bool IsConverted(string contract) => PricedIn(contract) != BilledIn(contract);

    private static int DigitsOf(string currency) => currency switch { "JPY" => 0, "KWD" => 3, _ => 2 };

    private Due DueOf(Contract contract)
    {
        var digits = DigitsOf(PricedIn(contract.Id));
        var kept = IsConverted(contract.Id) ? 12 : digits; // what a minimum counts
        var zone = DateTimeZoneProviders.Tzdb[contract.Terms.TimeZone!];
        var over = At(zone, new LocalDate(history.Last.Year, history.Last.Month, 1).PlusMonths(1));
        var first = contract.Terms.Anchor == PeriodAnchor.Anniversary
            ? NodaTime.Instant.FromDateTimeOffset(contract.From).InZone(zone).Date : new LocalDate(2020, 1, 1);
        var used = Units(true).Where(use => Whose(use.Use, contract)).ToArray();
        var (net, exact, open) = (0m, 0m, 0m);
        var ended = new List<(DateTimeOffset End, decimal Net)>();
        for (var index = -1; ; index++)
        {
            var (start, end) = (At(zone, first.PlusMonths(index * contract.Terms.PeriodMonths)), At(zone, first.PlusMonths((index + 1) * contract.Terms.PeriodMonths)));
            var (from, to) = (Later(start, contract.From), contract.To is { } last && last < end ? last : end);
            if (start > over.AddYears(1))
            {
                break;
            }

            if (from >= to)
            {
                continue;
            }

            var lines = UsageLines(contract, [.. used.Where(use => use.Use.At >= from && use.Use.At < to)]);
            if (to > over)
            {
                open += lines.Sum(static line => line.Exact);
                continue;
            }

            var period = Amounts(contract, lines, (decimal)(to - from).Ticks, (decimal)(end - start).Ticks, digits, kept);
            net += period.Sum(amount => Round(amount, digits));
            exact += period.Sum();
            ended.Add((to, period.Sum(amount => Round(amount, kept))));
        }

        var term = Term(contract, zone, ended, digits);
        return new Due(net + term, exact + term, open);
    }

    private static List<decimal> Amounts(Contract contract, IReadOnlyList<(string Model, decimal Exact)> lines, decimal covered, decimal whole, int digits, int kept)
    {
        var amounts = lines.Select(static line => line.Exact).ToList();
        amounts.AddRange(contract.Terms.Fees.Select(fee => fee.IsProrated ? Part(fee.Amount, covered, whole) : fee.Amount));
        amounts.AddRange(contract.Terms.Discounts.Select(discount =>
            -Round(lines.Where(line => discount.Models.Count == 0 || discount.Models.Contains(line.Model, StringComparer.Ordinal)).Sum(static line => line.Exact) * discount.BasisPoints / 10_000m, 12)));
        foreach (var minimum in contract.Terms.Minimums.Where(static minimum => minimum.Cadence == MinimumCadence.Period))
        {
            var least = minimum.EarlyEnd == EarlyEnd.Full ? minimum.Amount : Round(Part(minimum.Amount, covered, whole), digits);
            amounts.Add(Math.Max(0m, least - amounts.Sum(amount => Round(amount, kept))));
        }

        return amounts;
    }

    private static decimal Term(Contract contract, DateTimeZone zone, List<(DateTimeOffset End, decimal Net)> ended, int digits)
    {
        var minimum = contract.Terms.Minimums.FirstOrDefault(static minimum => minimum.Cadence == MinimumCadence.Term);
        var whole = At(zone, NodaTime.Instant.FromDateTimeOffset(contract.From).InZone(zone).Date.PlusMonths(contract.Terms.TermMonths));
        var end = contract.To is { } to && to < whole ? to : whole;
        if (minimum is null || !ended.Any(period => period.End >= end))
        {
            return 0m; // the period in which it ends is not over
        }

        var least = minimum.EarlyEnd == EarlyEnd.Full || end == whole ? minimum.Amount : Round(Part(minimum.Amount, (end - contract.From).Ticks, (whole - contract.From).Ticks), digits);
        return Math.Max(0m, least - ended.Where(period => period.End <= end).Sum(static period => period.Net));
    }

    private List<(string Model, decimal Exact)> UsageLines(Contract contract, (Use Use, string Organisation, string Meter, long Quantity)[] used)
    {
        var lines = new List<(string, decimal)>();
        foreach (var line in used.Select(use => (use.Use.Model, use.Meter, use.Quantity, Price: PriceOf(contract, use.Use.Model, use.Meter, use.Use.At))).Where(static use => use.Price is not null)
            .GroupBy(static use => (use.Model, use.Meter, use.Price!.Value.Version, use.Price.Value.Price.Meter)))
        {
            lines.Add((line.Key.Model, Cost(line.First().Price!.Value.Price, line.Sum(static use => use.Quantity))));
        }

        return lines;
    }

    private ((string Book, DateTimeOffset From) Version, Price Price)? PriceOf(Contract contract, string model, string meter, DateTimeOffset at)
    {
        foreach (var wanted in meter == "cached_input_tokens" ? new[] { meter, "input_tokens" } : [meter])
        {
            foreach (var book in new[] { contract.Terms.Overrides, contract.PriceBook })
            {
                var version = _versions.Where(version => version.Book == book && version.EffectiveFrom <= at).MaxBy(static version => version.EffectiveFrom);
                if (version?.Prices.FirstOrDefault(price => price.Model == model && price.Meter.Name == wanted) is { } price)
                {
                    return ((version.Book, version.EffectiveFrom), price);
                }
            }
        }

        return null;
    }

    private static decimal Cost(Price price, long quantity)
    {
        switch (price.Kind)
        {
            case PriceKind.Unit:
                return price.Amount * quantity / price.Per;
            case PriceKind.Package:
                return price.Amount * Math.Ceiling((decimal)quantity / price.Per);
            case PriceKind.Flat:
                return quantity > 0 ? price.Amount : 0m;
            case PriceKind.Volume:
                var all = price.Tiers.First(tier => tier.UpTo is null || quantity <= tier.UpTo);
                return all.Flat + all.Amount * quantity / price.Per;
            default:
                var (cost, start) = (0m, 0L);
                foreach (var tier in price.Tiers.TakeWhile(_ => quantity > start))
                {
                    var end = Math.Min(quantity, tier.UpTo ?? long.MaxValue);
                    cost += tier.Flat + tier.Amount * (end - start) / price.Per;
                    start = end;
                }

                return cost;
        }
    }

    // What was used and stays, meter by meter; what is not charged too, or alone.
    private IEnumerable<(Use Use, string Organisation, string Meter, long Quantity)> Units(bool isCharged) => history.Uses.Where(use => !use.IsVoided && use.IsCharged == isCharged).SelectMany(static use => new[]
    {
        (use, use.Organisation, "input_tokens", use.Input), (use, use.Organisation, "cached_input_tokens", use.Cached), (use, use.Organisation, "output_tokens", use.Output),
        (use, use.Organisation, History.EventMeter, use.Quantity),
    }).Where(static unit => unit.Item4 > 0);

    // A customer's own contract on the channel, or that of whom it was bought for. What the seller was not charged for is not resold.
    private bool Whose(Use use, Contract contract) => use.Channel == contract.Channel && In(contract, use.At) && (contract.Terms.Seller is { } seller
        ? use.EndCustomer == contract.Organisation && use.Organisation == seller && _contracts.Any(own => own.Organisation == seller && own.Channel == use.Channel && own.Terms.Seller is null && In(own, use.At))
        : use.Organisation == contract.Organisation);

    private static bool In(Contract contract, DateTimeOffset at) => contract.From <= at && (contract.To is null || at < contract.To);

    private static DateTimeOffset At(DateTimeZone zone, LocalDate date) => zone.AtStartOfDay(date).ToDateTimeOffset().ToUniversalTime();

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static decimal Part(decimal amount, decimal covered, decimal whole) => Round(amount * covered / whole, 12);

    private static decimal Round(decimal amount, int digits) => decimal.Round(amount, digits, MidpointRounding.AwayFromZero);
}
