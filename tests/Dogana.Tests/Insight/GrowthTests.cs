using Dogana.Insight;
using FsCheck.Fluent;

namespace Dogana.Tests.Insight;

public sealed class GrowthTests
{
    private static readonly Currency Usd = Currency.Of("USD");
    private static readonly Currency Eur = Currency.Of("EUR");

    [Fact]
    public void A_run_rate_says_of_which_days_it_is()
    {
        RunRate.OfMonth(new DateOnly(2026, 2, 28), Dollars(280)).ShouldBe(new RunRate(RunRateSpan.Month, new DateOnly(2026, 2, 1), 28, Dollars(280), Dollars(3_360), Dollars(3_650)));
        RunRate.OfMonth(new DateOnly(2024, 2, 1), Dollars(290)).Days.ShouldBe(29);
        RunRate.OfQuarter(new DateOnly(2026, 1, 1), Dollars(900)).ShouldBe(new RunRate(RunRateSpan.Quarter, new DateOnly(2026, 1, 1), 90, Dollars(900), Dollars(3_600), Dollars(3_650)));
        RunRate.OfTrailing(new DateOnly(2026, 3, 1), Dollars(28)).ShouldBe(new RunRate(RunRateSpan.Days28, new DateOnly(2026, 2, 1), 28, Dollars(28), Dollars(365), Dollars(365)));
        RunRate.OfTrailing(new DateOnly(2026, 3, 1), Dollars(1)).Annual.ShouldBe(Dollars(13.035714285714m));
    }

    [Fact]
    public void Growth_is_against_the_quarter_of_the_year_before_and_the_one_before()
    {
        var growth = RevenueGrowth.Quarterly(
        [
            new QuarterAmount(new DateOnly(2026, 1, 1), Dollars(129)),
            new QuarterAmount(new DateOnly(2025, 1, 1), Dollars(100)),
            new QuarterAmount(new DateOnly(2025, 10, 1), Dollars(120)),
            new QuarterAmount(new DateOnly(2026, 4, 1), Dollars(0)),
            new QuarterAmount(new DateOnly(2026, 7, 1), Dollars(5)),
        ]);

        growth.Select(static quarter => (quarter.Quarter.Month, quarter.YearOnYear, quarter.QuarterOnQuarter)).ShouldBe(
            [(1, null, null), (10, null, null), (1, 0.29, 0.075), (4, null, -1), (7, null, null)]);
    }

    [Fact]
    public void What_exchange_rates_did_is_told_from_what_was_sold()
    {
        var growth = RevenueGrowth.CurrencyNeutral(
            [Dollars(100), new Money(100, Eur)],
            [Dollars(110), new Money(120, Eur)],
            new Dictionary<Currency, decimal> { [Eur] = 1.0m },
            new Dictionary<Currency, decimal> { [Eur] = 1.2m },
            Usd);

        growth.Reported!.Value.ShouldBe(0.27, 1e-15); // 110 + 144 on 200
        growth.Neutral!.Value.ShouldBe(0.15, 1e-15); // 110 + 120 on 200
        growth.ExchangeEffect.ShouldBe(Dollars(24));
    }

    [Fact]
    public void Shares_of_growth_name_who_came_and_who_left()
    {
        var shares = RevenueGrowth.Shares([Party("kept", 100), Party("gone", 20)], [Party("kept", 130), Party("came", 90)]);

        shares.Select(static share => (share.Party, share.Change.Amount, share.Share)).ShouldBe([("came", 90, 0.9), ("kept", 30, 0.3), ("gone", -20, -0.2)]);
        RevenueGrowth.Shares([Party("kept", 1)], [Party("kept", 1)]).ShouldBe([new GrowthShare("kept", Dollars(0), null)]);
        RevenueGrowth.Shares([], []).ShouldBeEmpty();
    }

    [Fact]
    public void Shares_of_growth_add_up_to_one() =>
        Checked.ForAll(Gen.Choose(0, 1_000).ArrayOf(8).Two(), 83, static pair =>
        {
            var shares = RevenueGrowth.Shares(Parties(pair.Item1), Parties(pair.Item2));

            var change = pair.Item2.Sum() - pair.Item1.Sum();
            shares.Sum(static share => share.Change.Amount).ShouldBe(change);
            if (change == 0)
            {
                shares.ShouldAllBe(static share => share.Share == null);
            }
            else
            {
                shares.Sum(static share => share.Share!.Value).ShouldBe(1, 1e-9);
            }
        });

    private static PartyAmount[] Parties(int[] amounts) => [.. amounts.Select(static (amount, i) => Party($"p{i}", amount))];

    private static PartyAmount Party(string name, decimal amount) => new(name, Dollars(amount));

    private static Money Dollars(decimal amount) => new(amount, Usd);
}
