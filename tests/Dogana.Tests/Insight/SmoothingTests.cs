using Dogana.Insight;
using Dogana.Insight.Arithmetic;

namespace Dogana.Tests.Insight;

/// <summary>Against what statsmodels and R computed: sources beside each number, and in <see cref="PublishedSeries"/>.</summary>
public sealed class SmoothingTests
{
    /// <summary>statsmodels, test_holtwinters.py, test_simple_exp_smoothing: α as given, the level starting at the first value.</summary>
    [Theory]
    [InlineData(0.2, 484.802468)]
    [InlineData(0.6, 501.837461)]
    public void Simple_smoothing_of_oil_equals_statsmodels(double level, double forecast)
    {
        var state = new SmoothingState(PublishedSeries.OilOf1996[0], 0, [0]);
        var weights = new SmoothingWeights(level, 0, 0, 1, 1);

        state.Follow(weights, PublishedSeries.OilOf1996);

        state.Expected(weights).ShouldBe(forecast, 1e-5);
    }

    /// <summary>The same test: α and the first level fitted.</summary>
    [Fact]
    public void Fitted_simple_smoothing_of_oil_equals_statsmodels()
    {
        var fit = SmoothingFit.Of(ForecastMethod.SimpleSmoothing, PublishedSeries.OilOf1996, 1);

        fit.Weights.Level.ShouldBe(0.891998, 1e-4);
        fit.State.Expected(fit.Weights).ShouldBe(496.493543, 1e-3);
    }

    /// <summary>statsmodels, test_holt: α = 0.8, β* = 0.2 (β = αβ*), the slope starting with the first difference.</summary>
    [Fact]
    public void Holts_method_of_air_passengers_equals_statsmodels()
    {
        var air = PublishedSeries.Air;
        var state = new SmoothingState(air[0], air[1] - air[0], [0]);
        var weights = new SmoothingWeights(0.8, 0.8 * 0.2, 0, 1, 1);

        state.Follow(weights, air);

        state.Trend.ShouldBe(1.83655482, 1e-5);
        Ahead(state, weights, 5).Select(static value => Math.Round(value, 2)).ShouldBe([43.76, 45.59, 47.43, 49.27, 51.10]);
    }

    /// <summary>statsmodels, test_holt_damp_r, from R's ets of livestock with φ = 0.98.</summary>
    [Fact]
    public void Damped_smoothing_of_livestock_equals_R()
    {
        var weights = new SmoothingWeights(0.97402626, 0.00010006, 0, 0.98, 1);
        var state = new SmoothingState(252.59039965, 6.90265918, [0]);

        var errors = state.Follow(weights, PublishedSeries.Livestock);

        errors.Average(static error => error * error).ShouldBe(195.4397924865488, 1e-3);
        double[] forecasts = [417.7982003051233, 421.3426082635598, 424.8161280628277, 428.2201774661102, 431.5561458813270, 434.8253949282395];
        Ahead(state, weights, 6).Zip(forecasts).ShouldAllBe(static pair => Math.Abs(pair.First - pair.Second) < 1e-3);
    }

