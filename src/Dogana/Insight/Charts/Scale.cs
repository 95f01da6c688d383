namespace Dogana.Insight.Charts;

/// <summary>From values to pixels, with ticks at round numbers.</summary>
/// <param name="From">The value at <paramref name="Start"/>.</param>
/// <param name="To">The value at <paramref name="End"/>.</param>
/// <param name="Start">Pixels.</param>
/// <param name="End">Pixels; before the start where values go up.</param>
/// <param name="Step">Between ticks.</param>
internal sealed record Scale(double From, double To, double Start, double End, double Step)
{
    private static readonly double[] Rounds = [1, 2, 2.5, 5, 10];

    /// <summary>A scale that holds all values and ends at ticks.</summary>
    /// <param name="values">What is to be shown.</param>
    /// <param name="start">Pixels.</param>
    /// <param name="end">Pixels.</param>
    /// <param name="ticks">About how many.</param>
    /// <param name="fromZero">Is zero to be on it? Lengths tell the truth only from there.</param>
    public static Scale Of(IEnumerable<double> values, double start, double end, int ticks, bool fromZero)
    {
        double[] all = [.. values.Where(double.IsFinite)];
        var (low, high) = all.Length == 0 ? (0, 1) : (all.Min(), all.Max());
        if (fromZero)
        {
            (low, high) = (Math.Min(0, low), Math.Max(0, high));
        }

        if (high - low <= Math.Abs(high) * 1e-9)
        {
            (low, high) = high == 0 ? (0, 1) : (Math.Min(low, 0), Math.Max(high, 0));
        }

        var step = RoundStep((high - low) / Math.Max(1, ticks));
        return new Scale(Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step, start, end, step);
    }

    /// <summary>The place of a value.</summary>
    public double At(double value) => Start + (value - From) / (To - From) * (End - Start);

    /// <summary>The values of the ticks.</summary>
    public IEnumerable<double> Ticks() => Enumerable.Range(0, (int)Math.Round((To - From) / Step) + 1).Select(index => From + index * Step);

    // The round number that is not below: 1, 2, 2.5 or 5 by a power of ten.
    private static double RoundStep(double least)
    {
        var power = 1.0;
        for (; power * 10 <= least; power *= 10)
        {
        }

        for (; power > least; power /= 10)
        {
        }

        return Rounds.First(round => round * power >= least * (1 - 1e-9)) * power;
    }
}
