namespace Dogana.Insight.Charts;

/// <summary>A picture with a row for each thing, named at the left and told in a number at the right: the same on paper and on a telephone, where names stand above.</summary>
internal abstract record RowChart(Unit Unit) : Chart(Unit)
{
    private const double Gap = 8, LabelPart = 0.34, WideRow = 27, NarrowRow = 43;

    /// <summary>Is zero on the axis?</summary>
    public bool IsFromZero { get; init; } = true;

    /// <summary>What the rows are called, and the number of each in words.</summary>
    protected abstract IReadOnlyList<(string Label, string Value)> Heads { get; }

    /// <summary>All that the axis is to hold.</summary>
    protected abstract IEnumerable<double> Extent { get; }

    /// <summary>Draws a row's marks around its middle.</summary>
    protected abstract void DrawRow(Svg svg, int row, Scale scale, double middle);

    /// <inheritdoc/>
    protected sealed override double Draw(Svg svg, double width, double top)
    {
        var isNarrow = width < NarrowBelow;
        var heads = Heads;
        var left = isNarrow ? 0 : Math.Min(width * LabelPart, heads.Max(static head => TextSize.Of(head.Label)) + Gap);
        var right = width - heads.Max(static head => TextSize.Of(head.Value)) - Gap;
        var rowHeight = isNarrow ? NarrowRow : WideRow;
        var first = top + (References.Count > 0 ? TextSize.Line + 4 : 2);
        var bottom = first + heads.Count * rowHeight;
        var scale = Scale.Of(Extent.Concat(References.Select(static reference => reference.Value)), left + 6, right - 6, Math.Max(2, (int)((right - left) / 90)), IsFromZero);
        foreach (var tick in scale.Ticks())
        {
            svg.Line(scale.At(tick), first, scale.At(tick), bottom, "grid");
            var (text, half) = (Unit.Tick(tick, scale.Step), TextSize.Of(Unit.Tick(tick, scale.Step)) / 2);
            svg.Text(Math.Max(half, scale.At(tick)), bottom + TextSize.Line, text, "tick", Anchor.Middle);
        }

        if (scale.From < 0 && scale.To > 0)
        {
            svg.Line(scale.At(0), first, scale.At(0), bottom, "axis");
        }

        for (var row = 0; row < heads.Count; row++)
        {
            var above = first + row * rowHeight;
            var middle = isNarrow ? above + TextSize.Line + (rowHeight - TextSize.Line) / 2 : above + rowHeight / 2;
            svg.Text(isNarrow ? 0 : left - Gap, isNarrow ? above + TextSize.Line - 2 : middle + 4, TextSize.Fit(heads[row].Label, isNarrow ? right : left - Gap), "", isNarrow ? Anchor.Start : Anchor.End);
            DrawRow(svg, row, scale, middle);
            svg.Text(width, middle + 4, heads[row].Value, "value", Anchor.End);
        }

        foreach (var reference in References)
        {
            var x = scale.At(reference.Value);
            svg.Line(x, first - 2, x, bottom, "reference");
            var half = TextSize.Of(reference.Label) / 2;
            svg.Text(Math.Clamp(x, half, Math.Max(half, width - half)), first - 6, reference.Label, "tick", Anchor.Middle);
        }

        if (Unit.Name.Length > 0)
        {
            svg.Text(right - 6, bottom + 2 * TextSize.Line, Unit.Name, "tick", Anchor.End);
        }

        return bottom + TextSize.Line + (Unit.Name.Length > 0 ? TextSize.Line : 0) + 8;
    }
}
