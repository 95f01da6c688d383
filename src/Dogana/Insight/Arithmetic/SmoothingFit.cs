namespace Dogana.Insight.Arithmetic;

/// <summary>A smoothing that was fitted to values.</summary>
/// <param name="Weights">The weights.</param>
/// <param name="State">After the last value.</param>
/// <param name="Residuals">The errors of one step, without those that the fit could not make.</param>
/// <param name="Parameters">How many numbers were fitted: weights that were searched and initial states.</param>
internal sealed record SmoothingFit(SmoothingWeights Weights, SmoothingState State, double[] Residuals, int Parameters)
{
    // The bounds of R's forecast::ets: the weights of the usual region, and a damping that can be told from none.
    private const double Lowest = 1e-4;
    private const double Highest = 1 - 1e-4;
    private const double LeastDamping = 0.8;
    private const double MostDamping = 0.98;

    /// <summary>Σ e².</summary>
    public double SquaredErrors => Residuals.Sum(static error => error * error);

    /// <summary>σ² = Σ e²/(n − parameters); zero where nothing is left to tell it.</summary>
    public double Variance => Residuals.Length > Parameters ? SquaredErrors / (Residuals.Length - Parameters) : 0;

    /// <summary>How many values a method needs: two more than it fits, and whole seasons.</summary>
    public static int Needs(ForecastMethod method, int period) => method switch
    {
        ForecastMethod.SeasonalNaive => period + 2,
        ForecastMethod.Drift => 3,
        ForecastMethod.SimpleSmoothing => 4,
        ForecastMethod.Holt => 6,
        ForecastMethod.DampedHolt => 7,
        _ => Math.Max(2 * period, period + 6),
    };

    /// <summary>The fit of a method. There must be as many values as it needs.</summary>
    public static SmoothingFit Of(ForecastMethod method, IReadOnlyList<double> values, int period) => method switch
    {
        ForecastMethod.SeasonalNaive => SeasonalNaive(values, period),
        ForecastMethod.Drift => Drift(values),
        _ => Searched(method, values, period),
    };

    private static SmoothingFit SeasonalNaive(IReadOnlyList<double> values, int period)
    {
        var weights = new SmoothingWeights(0, 0, 1, 1, period);
        var state = new SmoothingState(0, 0, [.. values.Take(period)]);
        return new SmoothingFit(weights, state, state.Follow(weights, [.. values.Skip(period)]), 0);
    }

    private static SmoothingFit Drift(IReadOnlyList<double> values)
    {
        var weights = new SmoothingWeights(1, 0, 0, 1, 1);
        var state = new SmoothingState(values[0], (values[^1] - values[0]) / (values.Count - 1), [0]);
        return new SmoothingFit(weights, state, state.Follow(weights, [.. values.Skip(1)]), 1);
    }

    // Only the weights are searched: for given ones the errors are linear in the initial state, so that the best of those is found at once.
    private static SmoothingFit Searched(ForecastMethod method, IReadOnlyList<double> values, int period)
    {
        var dimensions = method switch { ForecastMethod.SimpleSmoothing => 1, ForecastMethod.Holt => 2, _ => 3 };
        var best = NelderMead.Minimise(point => Started(method, WeightsAt(method, point, period), values, dimensions).SquaredErrors, dimensions);
        return Started(method, WeightsAt(method, best, period), values, dimensions);
    }

    /// <summary>With the initial state that makes Σ e² smallest for these weights.</summary>
    private static SmoothingFit Started(ForecastMethod method, SmoothingWeights weights, IReadOnlyList<double> values, int searched)
    {
        var starts = Starts(method, weights.Period).ToArray();
        var nothing = new double[values.Count];
        var columns = Array.ConvertAll(starts, start => start.Copy().Follow(weights, nothing));
        var target = Array.ConvertAll(new SmoothingState(0, 0, new double[weights.Period]).Follow(weights, values), static error => -error);
        var parts = LeastSquares.Solve(columns, target);
        var seasons = new double[weights.Period];
        for (var i = 1; i < weights.Period && method == ForecastMethod.HoltWinters; i++)
        {
            seasons[i] = parts[i + 1];
            seasons[0] -= parts[i + 1];
        }

        var state = new SmoothingState(parts[0], starts.Length > 1 ? parts[1] : 0, seasons);
        return new SmoothingFit(weights, state, state.Follow(weights, values), searched + starts.Length);
    }

    // A unit of each part of the initial state; seasons sum to zero, so there is one less of them.
    private static IEnumerable<SmoothingState> Starts(ForecastMethod method, int period)
    {
        yield return new SmoothingState(1, 0, new double[period]);
        if (method != ForecastMethod.SimpleSmoothing)
        {
            yield return new SmoothingState(0, 1, new double[period]);
        }

        for (var i = 1; i < period && method == ForecastMethod.HoltWinters; i++)
        {
            var seasons = new double[period];
            (seasons[0], seasons[i]) = (-1, 1);
            yield return new SmoothingState(0, 0, seasons);
        }
    }

    private static SmoothingWeights WeightsAt(ForecastMethod method, double[] point, int period)
    {
        var level = Between(Lowest, Highest, point[0]);
        var trend = method == ForecastMethod.SimpleSmoothing ? 0 : Between(Lowest, level, point[1]);
        var season = method == ForecastMethod.HoltWinters ? Between(Lowest, Math.Max(Lowest, 1 - level), point[2]) : 0;
        var damping = method == ForecastMethod.DampedHolt ? Between(LeastDamping, MostDamping, point[2]) : 1;
        return new SmoothingWeights(level, trend, season, damping, method == ForecastMethod.HoltWinters ? period : 1);
    }

    private static double Between(double low, double high, double part) => low + (high - low) * part;
}
