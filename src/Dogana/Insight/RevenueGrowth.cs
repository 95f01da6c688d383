using Dogana.Insight.Arithmetic;

namespace Dogana.Insight;

/// <summary>What a quarter brought.</summary>
/// <param name="Quarter">Its first day.</param>
/// <param name="Amount">Exact.</param>
public sealed record QuarterAmount(DateOnly Quarter, Money Amount);

/// <summary>A quarter's growth.</summary>
/// <param name="Quarter">Its first day.</param>
/// <param name="Amount">What it brought.</param>
/// <param name="YearOnYear">Against the same quarter a year before: 0.29 is 29 %. Null where that one is missing, zero or below.</param>
/// <param name="QuarterOnQuarter">Against the quarter before, not annualised; null likewise.</param>
public sealed record QuarterGrowth(DateOnly Quarter, Money Amount, double? YearOnYear, double? QuarterOnQuarter);

/// <summary>Growth of what came in several currencies.</summary>
/// <param name="Reported">Each period at its own rates; null where the earlier one is zero or below.</param>
/// <param name="Neutral">Both at the earlier period's rates: what exchange rates did is out; null likewise.</param>
/// <param name="ExchangeEffect">The later period at its own rates less the same at the earlier ones.</param>
public sealed record CurrencyNeutralGrowth(double? Reported, double? Neutral, Money ExchangeEffect);

/// <summary>A party's part of growth.</summary>
/// <param name="Party">The family, where parties were rolled up.</param>
/// <param name="Change">What it brought more, or less.</param>
/// <param name="Share">ΔRₖ/ΣΔR: below zero for whoever went the other way than all together, and beyond one where others did. Null where all together did not change.</param>
public sealed record GrowthShare(string Party, Money Change, double? Share);

/// <summary>How amounts grew. A growth from nothing, or from less, is none that can be said.</summary>
public static class RevenueGrowth
{
    /// <summary>after/before − 1; null where the earlier amount is zero or below.</summary>
    public static double? Between(Money before, Money after) => before.Amount <= 0m ? null : ExactRatio.Of(after - before, before);

    /// <summary>Year on year and quarter on quarter.</summary>
    /// <param name="quarters">In any order, each once; those that are missing are taken as unknown, not as zero.</param>
    public static IReadOnlyList<QuarterGrowth> Quarterly(IReadOnlyList<QuarterAmount> quarters)
    {
        ArgumentNullException.ThrowIfNull(quarters);
        var amounts = quarters.ToDictionary(static quarter => quarter.Quarter, static quarter => quarter.Amount);
        return [.. quarters.OrderBy(static quarter => quarter.Quarter).Select(quarter => new QuarterGrowth(quarter.Quarter, quarter.Amount, Since(quarter, -12), Since(quarter, -3)))];

        double? Since(QuarterAmount quarter, int months) =>
            amounts.TryGetValue(quarter.Quarter.AddMonths(months), out var before) ? Between(before, quarter.Amount) : null;
    }

    /// <summary>Growth with and without what exchange rates did: constant currency at the earlier period's rates, as most who report it do.</summary>
    /// <param name="before">The earlier period's amounts, in any currencies.</param>
    /// <param name="after">The later period's.</param>
    /// <param name="ratesBefore">What one unit of a currency was in <paramref name="into"/> in the earlier period, with one for every currency but that itself.</param>
    /// <param name="ratesAfter">The same of the later period.</param>
    /// <param name="into">The currency that is reported in.</param>
    public static CurrencyNeutralGrowth CurrencyNeutral(
        IReadOnlyList<Money> before, IReadOnlyList<Money> after, IReadOnlyDictionary<Currency, decimal> ratesBefore, IReadOnlyDictionary<Currency, decimal> ratesAfter, Currency into)
    {
        var earlier = Convert(before, ratesBefore, into);
        var (own, atFixedRates) = (Convert(after, ratesAfter, into), Convert(after, ratesBefore, into));
        return new CurrencyNeutralGrowth(Between(earlier, own), Between(earlier, atFixedRates), own - atFixedRates);
    }

    /// <summary>Each party's share of the growth between two periods; those that left or came are in it.</summary>
    /// <param name="before">The earlier period; a party may come more than once.</param>
    /// <param name="after">The later period.</param>
    /// <param name="families">The family of a party, by which they are rolled up first.</param>
    /// <returns>The largest growth first, equal ones by name.</returns>
    public static IReadOnlyList<GrowthShare> Shares(
        IEnumerable<PartyAmount> before, IEnumerable<PartyAmount> after, IReadOnlyDictionary<string, string>? families = null)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var changes = PartyAmount.RollUp(after.Concat(before.Select(static party => party with { Amount = -party.Amount })), families);
        if (changes.Count == 0)
        {
            return [];
        }

        var total = changes.Select(static change => change.Amount).Aggregate(static (sum, next) => sum + next);
        return [.. changes.Select(change => new GrowthShare(change.Party, change.Amount, ExactRatio.Of(change.Amount, total)))];
    }

    private static Money Convert(IReadOnlyList<Money> amounts, IReadOnlyDictionary<Currency, decimal> rates, Currency into) =>
        Money.Sum(amounts.Select(amount => amount.Currency == into ? amount : new Money(Rounded(amount.Amount * rates[amount.Currency]), into)), into);

    private static decimal Rounded(decimal amount) => decimal.Round(amount, Money.Scale, MidpointRounding.AwayFromZero);
}
