using Dogana.Insight;

namespace Dogana.Tests.Insight;

public sealed class PortfolioForecastTests
{
    private static readonly PortfolioPlan Plan = new(Season: 4, Horizon: 6, Seed: 7, Alone: 2);

    [Fact]
    public void The_large_are_forecast_one_by_one_and_all_others_as_a_block()
    {
        var forecast = PortfolioForecast.Of(Customers(), Plan with { AlsoAlone = new HashSet<string>(StringComparer.Ordinal) { "small1", "young" } })!;

        forecast.Parts.Select(static part => (part.Name, part.Series)).ShouldBe([("big", 1), ("mid", 1), ("small1", 1), (null, 3)]);
        var (low, mean, high) = (forecast.Sum(1, 6).Quantile(0.1), forecast.Sum(1, 6).Mean, forecast.Sum(1, 6).Quantile(0.9));
        mean.ShouldBe(forecast.Parts.Sum(static part => part.Choice.Forecast.Means.Sum()), mean * 0.01);
        (low < mean && mean < high).ShouldBeTrue();
    }

    [Fact]
    public void Nobody_leaving_and_one_leaving_none_of_it_are_the_baseline_to_the_last_digit()
    {
        var forecast = PortfolioForecast.Of(Customers(), Plan)!;
        var baseline = forecast.Sum(1, 6);

        Same(forecast.Sum(1, 6, []), baseline);
        Same(forecast.Sum(1, 6, [new Departure("big", 2, Kept: 1)]), baseline);
        Same(forecast.Sum(1, 4, [new Departure("big", 5)]), forecast.Sum(1, 4));
        Same(PortfolioForecast.Of([.. Customers().Reverse()], Plan)!.Sum(1, 6), baseline);
        PortfolioForecast.Of(Customers(), Plan with { Seed = 8 })!.Sum(1, 6).Quantile(0.1).ShouldNotBe(baseline.Quantile(0.1));
        (forecast.Sum(1, 3).Mean + forecast.Sum(4, 6).Mean).ShouldBe(baseline.Mean, 1e-6);
    }

    [Fact]
    public void Who_leaves_takes_its_part_but_for_its_minimum()
    {
        var forecast = PortfolioForecast.Of(Customers(), Plan)!;
        var big = forecast.Parts.Single(static part => part.Name == "big").Choice.Forecast.Means;
        var baseline = forecast.Sum(1, 6).Mean;

        (baseline - forecast.Sum(1, 6, [new Departure("big", 3)]).Mean).ShouldBe(big.Skip(2).Sum(), big[0] * 0.1);
        var bound = forecast.Sum(1, 6, [new Departure("big", 3, Minimums: [900, 900, 900, 900])]);
        (bound.Mean - forecast.Sum(1, 6, [new Departure("big", 3)]).Mean).ShouldBe(1_800, 1e-6); // steps 3 and 4
        var falling = forecast.Sum(1, 6, [new Departure("big", 3, OverSteps: 2, Kept: 0.5)]);
        (baseline - falling.Mean).ShouldBe(big[2] * 0.25 + big.Skip(3).Sum() * 0.5, big[0] * 0.1);
        Should.Throw<ArgumentException>(() => forecast.Sum(1, 6, [new Departure("young", 1)])).Message.ShouldContain("young");
    }

    [Fact]
    public void Series_that_erred_together_are_forecast_to_err_together()
    {
        static double Shock(int t) => 50 * Math.Sin(t * t * 1.7);
        NamedSeries Series(string name, int sign) => new(name, [.. Enumerable.Range(0, 40).Select(t => 1_000 + sign * Shock(t))]);
        var plan = Plan with { Season = 1 };

        var together = PortfolioForecast.Of([Series("a", 1), Series("b", 1)], plan)!.Sum(1, 6);
        var against = PortfolioForecast.Of([Series("a", 1), Series("b", -1)], plan)!.Sum(1, 6);

        together.Deviation.ShouldBeGreaterThan(100);
        against.Deviation.ShouldBeLessThan(1);
    }

    [Fact]
    public void Too_few_steps_are_no_forecast()
    {
        PortfolioForecast.Of([], Plan).ShouldBeNull();
        PortfolioForecast.Of([new NamedSeries("a", [1, 2])], Plan).ShouldBeNull();
    }

    private static void Same(ForecastDistribution left, ForecastDistribution right) =>
        (left.Mean, left.Deviation, left.Quantile(0.05), left.Quantile(0.95)).ShouldBe((right.Mean, right.Deviation, right.Quantile(0.05), right.Quantile(0.95)));

    private static NamedSeries[] Customers()
    {
        return [Series("big", 1_000, 30), Series("mid", 400, 40), Series("small1", 20, 40), Series("small2", 15, 12), Series("small3", 10, 40), Series("young", 12, 2)];

        static NamedSeries Series(string name, double size, int count) =>
            new(name, [.. Enumerable.Range(40 - count, count).Select(t => size * (1 + 0.01 * t + 0.05 * Math.Sin(t * t * 1.7 + size)))]);
    }
}
