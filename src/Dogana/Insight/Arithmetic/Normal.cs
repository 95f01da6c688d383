namespace Dogana.Insight.Arithmetic;

/// <summary>The standard normal distribution, to about 1e-15.</summary>
internal static class Normal
{
    // Beyond this a probability differs from 0 or 1 by less than doubles near one can say.
    private const double Edge = 8.5;

    /// <summary>Φ(x), by the series of Marsaglia, Evaluating the Normal Distribution, Journal of Statistical Software 11(4), 2004.</summary>
    public static double Below(double x)
    {
        if (Math.Abs(x) > Edge)
        {
            return x < 0 ? 0 : 1;
        }

        var (sum, term) = (x, x);
        for (var i = 3; Math.Abs(term) > Math.Abs(sum) * 1e-17; i += 2)
        {
            term *= x * x / i;
            sum += term;
        }

        return Math.Clamp(0.5 + sum * Density(x), 0, 1);
    }

    /// <summary>The x with Φ(x) = p, by halving, then Newton's method; p above 0 and below 1.</summary>
    public static double Quantile(double p)
    {
        var (low, high) = (-Edge, Edge);
        for (var i = 0; i < 12; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Below(middle) < p ? (middle, high) : (low, middle);
        }

        var x = (low + high) / 2;
        for (var i = 0; i < 4; i++)
        {
            x = Math.Clamp(x - (Below(x) - p) / Density(x), low, high);
        }

        return x;
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
}
