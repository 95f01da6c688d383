namespace Dogana.Insight.Charts;

/// <summary>A step from an opening to a closing amount.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">The amount where it is a total; else what it changes.</param>
/// <param name="IsTotal">Does it stand on zero?</param>
internal sealed record WaterfallStep(string Label, double Value, bool IsTotal = false);

/// <summary>How an opening amount becomes a closing one: totals from zero, what comes and what goes from where the last one ended.</summary>
internal sealed record WaterfallChart(Unit Unit, IReadOnlyList<WaterfallStep> Steps) : RowChart(Unit)
{
    private const double Thickness = 18;
    private const int Total = 0, More = 2, Less = 1;

    /// <inheritdoc/>
    protected override IReadOnlyList<(string Label, string Value)> Heads =>
        [.. Steps.Select(step => (step.Label, !step.IsTotal && step.Value > 0 ? "+" + Unit.Value(step.Value) : Unit.Value(step.Value)))];

    /// <inheritdoc/>
    protected override IEnumerable<double> Extent => Enumerable.Range(0, Steps.Count).SelectMany(step => new[] { Span(step).From, Span(step).To });

    /// <inheritdoc/>
    protected override void DrawRow(Svg svg, int row, Scale scale, double middle)
    {
        var (from, to) = Span(row);
        var step = Steps[row];
        svg.Rect(
            Math.Min(scale.At(from), scale.At(to)), middle - Thickness / 2, Math.Max(1, Math.Abs(scale.At(to) - scale.At(from))), Thickness,
            $"f{Svg.Number(step.IsTotal ? Total : step.Value >= 0 ? More : Less)} bar", $"{step.Label}: {Unit.Words(step.Value)}");
        if (row + 1 < Steps.Count)
        {
            svg.Line(scale.At(to), middle + Thickness / 2, scale.At(to), middle + Thickness / 2 + 9, "join");
        }
    }

    private (double From, double To) Span(int row)
    {
        var end = 0.0;
        var start = 0.0;
        for (var step = 0; step <= row; step++)
        {
            start = Steps[step].IsTotal ? 0 : end;
            end = start + Steps[step].Value;
        }

        return (start, end);
    }
}
