namespace Dogana.Insight.Arithmetic;

/// <summary>How much of each error the parts of a <see cref="SmoothingState"/> take.</summary>
/// <param name="Level">α.</param>
/// <param name="Trend">β of the state space form: α times the β* of Holt's.</param>
/// <param name="Season">γ of the state space form.</param>
/// <param name="Damping">φ: what of the trend lasts a step; 1 where it is not damped.</param>
/// <param name="Period">m: how many steps a season has; 1 where there is none.</param>
internal sealed record SmoothingWeights(double Level, double Trend, double Season, double Damping, int Period)
{
    /// <summary>
    /// cⱼ, what an error adds to the value j steps on, with c₀ = 1: Hyndman, Koehler, Ord, Snyder, Forecasting with Exponential Smoothing, 2008, table 6.1. In its
    /// words cⱼ = α + β(φ + … + φʲ), and γ more where j is a whole number of seasons.
    /// </summary>
    public double[] Effects(int count)
    {
        var effects = new double[count];
        var (damped, power) = (0.0, 1.0);
        for (var j = 0; j < count; j++)
        {
            effects[j] = j == 0 ? 1 : Level + Trend * damped + (j % Period == 0 ? Season : 0);
            power *= Damping;
            damped += power;
        }

        return effects;
    }
}

/// <summary>
/// Additive exponential smoothing in state space form with one source of error (Hyndman and others 2008, chapter 2): yₜ = l + φb + sₜ₋ₘ + ε; then l ← l + φb + αε,
/// b ← φb + βε, sₜ ← sₜ₋ₘ + γε. All methods are this one with other weights: drift is α = 1 with a slope that stays, the seasonal naive is γ = 1.
/// </summary>
internal sealed class SmoothingState(double level, double trend, IReadOnlyList<double> seasons)
{
    private readonly double[] _seasons = [.. seasons];
    private int _next;

    /// <summary>l.</summary>
    public double Level { get; private set; } = level;

    /// <summary>b.</summary>
    public double Trend { get; private set; } = trend;

    /// <summary>The state again, to go on with apart from this one.</summary>
    public SmoothingState Copy() => new(Level, Trend, [.. _seasons[_next..], .. _seasons[.._next]]);

    /// <summary>The next value as it is expected.</summary>
    public double Expected(SmoothingWeights weights) => Level + weights.Damping * Trend + _seasons[_next];

    /// <summary>One step on, with this error.</summary>
    public void Advance(SmoothingWeights weights, double error)
    {
        Trend *= weights.Damping;
        Level += Trend + weights.Level * error;
        Trend += weights.Trend * error;
        _seasons[_next] += weights.Season * error;
        _next = _next + 1 == _seasons.Length ? 0 : _next + 1;
    }

    /// <summary>Through values, one after the other; what is given back are the errors.</summary>
    public double[] Follow(SmoothingWeights weights, IReadOnlyList<double> values)
    {
        var errors = new double[values.Count];
        for (var i = 0; i < errors.Length; i++)
        {
            errors[i] = values[i] - Expected(weights);
            Advance(weights, errors[i]);
        }

        return errors;
    }
}
