using Dogana.Insight.Arithmetic;

namespace Dogana.Insight;

/// <summary>
/// A series carried on. Steps are counted from 1. Amounts are not held above zero: a series that falls may be forecast below it. Ranges know of errors to come, and not
/// of what is wrong with the fitted weights, so that those of short series are too narrow: the coverage in <see cref="BacktestResult"/> says how far. Immutable.
/// </summary>
public sealed class SeriesForecast
{
    /// <summary>How many outcomes are drawn where there is no formula.</summary>
    internal const int Paths = 4_000;

    private readonly SmoothingFit _fit;
    private readonly double[] _centred;
    private readonly int _seed;

    private SeriesForecast(ForecastMethod method, SmoothingFit fit, int horizon, int? bootstrapSeed)
    {
        (Method, _fit, Horizon, IsBootstrapped, _seed) = (method, fit, horizon, bootstrapSeed is not null, bootstrapSeed ?? 0);
        var state = fit.State.Copy();
        var means = new double[horizon];
        for (var i = 0; i < horizon; i++)
        {
            means[i] = state.Expected(fit.Weights);
            state.Advance(fit.Weights, 0);
        }

        Means = means;
        _centred = Centred(fit);
    }

    /// <summary>The method.</summary>
    public ForecastMethod Method { get; }

    /// <summary>
    /// Are ranges drawn from the residuals there were, because the series is too short for more (below two seasons)? Then the method is
    /// <see cref="ForecastMethod.Drift"/>, was not chosen by a backtest, and knows of no season.
    /// </summary>
    public bool IsBootstrapped { get; }

    /// <summary>How many steps on.</summary>
    public int Horizon { get; }

    /// <summary>The mean of each step.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>σ, the standard deviation of one step's error: √(Σ e²/(n − fitted numbers)).</summary>
    public double Sigma => Math.Sqrt(_fit.Variance);

    /// <summary>One step.</summary>
    /// <param name="step">1 to <see cref="Horizon"/>.</param>
    public ForecastDistribution Step(int step) => Sum(step, step);

    /// <summary>
    /// The sum of some steps, such as those of a quarter. Errors of steps lean on each other, so its variance is not the sum of theirs: an error of step i adds
    /// cⱼ to each later step, hence Var = σ² Σᵢ (Σ over the steps of the sum from i on of cⱼ)², which from step 1 on is σ² Σₖ (1 + C_k)² with
    /// C_k = c₁ + … + c_k, k from 0 to the number of steps less one.
    /// Drift adds what is not known of the slope itself, σ²/(n − 1) × (Σ steps)².
    /// </summary>
    /// <param name="from">The first step, 1 or more.</param>
    /// <param name="to">The last one, up to <see cref="Horizon"/>.</param>
    public ForecastDistribution Sum(int from, int to)
    {
        if (from < 1 || to < from || to > Horizon)
        {
            throw new ArgumentOutOfRangeException(nameof(to), $"Steps {from} to {to} are not within 1 to {Horizon}.");
        }

        if (IsBootstrapped)
        {
            var (lags, own) = (new Random(_seed), new Random(~_seed));
            return ForecastDistribution.OfOutcomes(Enumerable.Range(0, Paths).Select(_ => Path(Lags(lags, ResidualCount, Horizon), own)[(from - 1)..to].Sum()));
        }

        var effects = _fit.Weights.Effects(to);
        var sum = 0.0;
        for (var error = 1; error <= to; error++)
        {
            var effect = 0.0;
            for (var step = Math.Max(from, error); step <= to; step++)
            {
                effect += effects[step - error];
            }

            sum += effect * effect;
        }

        var drifting = Enumerable.Range(from, to - from + 1).Sum(static step => (double)step);
        return ForecastDistribution.OfNormal(Means.Skip(from - 1).Take(to - from + 1).Sum(), _fit.Variance * sum + SlopeVariance * drifting * drifting);
    }

    /// <summary>How many residuals there are to draw from.</summary>
    internal int ResidualCount => _centred.Length;

    // The slope of a drift is the mean of n − 1 steps (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, table 5.2).
    private double SlopeVariance => Method == ForecastMethod.Drift ? _fit.Variance / _fit.Residuals.Length : 0;

    /// <summary>A forecast by this method; null where there are too few values for it.</summary>
    internal static SeriesForecast? By(ForecastMethod method, IReadOnlyList<double> values, int season, int horizon) =>
        values.Count < SmoothingFit.Needs(method, season) ? null : new SeriesForecast(method, SmoothingFit.Of(method, values, season), horizon, bootstrapSeed: null);

    /// <summary>A forecast of few values by drift and bootstrap; null where there are less than three.</summary>
    internal static SeriesForecast? Short(IReadOnlyList<double> values, int horizon, int seed) =>
        values.Count < SmoothingFit.Needs(ForecastMethod.Drift, 1) ? null : new SeriesForecast(ForecastMethod.Drift, SmoothingFit.Of(ForecastMethod.Drift, values, 1), horizon, seed);

    /// <summary>
    /// One outcome of the steps, with residuals drawn by how long ago they were, so that series that are drawn by the same lags keep what they have in common.
    /// </summary>
    /// <param name="lags">For each step, the residual: 0 is the last one. Beyond what this series has, one of its own is drawn.</param>
    /// <param name="own">This series' chance; as many numbers are taken from it whatever the lags are.</param>
    internal double[] Path(int[] lags, Random own)
    {
        var state = _fit.State.Copy();
        var slope = Math.Sqrt(SlopeVariance) * Normal.Quantile((own.Next(1, int.MaxValue) - 0.5) / int.MaxValue);
        var values = new double[lags.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var spare = own.Next(_centred.Length);
            var error = _centred[lags[i] < _centred.Length ? _centred.Length - 1 - lags[i] : spare];
            values[i] = state.Expected(_fit.Weights) + error + slope * (i + 1);
            state.Advance(_fit.Weights, error);
        }

        return values;
    }

    /// <summary>For each step, how long ago the residual was that it draws.</summary>
    internal static int[] Lags(Random chance, int residuals, int steps)
    {
        var lags = new int[steps];
        for (var i = 0; i < steps; i++)
        {
            lags[i] = chance.Next(residuals);
        }

        return lags;
    }

    // Residuals with the mean and the variance that the formulas take for theirs: what was fitted made them smaller than errors to come.
    private static double[] Centred(SmoothingFit fit)
    {
        var mean = fit.Residuals.Average();
        var spread = Math.Sqrt(fit.Residuals.Average(error => (error - mean) * (error - mean)));
        var wider = spread > 0 ? Math.Sqrt(fit.Variance) / spread : 0;
        return Array.ConvertAll(fit.Residuals, error => (error - mean) * wider);
    }
}