    /// <summary>
    /// R's ets, by statsmodels, fit_ets_results_nonseasonal.json and fit_ets_results_seasonal.json: model, weights (α, β, γ, φ), initial l and b, seasons (the next one first),
    /// σ² with the numbers fitted, and four forecasts.
    /// </summary>
    public static TheoryData<string, double[], double[], double[], double, double[]> FitsOfR { get; } = new()
    {
        { "ANN", [0.99989996, 0, 0, 1], [110.88321179, 0], [0], 2405.9689539, [542.34121919, 542.34121919, 542.34121919, 542.34121919] },
        { "AAN", [0.99770564, 0.0001001, 0, 1], [21.3150686, 11.71213626], [0], 2571.94347286, [554.09126495, 565.79806815, 577.50487134, 589.21167453] },
        { "AAdN", [0.99989969, 0.11886985, 0, 0.80000197], [36.46466837, 34.72584983], [0], 2524.87915822, [545.35213563, 547.76044926, 549.68710489, 551.22843318] },
        {
            "AAA", [0.20281952, 0.00016979, 0.4645238, 1], [23.06996036, 0.57786622], [8.50287244, -8.97988612, -1.17750326, 1.65451693], 6.20560506,
            [75.34454396, 50.75845291, 63.05022495, 67.48394643]
        },
        {
            "ANA", [0.54216695, 0, 0.39203017, 1], [25.54638913, 0], [4.84845926, -6.46658738, -0.53099835, 2.14912647], 6.56104274,
            [75.32914757, 50.16726775, 62.21021038, 65.90296904]
        },
        {
            "AAdA", [0.35445427, 0.03200749, 0.39993387, 0.97999997], [24.01278357, 0.97770147], [5.34956637, -6.61171798, -0.50735902, 1.76951063], 6.0830734,
            [76.07768073, 51.61741109, 63.96457729, 68.27886241]
        },
    };

    [Theory]
    [MemberData(nameof(FitsOfR))]
    public void With_the_weights_and_initial_states_of_R_errors_and_forecasts_are_those_of_R(
        string model, double[] weights, double[] start, double[] seasons, double variance, double[] forecasts)
    {
        var values = seasons.Length > 1 ? PublishedSeries.Tourists : PublishedSeries.Oil;
        var own = new SmoothingWeights(weights[0], weights[1], weights[2], weights[3], seasons.Length);
        var state = new SmoothingState(start[0], start[1], seasons);
        var fitted = weights[..3].Count(static weight => weight > 0) + (weights[3] < 1 ? 1 : 0) + (start[1] > 0 ? 2 : 1) + seasons.Length - 1;

        var fit = new SmoothingFit(own, state, state.Follow(own, values), fitted);

        fit.Variance.ShouldBe(variance, variance * 1e-6, model);
        Ahead(state, own, 4).Zip(forecasts).ShouldAllBe(static pair => Math.Abs(pair.First - pair.Second) < 1e-4);
    }

    /// <summary>
    /// The sums of squared errors that R's fits reach, and their first and last forecast. R searches initial states too and stops where it comes to; here they are found at
    /// once, so that sums are less (for Holt-Winters 333 instead of 372) and forecasts differ by a part of σ.
    /// </summary>
    [Theory]
    [InlineData(ForecastMethod.SimpleSmoothing, 113080.54083437937, 542.3412, 542.3412)]
    [InlineData(ForecastMethod.Holt, 115737.45627981321, 554.0913, 589.2117)]
    [InlineData(ForecastMethod.DampedHolt, 111094.6829597976, 545.3521, 551.2284)]
    [InlineData(ForecastMethod.HoltWinters, 372.3363037767816, 75.3445, 67.4839)]
    public void A_fit_is_no_worse_than_that_of_R(ForecastMethod method, double squaredErrors, double first, double fourth)
    {
        var (values, season) = method == ForecastMethod.HoltWinters ? (PublishedSeries.Tourists, 4) : (PublishedSeries.Oil, 1);

        var fit = SmoothingFit.Of(method, values, season);

        fit.SquaredErrors.ShouldBeLessThanOrEqualTo(squaredErrors * (1 + 1e-6));
        var forecast = Forecasting.By(method, values, season, 4)!;
        forecast.Means[0].ShouldBe(first, forecast.Sigma * 0.3);
        forecast.Means[3].ShouldBe(fourth, forecast.Sigma * 0.3);
    }

    /// <summary>statsmodels, test_holt_damp_fit, fits 1 and 4 (φ = 0.98): what is found has the same bottom.</summary>
    [Theory]
    [InlineData(ForecastMethod.SimpleSmoothing, 6761.35, 1.00, 1, 263.96)]
    [InlineData(ForecastMethod.DampedHolt, 6036.56, 0.98, 0.98, 257.36)]
    public void A_fit_of_livestock_equals_statsmodels(ForecastMethod method, double squaredErrors, double level, double damping, double start)
    {
        var fit = SmoothingFit.Of(method, PublishedSeries.Livestock, 1);

        fit.SquaredErrors.ShouldBe(squaredErrors, 1);
        fit.Weights.Level.ShouldBe(level, 0.01);
        fit.Weights.Damping.ShouldBe(damping, 1e-6);
        (PublishedSeries.Livestock[0] - fit.Residuals[0]).ShouldBe(start + (method == ForecastMethod.DampedHolt ? 0.98 * 6.64 : 0), 0.1); // the first value as it was expected
    }

