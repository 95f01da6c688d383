using Dogana.Insight;
using FsCheck.Fluent;

namespace Dogana.Tests.Insight;

public sealed class PaybackTests
{
    private static readonly Currency Usd = Currency.Of("USD");

    /// <summary>Twelve months are one year: a flow after 12 months is discounted by the annual rate itself.</summary>
    [Theory]
    [InlineData(12, "110", "0.00")]
    [InlineData(24, "121", "0.00")]
    [InlineData(24, "242", "100.00")]
    [InlineData(180, "417.7248169415656", "0.00")] // 1.1^15
    public void A_flow_after_whole_years_is_discounted_by_the_annual_rate(int month, string amount, string value)
    {
        var months = Enumerable.Range(1, month).Select(i => Month(i == month ? decimal.Round(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), 12) : 0, 0));

        Payback.Of([new CapitalOutlay(0, Dollars(100))], [.. months], 0.1m, Usd).NetPresentValue.ToAmountText().ShouldBe(value);
    }

    [Fact]
    public void Capital_is_back_in_the_month_in_which_the_sum_of_flows_reaches_zero_and_stays()
    {
        OperatingMonth[] months = [.. Enumerable.Repeat(Month(15, 5), 15)];

        var atOnce = Payback.Of([new CapitalOutlay(0, Dollars(100))], months, 0.1m, Usd);
        atOnce.Month.ShouldBe(10);
        atOnce.DiscountedMonth.ShouldBe(11);
        Payback.Of([new CapitalOutlay(0, Dollars(100)), new CapitalOutlay(12, Dollars(25))], months, 0m, Usd).Month.ShouldBe(13); // back in month 10, spent again in 12
        Payback.Of([new CapitalOutlay(0, Dollars(151))], months, 0m, Usd).Month.ShouldBeNull();
        Payback.Of([], months, 0m, Usd).Month.ShouldBe(0);
        Should.Throw<ArgumentException>(() => Payback.Of([new CapitalOutlay(16, Dollars(1))], months, 0m, Usd)).Message.ShouldContain("16");
    }

    [Fact]
    public void Without_a_rate_the_value_is_the_sum_of_flows_and_a_higher_rate_never_brings_capital_back_sooner() =>
        Checked.ForAll(Gen.Choose(0, 5_000).ArrayOf(24).Two(), 86, static pair =>
        {
            OperatingMonth[] months = [.. pair.Item1.Zip(pair.Item2, static (revenue, cost) => Month(revenue / 100m, cost / 200m))];
            CapitalOutlay[] capital = [new CapitalOutlay(0, Dollars(123.45m))];

            var plain = Payback.Of(capital, months, 0m, Usd);
            var discounted = Payback.Of(capital, months, 0.2m, Usd);

            plain.NetPresentValue.ShouldBe(Money.Sum(plain.Flows, Usd).Round());
            plain.DiscountedMonth.ShouldBe(plain.Month);
            if (months.All(static month => month.Net.Amount >= 0m))
            {
                (discounted.DiscountedMonth ?? int.MaxValue).ShouldBeGreaterThanOrEqualTo(plain.Month ?? int.MaxValue);
            }
        });

    [Fact]
    public void Straight_line_depreciation_adds_up_to_the_capital()
    {
        var months = Payback.StraightLine(Dollars(1_000), Dollars(0), 180);

        months.Count.ShouldBe(180);
        Money.Sum(months, Usd).ShouldBe(Dollars(1_000));
        (months[0], months[^1]).ShouldBe((Dollars(5.56m), Dollars(5.55m)));
        Money.Sum(Payback.StraightLine(Dollars(1_000), Dollars(100), 7), Usd).ShouldBe(Dollars(900));
    }

    [Fact]
    public void A_margin_is_after_capital_and_a_rent_may_cover_the_computing_alone()
    {
        var margin = new CapacityMargin(Dollars(100), Dollars(30), Dollars(100), 40_000_000);

        (margin.MarginBeforeCapital, margin.Margin, margin.MarginRate).ShouldBe((Dollars(0), Dollars(-30), -0.3));
        (margin.CostPerMillionTokens, margin.RevenuePerMillionTokens).ShouldBe((Dollars(3.25m), Dollars(2.5m)));
        var idle = new CapacityMargin(Dollars(0), Dollars(30), Dollars(1), 0);
        (idle.MarginRate, idle.CostPerMillionTokens).ShouldBe((null, null));
        new CapacityMargin(Dollars(9_000_000_000_000.123456789012m), Dollars(0), Dollars(0), 1_000_000).RevenuePerMillionTokens.ShouldBe(Dollars(9_000_000_000_000.123456789012m));
    }

    [Fact]
    public void Minimums_cover_forecasts_within_their_term()
    {
        var bound = new Commitment("bound", Each(6, 50), Each(12, 100));
        var free = new Commitment("free", [], Each(12, 200));

        var coverage = CommitCoverage.Of(bound, Usd);
        (coverage.RemainingMinimum, coverage.ForecastRevenue, coverage.Coverage, coverage.MonthsOfProtection, coverage.MonthsCommitted)
            .ShouldBe((Dollars(300), Dollars(1_200), 0.25, 3, 6));
        var all = CommitCoverage.OfAll([bound, free], Usd);
        all.Coverage!.Value.ShouldBe(300.0 / 3_600, 1e-15);
        all.MonthsOfProtection!.Value.ShouldBe(1, 1e-12);
        CommitCoverage.Of(new Commitment("long", Each(36, 50), Each(12, 100)), Usd).Coverage.ShouldBe(0.5); // what lies beyond the forecast covers none of it
        CommitCoverage.Of(new Commitment("none", [], []), Usd).ShouldBe(new CommitCoverage("none", Dollars(0), Dollars(0), null, null, 0));

        static Money[] Each(int months, decimal amount) => [.. Enumerable.Repeat(Dollars(amount), months)];
    }

    private static OperatingMonth Month(decimal revenue, decimal cost) => new(Dollars(revenue), Dollars(cost));

    private static Money Dollars(decimal amount) => new(amount, Usd);
}
