namespace Dogana.Insight.Charts;

/// <summary>A line.</summary>
/// <param name="Name">What it is called, at its end.</param>
/// <param name="Values">By step; null where nothing is known.</param>
/// <param name="Series">Its colour, dashes and shape.</param>
internal sealed record LineSeries(string Name, IReadOnlyList<double?> Values, int Series);

/// <summary>An interval at each step, drawn as a band.</summary>
/// <param name="Lows">By step; null where there is none.</param>
/// <param name="Highs">Likewise.</param>
internal sealed record LineBand(IReadOnlyList<double?> Lows, IReadOnlyList<double?> Highs);

/// <summary>Lines by month or quarter, named at their ends, with bands for what is not certain.</summary>
internal sealed record LineChart(Unit Unit, IReadOnlyList<string> Steps, IReadOnlyList<LineSeries> Lines) : TimeChart(Unit, Steps)
{
    private const double Apart = 15;
    private const int PointsMax = 16;

    /// <summary>The bands, the widest first.</summary>
    public IReadOnlyList<LineBand> Bands { get; init; } = [];

    /// <inheritdoc/>
    protected override IEnumerable<double> Extent =>
        Lines.SelectMany(static line => line.Values).Concat(Bands.SelectMany(static band => band.Lows.Concat(band.Highs))).OfType<double>();

    /// <inheritdoc/>
    protected override IReadOnlyList<string> EndsAt(double width) => [.. Lines.Where(line => IsToTheEnd(line)).Select(line => EndOf(line, width))];

    /// <inheritdoc/>
    protected override IReadOnlyList<Key> LegendAt(double width) => width < NarrowBelow && Lines.Count > 1 ? [.. Lines.Select(static line => new Key(line.Name, line.Series))] : Legend;

    /// <inheritdoc/>
    protected override void DrawMarks(Svg svg, Func<int, double> x, double step, Scale y, double right, double width)
    {
        foreach (var band in Bands)
        {
            int[] there = [.. Enumerable.Range(0, Steps.Count).Where(index => band.Lows[index] is not null && band.Highs[index] is not null)];
            if (there.Length > 0)
            {
                svg.Path([.. there.Select(index => (x(index), y.At(band.Highs[index]!.Value))), .. there.Reverse().Select(index => (x(index), y.At(band.Lows[index]!.Value)))], "band", isClosed: true);
            }
        }

        foreach (var line in Lines)
        {
            foreach (var piece in Pieces(line.Values))
            {
                svg.Path([.. piece.Select(index => (x(index), y.At(line.Values[index]!.Value)))], "l" + Svg.Number(line.Series));
            }

            for (var index = 0; index < line.Values.Count; index++)
            {
                if (line.Values[index] is { } value && (Steps.Count <= PointsMax || IsLast(line, index)))
                {
                    svg.Point(x(index), y.At(value), line.Series, $"{Steps[index]}, {line.Name}: {Unit.Words(value)}");
                }
            }
        }

        DrawNames(svg, x, y, right, width);
    }

    // From the highest to the lowest, none nearer to another than a line of text.
    private void DrawNames(Svg svg, Func<int, double> x, Scale y, double right, double width)
    {
        var last = double.NegativeInfinity;
        foreach (var (line, at) in Lines.Where(static line => line.Values.Any(static value => value is not null))
            .Select(line => (line, y.At(line.Values.Last(static value => value is not null)!.Value))).OrderBy(static item => item.Item2))
        {
            if (!IsToTheEnd(line))
            {
                var end = Enumerable.Range(0, line.Values.Count).Last(index => line.Values[index] is not null);
                var isFalling = end > 0 && line.Values[end - 1] > line.Values[end];
                svg.Text(x(end) - 6, isFalling ? at + 20 : at - 10, EndOf(line, width), "c" + Svg.Number(line.Series), Anchor.End);
                continue;
            }

            last = Math.Max(at + 4, last + Apart);
            svg.Text(right + 8, last, EndOf(line, width), "c" + Svg.Number(line.Series));
        }
    }

    // Where there is no room for names they stand in the legend.
    private string EndOf(LineSeries line, double width) =>
        (width < NarrowBelow ? "" : line.Name + " ") + (line.Values.LastOrDefault(static value => value is not null) is { } value ? Unit.Value(value) : "");

    private static bool IsToTheEnd(LineSeries line) => line.Values is [.., not null];

    private static bool IsLast(LineSeries line, int index) => line.Values.Skip(index + 1).All(static value => value is null);

    private static IEnumerable<IReadOnlyList<int>> Pieces(IReadOnlyList<double?> values)
    {
        var piece = new List<int>();
        for (var index = 0; index < values.Count; index++)
        {
            if (values[index] is not null)
            {
                piece.Add(index);
            }
            else if (piece.Count > 0)
            {
                yield return piece;
                piece = [];
            }
        }

        if (piece.Count > 0)
        {
            yield return piece;
        }
    }
}
