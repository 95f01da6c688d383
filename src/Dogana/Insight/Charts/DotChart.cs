namespace Dogana.Insight.Charts;

/// <summary>A point of a row.</summary>
/// <param name="Value">Where.</param>
/// <param name="Series">Its colour and shape.</param>
/// <param name="Hint">What it is, in words.</param>
internal sealed record Dot(double Value, int Series, string Hint);

/// <summary>A row of points, and the interval that they are to be seen against.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="Value">What it says, in words.</param>
/// <param name="Dots">The points; a thin line joins them.</param>
/// <param name="Interval">From where to where, drawn as a bar behind them; null for none.</param>
internal sealed record DotRow(string Label, string Value, IReadOnlyList<Dot> Dots, (double Low, double High)? Interval = null);

/// <summary>Points and intervals: what stands against what.</summary>
internal sealed record DotChart(Unit Unit, IReadOnlyList<DotRow> Rows) : RowChart(Unit)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<(string Label, string Value)> Heads => [.. Rows.Select(static row => (row.Label, row.Value))];

    /// <inheritdoc/>
    protected override IEnumerable<double> Extent =>
        Rows.SelectMany(static row => row.Dots.Select(static dot => dot.Value).Concat(row.Interval is { } interval ? [interval.Low, interval.High] : []));

    /// <inheritdoc/>
    protected override void DrawRow(Svg svg, int row, Scale scale, double middle)
    {
        var item = Rows[row];
        if (item.Interval is { } interval)
        {
            svg.Rect(scale.At(interval.Low), middle - 7, Math.Max(2, scale.At(interval.High) - scale.At(interval.Low)), 14, "interval", $"{Unit.Words(interval.Low)} to {Unit.Words(interval.High)}");
        }

        if (item.Dots.Count > 1)
        {
            svg.Line(scale.At(item.Dots.Min(static dot => dot.Value)), middle, scale.At(item.Dots.Max(static dot => dot.Value)), middle, "join");
        }

        foreach (var dot in item.Dots)
        {
            svg.Point(scale.At(dot.Value), middle, dot.Series, dot.Hint);
        }
    }
}
