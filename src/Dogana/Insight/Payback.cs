namespace Dogana.Insight;

/// <summary>What was spent to be able to earn.</summary>
/// <param name="Month">At the end of which month, 0 for the beginning of the first one.</param>
/// <param name="Amount">Zero or more.</param>
public sealed record CapitalOutlay(int Month, Money Amount);

/// <summary>What a month brought and cost, taken at its end.</summary>
/// <param name="Revenue">What came in.</param>
/// <param name="RunningCost">What keeping it running cost, without the capital.</param>
public sealed record OperatingMonth(Money Revenue, Money RunningCost)
{
    /// <summary>Revenue less running cost.</summary>
    public Money Net => Revenue - RunningCost;
}

/// <summary>
/// When capital comes back. Flows are exact; a month's is discounted by (1 + r)^(month/12), with r a year's effective rate, so that twelve months are one year to
/// the last digits; sums are rounded once, to the minor unit.
/// </summary>
/// <param name="NetPresentValue">Σ flow/(1 + r)^(month/12), in whole minor units.</param>
/// <param name="Month">The month by whose end the sum of flows is zero or more and stays so; null where that is not within the months given. 0 where nothing was spent.</param>
/// <param name="DiscountedMonth">The same of discounted flows.</param>
/// <param name="Flows">The flow of each month from 0 on.</param>
public sealed record Payback(Money NetPresentValue, int? Month, int? DiscountedMonth, IReadOnlyList<Money> Flows)
{
    private const int MonthsOfYear = 12;

    /// <summary>The payback of capital.</summary>
    /// <param name="capital">What was spent, and when; all within the months.</param>
    /// <param name="months">What the months from 1 on bring.</param>
    /// <param name="annualRate">A year's effective discount rate: 0.1 for 10 %; above −1.</param>
    /// <param name="currency">The currency of all.</param>
    public static Payback Of(IReadOnlyList<CapitalOutlay> capital, IReadOnlyList<OperatingMonth> months, decimal annualRate, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(capital);
        ArgumentNullException.ThrowIfNull(months);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(annualRate, -1m);
        var flows = months.Select(static month => month.Net).Prepend(Money.Zero(currency)).ToArray();
        foreach (var outlay in capital)
        {
            if (outlay.Month < 0 || outlay.Month >= flows.Length)
            {
                throw new ArgumentException($"Capital of month {outlay.Month} is not within months 0 to {months.Count}.", nameof(capital));
            }

            flows[outlay.Month] -= outlay.Amount;
        }

        var monthly = MonthlyFactor(1 + annualRate);
        var (factor, discounted) = (1m, new decimal[flows.Length]);
        for (var i = 0; i < flows.Length; i++)
        {
            discounted[i] = flows[i].Amount / factor;
            factor *= monthly;
        }

        var value = decimal.Round(discounted.Sum(), currency.MinorDigits, MidpointRounding.AwayFromZero);
        return new Payback(new Money(value, currency), Recovered([.. flows.Select(static flow => flow.Amount)]), Recovered(discounted), flows);
    }

    /// <summary>
    /// Straight-line depreciation: what each month of a life bears of capital less what is left at the end, in whole minor units that add up to it; the first ones take the
    /// units that do not divide.
    /// </summary>
    /// <param name="capital">What was spent; rounded to minor units.</param>
    /// <param name="residual">What it is worth at the end of its life; zero or more.</param>
    /// <param name="lifeMonths">1 or more: 180 for 15 years.</param>
    public static IReadOnlyList<Money> StraightLine(Money capital, Money residual, int lifeMonths)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lifeMonths, 1);
        return (capital - residual).Round().Split([.. Enumerable.Repeat(1L, lifeMonths)]);
    }

    private static int? Recovered(decimal[] flows)
    {
        var sum = 0m;
        int? since = null;
        for (var month = 0; month < flows.Length; month++)
        {
            sum += flows[month];
            since = sum < 0m ? null : since ?? month;
        }

        return since;
    }

    // The twelfth root by Newton's method, in decimals: the same digits on every machine.
    private static decimal MonthlyFactor(decimal annual)
    {
        var root = 1 + (annual - 1) / MonthsOfYear;
        for (var i = 0; i < 200; i++)
        {
            var power = 1m; // root^11
            for (var j = 1; j < MonthsOfYear; j++)
            {
                power *= root;
            }

            var next = root - (root - annual / power) / MonthsOfYear;
            if (next == root)
            {
                break;
            }

            root = next;
        }

        return root;
    }
}
