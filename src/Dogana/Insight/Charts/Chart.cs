namespace Dogana.Insight.Charts;

/// <summary>A value that is marked across a whole picture.</summary>
/// <param name="Value">Where.</param>
/// <param name="Label">What it is.</param>
internal sealed record Reference(double Value, string Label);

/// <summary>What a colour stands for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Series">Its number.</param>
internal sealed record Key(string Name, int Series)
{
    /// <summary>The series from the first one on.</summary>
    public static IReadOnlyList<Key> Of(params IReadOnlyList<string> names) => [.. names.Select(static (name, series) => new Key(name, series))];
}

/// <summary>A picture of numbers, drawn anew for each width that it is to be read at: letters are as large on a telephone as on paper.</summary>
/// <param name="Unit">How its numbers are written.</param>
internal abstract record Chart(Unit Unit)
{
    /// <summary>Below this width labels stand above what they name, because beside it there is no room.</summary>
    protected const double NarrowBelow = 480;

    private const double KeySize = 11;

    /// <summary>What the colours are; empty where there is nothing to tell apart.</summary>
    public IReadOnlyList<Key> Legend { get; init; } = [];

    /// <summary>What is marked.</summary>
    public IReadOnlyList<Reference> References { get; init; } = [];

    /// <summary>Draws it.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="id">Its id in the page, of which there is one.</param>
    /// <param name="title">What it is called.</param>
    /// <param name="description">What it says.</param>
    public string ToSvg(double width, string id, string title, string description)
    {
        var svg = new Svg();
        var top = DrawLegend(svg, width, LegendAt(width));
        return svg.End(width, Draw(svg, width, top), id, title, description);
    }

    /// <summary>Draws what is below the legend, and says how high the picture is.</summary>
    protected abstract double Draw(Svg svg, double width, double top);

    /// <summary>The legend at a width.</summary>
    protected virtual IReadOnlyList<Key> LegendAt(double width) => Legend;

    private static double DrawLegend(Svg svg, double width, IReadOnlyList<Key> keys)
    {
        if (keys.Count == 0)
        {
            return 0;
        }

        var (x, y) = (0.0, 12.0);
        foreach (var (name, series) in keys)
        {
            var needed = KeySize + 6 + TextSize.Of(name) + 18;
            if (x > 0 && x + needed - 18 > width)
            {
                (x, y) = (0, y + TextSize.Line + 2);
            }

            svg.Rect(x, y - KeySize + 1, KeySize, KeySize, "f" + Svg.Number(series));
            svg.Text(x + KeySize + 6, y, TextSize.Fit(name, width - KeySize - 6));
            x += needed;
        }

        return y + 14;
    }
}
