using Dogana.Billing;
using Dogana.Client;
using Dogana.Insight.Revenue;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>Revenue by month and quarter, what is kept of it, and what a year of it would be.</summary>
public static class GrowthReports
{
    private const int MonthsOfYear = 12;

    /// <summary>Months, quarters and their growth.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">What it is about.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public static async Task<GrowthRecord> ReadGrowthAsync(StoreSession session, ReportScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);

        // The first quarter's growth needs its year before; a quarter is only compared whole.
        var reader = new RevenueReader(session, scope);
        var first = scope.From.QuarterStart();
        var unconverted = await reader.SumUnconvertedAsync(first.Plus(-MonthsOfYear), scope.To);
        var known = unconverted.Select(static sum => sum.Month).ToHashSet();
        var amounts = unconverted.GroupBy(static sum => sum.Month)
            .ToDictionary(static month => month.Key, month => Money.Sum(month.Select(sum => scope.Convert(sum.Amount, sum.Month)), scope.Currency));
        var quarters = Quarters(first.Plus(-MonthsOfYear), scope.To).ToArray();
        var whole = quarters.Where(quarter => Months(quarter).All(known.Contains)).Select(quarter => new QuarterAmount(quarter.FirstDay(), Sum(quarter))).ToArray();
        var growth = RevenueGrowth.Quarterly(whole).ToDictionary(static quarter => quarter.Quarter);
        return new GrowthRecord(
            scope.ToBasis(),
            [.. scope.From.Through(scope.To).SkipWhile(month => !known.Contains(month)).Select(month => new MonthAmountRecord(month.ToString(), amounts.GetValueOrDefault(month, Money.Zero(scope.Currency)).ToAmountText()))],
            [.. quarters.SkipWhile(quarter => quarter < first || !Months(quarter).Any(known.Contains)).Select(Record)]);

        Money Sum(BillingMonth quarter) => Money.Sum(Months(quarter).Where(amounts.ContainsKey).Select(month => amounts[month]), scope.Currency);

        QuarterRecord Record(BillingMonth quarter)
        {
            var own = growth.GetValueOrDefault(quarter.FirstDay());
            var (neutral, effect) = own?.YearOnYear is null ? (null, (Money?)null) : Neutral(scope, unconverted, quarter, Sum(quarter.Plus(-MonthsOfYear)), own.Amount);
            return new QuarterRecord(
                MonthSteps.QuarterName(quarter.FirstDay()), Sum(quarter).ToAmountText(), Months(quarter).Count(known.Contains), own?.YearOnYear, own?.QuarterOnQuarter, neutral, effect?.ToAmountText());
        }
    }

    /// <summary>What is kept of what the same months brought a year before.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">The later window.</param>
    /// <param name="isByFamily">Do those under common control count as one customer?</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public static async Task<RetentionRecord> ReadRetentionAsync(StoreSession session, ReportScope scope, bool isByFamily)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var window = new MonthWindow(scope.From, scope.To);
        var axis = isByFamily ? InsightAxis.Family : InsightAxis.Counterparty;
        var retention = await new AxisReader(new RevenueReader(session, scope), axis).ReadRetentionAsync(window);
        return new RetentionRecord(
            scope.ToBasis(), window.YearBefore.From.ToString(), window.YearBefore.To.ToString(), EnumWords.Of(axis), retention.OpeningCustomers, retention.LostCustomers,
            Bridge(null, retention.All), [.. retention.ByChannel.Select(static channel => Bridge(channel.Key, channel.Value))]);
    }

    /// <summary>Run rates of the last month and quarter of documents, and of the last 28 days of rated usage that are whole.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">Twelve months; run rates are of the last of them.</param>
    /// <param name="now">Now: today is not whole.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public static async Task<RunRateReportRecord> ReadRunRateAsync(StoreSession session, ReportScope scope, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var sums = await new RevenueReader(session, scope).SumAsync(scope.From, scope.To, RevenueAxes.Kind | RevenueAxes.Month);
        var quarter = scope.To.Next.QuarterStart().Plus(-3); // the last one that is over
        var end = DateOnly.FromDateTime(now.UtcDateTime);
        List<RunRateRecord> usage = [Record(RunRate.OfMonth(scope.To.FirstDay(), Usage(scope.To, scope.To)), "documents")];
        if (quarter >= scope.From && sums.Any(sum => sum.Month == quarter.ToString()))
        {
            usage.Add(Record(RunRate.OfQuarter(quarter.FirstDay(), Usage(quarter, quarter.Plus(2))), "documents"));
        }

        usage.Add(Record(RunRate.OfTrailing(end, await UsageDays.SumAsync(session, scope, end.AddDays(-28), end)), "rated_usage"));
        return new RunRateReportRecord(
            scope.ToBasis(), usage,
            [.. sums.Where(static sum => IsCommitted(sum.Kind)).GroupBy(static sum => sum.Kind, StringComparer.Ordinal).OrderBy(static kind => kind.Key, StringComparer.Ordinal)
                .Select(kind => new KindAmountRecord(kind.Key, Money.Sum(kind.Select(static sum => sum.Amount), scope.Currency).ToAmountText()))],
            (await CommitmentReports.SumYearAsync(session, scope, now)).ToAmountText());

        Money Usage(BillingMonth from, BillingMonth to) => Money.Sum(
            sums.Where(sum => !IsCommitted(sum.Kind) && string.CompareOrdinal(sum.Month, from.ToString()) >= 0 && string.CompareOrdinal(sum.Month, to.ToString()) <= 0).Select(static sum => sum.Amount),
            scope.Currency);
    }

    // What is owed whatever is used.
    private static bool IsCommitted(string kind) => kind is "fee" or "true_up" or "unused";

    private static (double? Growth, Money? Effect) Neutral(
        ReportScope scope, IReadOnlyList<(BillingMonth Month, Money Amount)> amounts, BillingMonth quarter, Money before, Money after)
    {
        var months = Months(quarter).ToArray();
        var neutral = Money.Sum(amounts.Where(sum => months.Contains(sum.Month)).Select(sum => scope.Convert(sum.Amount, sum.Month.Plus(-MonthsOfYear))), scope.Currency);
        return (RevenueGrowth.Between(before, neutral), after - neutral);
    }

    private static IEnumerable<BillingMonth> Quarters(BillingMonth from, BillingMonth to)
    {
        for (var quarter = from.QuarterStart(); quarter <= to; quarter = quarter.Plus(3))
        {
            yield return quarter;
        }
    }

    private static IEnumerable<BillingMonth> Months(BillingMonth quarter) => quarter.Through(quarter.Plus(2));

    private static RunRateRecord Record(RunRate rate, string source) => new(
        EnumWords.Of(rate.Span), rate.From, rate.Days, rate.Observed.ToAmountText(), rate.Annual.ToAmountText(), rate.AnnualByDays.ToAmountText(), source);

    private static BridgeRecord Bridge(string? channel, RevenueBridge bridge) => new(
        channel, bridge.Opening.ToAmountText(), bridge.Cohort.ToAmountText(), bridge.New.ToAmountText(), bridge.Expansion.ToAmountText(), bridge.Contraction.ToAmountText(),
        bridge.Churn.ToAmountText(), bridge.Moves.ToAmountText(), bridge.Credits.ToAmountText(), bridge.Closing.ToAmountText(), bridge.GrossRetention, bridge.NetRetention);
}