    /// <summary>Forecasting: Principles and Practice, 3rd edition, table 8.8, and table 5.2 for the first two: Var(h)/σ².</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(13)]
    public void The_variance_of_a_step_is_that_of_the_textbook(int h)
    {
        var (a, b, g, p) = (0.4, 0.15, 0.3, 0.9);
        var whole = (h - 1) / 4;
        var damped = b * p * h / Math.Pow(1 - p, 2) * (2 * a * (1 - p) + b * p)
            - b * p * (1 - Math.Pow(p, h)) / (Math.Pow(1 - p, 2) * (1 - p * p)) * (2 * a * (1 - p * p) + b * p * (1 + 2 * p - Math.Pow(p, h)));
        var holt = (h - 1) * (a * a + a * b * h + b * b * h * (2 * h - 1) / 6);

        Variance(new SmoothingWeights(1, 0, 0, 1, 1), h).ShouldBe(h, 1e-9);
        Variance(new SmoothingWeights(0, 0, 1, 1, 4), h).ShouldBe(whole + 1, 1e-9);
        Variance(new SmoothingWeights(a, 0, 0, 1, 1), h).ShouldBe(1 + a * a * (h - 1), 1e-9);
        Variance(new SmoothingWeights(a, b, 0, 1, 1), h).ShouldBe(1 + holt, 1e-9);
        Variance(new SmoothingWeights(a, b, 0, p, 1), h).ShouldBe(1 + a * a * (h - 1) + damped, 1e-9);
        Variance(new SmoothingWeights(a, b, g, 1, 4), h).ShouldBe(1 + holt + g * whole * (2 * a + g + b * 4 * (whole + 1)), 1e-9);

        static double Variance(SmoothingWeights weights, int h) => weights.Effects(h).Sum(static effect => effect * effect);
    }

    /// <summary>Tables of the normal distribution.</summary>
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.8413447460685429)]
    [InlineData(1.959963984540054, 0.975)]
    [InlineData(-2.3263478740408408, 0.01)]
    [InlineData(3, 0.9986501019683699)]
    [InlineData(5, 0.9999997133484281)]
    public void The_normal_distribution_is_that_of_tables(double x, double probability)
    {
        Normal.Below(x).ShouldBe(probability, 1e-14);
        Normal.Quantile(probability).ShouldBe(x, 1e-8);
        Normal.Below(-x).ShouldBe(1 - probability, 1e-14);
    }

    [Fact]
    public void The_optimiser_finds_the_bottom_of_a_bent_valley_and_of_one_at_the_wall()
    {
        var bent = NelderMead.Minimise(static at => Math.Pow(0.6 - at[0], 2) + 100 * Math.Pow(at[1] - at[0] * at[0], 2), 2);
        bent[0].ShouldBe(0.6, 1e-4);
        bent[1].ShouldBe(0.36, 1e-4);

        var wall = NelderMead.Minimise(static at => at[0] - at[1] + Math.Pow(at[2] - 0.5, 2), 3);
        (wall[0], wall[1]).ShouldBe((0, 1));
        wall[2].ShouldBe(0.5, 1e-4);
        NelderMead.Minimise(static _ => 1, 0).ShouldBeEmpty();
    }

    private static List<double> Ahead(SmoothingState from, SmoothingWeights weights, int steps)
    {
        var state = from.Copy();
        var values = new List<double>();
        while (values.Count < steps)
        {
            values.Add(state.Expected(weights));
            state.Advance(weights, 0);
        }

        return values;
    }
}
