namespace Dogana.Insight.Charts;

/// <summary>The values of a series, one for each step.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Values">By step.</param>
internal sealed record ColumnSeries(string Name, IReadOnlyList<double> Values);

/// <summary>Columns by month or quarter, one on the other where there are several series. The last whole is written above it.</summary>
internal sealed record ColumnChart(Unit Unit, IReadOnlyList<string> Steps, IReadOnlyList<ColumnSeries> Series) : TimeChart(Unit, Steps)
{
    /// <inheritdoc/>
    protected override IEnumerable<double> Extent => Enumerable.Range(0, Steps.Count).SelectMany(step => new[] { Sum(step, isAbove: true), Sum(step, isAbove: false) });

    /// <inheritdoc/>
    protected override void DrawMarks(Svg svg, Func<int, double> x, double step, Scale y, double right, double width)
    {
        var column = Math.Max(1, step * 0.76);
        for (var index = 0; index < Steps.Count; index++)
        {
            var (above, below) = (0.0, 0.0);
            for (var series = 0; series < Series.Count; series++)
            {
                var value = Series[series].Values[index];
                var from = value >= 0 ? above : below;
                svg.Rect(
                    x(index) - column / 2, y.At(Math.Max(from, from + value)), column, Math.Abs(y.At(from) - y.At(from + value)), $"f{Svg.Number(series)} bar",
                    $"{Steps[index]}, {Series[series].Name}: {Unit.Words(value)}");
                if (value >= 0)
                {
                    above += value;
                }
                else
                {
                    below += value;
                }
            }
        }

        if (Steps.Count > 0)
        {
            var last = Sum(Steps.Count - 1, isAbove: true);
            svg.Text(right, y.At(last) - 5, Unit.Value(last), "value", Anchor.End);
        }
    }

    private double Sum(int step, bool isAbove) => Series.Select(series => series.Values[step]).Where(value => value > 0 == isAbove).Sum();
}
