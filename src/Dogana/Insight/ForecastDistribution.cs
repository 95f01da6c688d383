using Dogana.Insight.Arithmetic;

namespace Dogana.Insight;

/// <summary>What one number that is forecast may turn out to be: a normal distribution, or simulated outcomes. Immutable.</summary>
public sealed class ForecastDistribution
{
    private readonly double[]? _draws; // sorted

    private ForecastDistribution(double mean, double deviation, double[]? draws)
    {
        (Mean, Deviation, _draws) = (mean, deviation, draws);
    }

    /// <summary>Its mean.</summary>
    public double Mean { get; }

    /// <summary>Its standard deviation; zero where nothing tells one.</summary>
    public double Deviation { get; }

    /// <summary>Is it of simulated outcomes, rather than a normal distribution?</summary>
    public bool IsSimulated => _draws is not null;

    /// <summary>The value below which it falls with this probability, above 0 and below 1; of outcomes, interpolated between neighbours (Hyndman and Fan 1996, type 7).</summary>
    public double Quantile(double probability)
    {
        if (probability is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability is above 0 and below 1.");
        }

        if (_draws is null)
        {
            return Mean + Deviation * Normal.Quantile(probability);
        }

        var place = probability * (_draws.Length - 1);
        var below = (int)place;
        return _draws[below] + (place - below) * (_draws[Math.Min(below + 1, _draws.Length - 1)] - _draws[below]);
    }

    /// <summary>The probability of this amount or more, 0 to 1.</summary>
    public double AtLeast(double amount) => _draws is null ? BeyondNormal(amount, Mean >= amount) : Share(static (draw, bound) => draw >= bound, amount);

    /// <summary>The probability of more than this amount, 0 to 1.</summary>
    public double MoreThan(double amount) => _draws is null ? BeyondNormal(amount, Mean > amount) : Share(static (draw, bound) => draw > bound, amount);

    internal static ForecastDistribution OfNormal(double mean, double variance) => new(mean, Math.Sqrt(variance), draws: null);

    internal static ForecastDistribution OfOutcomes(IEnumerable<double> outcomes)
    {
        double[] draws = [.. outcomes.Order()];
        var mean = draws.Average();
        return new ForecastDistribution(mean, Math.Sqrt(draws.Average(draw => (draw - mean) * (draw - mean))), draws);
    }

    private double BeyondNormal(double amount, bool ifCertain) => Deviation > 0 ? Normal.Below((Mean - amount) / Deviation) : ifCertain ? 1 : 0;

    private double Share(Func<double, double, bool> counts, double bound) => (double)_draws!.Count(draw => counts(draw, bound)) / _draws!.Length;
}
