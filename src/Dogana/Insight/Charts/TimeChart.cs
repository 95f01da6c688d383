namespace Dogana.Insight.Charts;

/// <summary>A picture along months or quarters, values upwards.</summary>
/// <param name="Unit">How its numbers are written.</param>
/// <param name="Steps">The months or quarters, the oldest first.</param>
internal abstract record TimeChart(Unit Unit, IReadOnlyList<string> Steps) : Chart(Unit)
{
    private const double Height = 290, NarrowHeight = 230, AxisHeight = 26;

    /// <summary>Is zero on the axis?</summary>
    public bool IsFromZero { get; init; } = true;

    /// <summary>All that the axis is to hold.</summary>
    protected abstract IEnumerable<double> Extent { get; }

    /// <summary>What stands at the right of the last step.</summary>
    protected virtual IReadOnlyList<string> EndsAt(double width) => [];

    /// <summary>Draws the marks.</summary>
    /// <param name="svg">Into this.</param>
    /// <param name="x">The middle of a step.</param>
    /// <param name="step">The width of a step.</param>
    /// <param name="y">Values.</param>
    /// <param name="right">Where the plot ends.</param>
    /// <param name="width">Of the whole picture.</param>
    protected abstract void DrawMarks(Svg svg, Func<int, double> x, double step, Scale y, double right, double width);

    /// <inheritdoc/>
    protected sealed override double Draw(Svg svg, double width, double top)
    {
        var first = top + (Unit.Name.Length > 0 ? TextSize.Line + 6 : 8);
        var bottom = first + (width < NarrowBelow ? NarrowHeight : Height);
        var y = Scale.Of(Extent.Concat(References.Select(static reference => reference.Value)), bottom, first, width < NarrowBelow ? 4 : 5, IsFromZero);
        var left = y.Ticks().Max(tick => TextSize.Of(Unit.Tick(tick, y.Step))) + 8;
        var right = width - Math.Min(width * 0.3, EndsAt(width).Select(TextSize.Of).DefaultIfEmpty(0).Max() + 10);
        if (Unit.Name.Length > 0)
        {
            svg.Text(0, first - 10, Unit.Name, "tick");
        }

        foreach (var tick in y.Ticks())
        {
            svg.Line(left, y.At(tick), right, y.At(tick), tick == 0 ? "axis" : "grid");
            svg.Text(left - 8, y.At(tick) + 4, Unit.Tick(tick, y.Step), "tick", Anchor.End);
        }

        foreach (var reference in References)
        {
            svg.Line(left, y.At(reference.Value), right, y.At(reference.Value), "reference");
            svg.Text(left + 4, y.At(reference.Value) - 5, reference.Label, "tick");
        }

        // As many names as fit, counted from the newest, which is always named.
        var step = (right - left) / Math.Max(1, Steps.Count);
        var label = Steps.Select(TextSize.Of).DefaultIfEmpty(0).Max() + 10;
        var every = Math.Max(1, (int)Math.Ceiling(label / step));
        for (var index = Steps.Count - 1; index >= 0; index -= every)
        {
            var middle = Math.Min(X(index), Math.Max(right, width) - label / 2);
            svg.Text(Math.Max(middle, label / 2), bottom + TextSize.Line + 2, Steps[index], "tick", Anchor.Middle);
        }

        DrawMarks(svg, X, step, y, right, width);
        return bottom + AxisHeight;

        double X(int index) => left + (index + 0.5) * step;
    }
}
