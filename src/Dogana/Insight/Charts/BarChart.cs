namespace Dogana.Insight.Charts;

/// <summary>A part of a bar.</summary>
/// <param name="Value">Its length; below zero it goes to the left.</param>
/// <param name="Series">Its colour.</param>
/// <param name="Hint">What it is, in words.</param>
internal sealed record BarPart(double Value, int Series, string Hint);

/// <summary>A bar.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="Value">Its number in words.</param>
/// <param name="Parts">One, or several end to end.</param>
internal sealed record Bar(string Label, string Value, params IReadOnlyList<BarPart> Parts);

/// <summary>Horizontal bars, of one part or of several: shares, amounts, what a whole is made of.</summary>
internal sealed record BarChart(Unit Unit, IReadOnlyList<Bar> Bars) : RowChart(Unit)
{
    private const double Thickness = 17;

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Label, string Value)> Heads => [.. Bars.Select(static bar => (bar.Label, bar.Value))];

    /// <inheritdoc/>
    protected override IEnumerable<double> Extent => Bars.SelectMany(static bar => new[] { Sum(bar, isAbove: true), Sum(bar, isAbove: false) });

    /// <inheritdoc/>
    protected override void DrawRow(Svg svg, int row, Scale scale, double middle)
    {
        var (above, below) = (0.0, 0.0);
        foreach (var part in Bars[row].Parts)
        {
            var from = part.Value >= 0 ? above : below + part.Value;
            if (part.Value >= 0)
            {
                above += part.Value;
            }
            else
            {
                below += part.Value;
            }

            svg.Rect(scale.At(from), middle - Thickness / 2, scale.At(from + Math.Abs(part.Value)) - scale.At(from), Thickness, $"f{Svg.Number(part.Series)} bar", part.Hint);
        }
    }

    private static double Sum(Bar bar, bool isAbove) => bar.Parts.Where(part => part.Value > 0 == isAbove).Sum(static part => part.Value);
}
