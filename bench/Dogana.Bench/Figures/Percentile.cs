namespace Dogana.Bench.Figures;

/// <summary>Percentiles.</summary>
internal static class Percentile
{
    /// <summary>The value below which a share of the sorted values lies, between neighbours where it falls between them.</summary>
    public static double Of(IReadOnlyList<double> sorted, double share)
    {
        if (sorted.Count == 0)
        {
            return double.NaN;
        }

        var place = share * (sorted.Count - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }
}
