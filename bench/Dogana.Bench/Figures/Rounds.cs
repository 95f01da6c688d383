namespace Dogana.Bench.Figures;

/// <summary>Collects what each round measured.</summary>
internal sealed class Rounds
{
    private readonly Dictionary<string, List<(double Value, long Calls)>> _values = new(StringComparer.Ordinal);
    private readonly List<FigureKind> _kinds = [];

    /// <summary>Adds a round's value of a figure.</summary>
    /// <param name="kind">The figure.</param>
    /// <param name="value">The value.</param>
    /// <param name="calls">How many calls it was taken from.</param>
    public void Add(FigureKind kind, double value, long calls)
    {
        if (!double.IsFinite(value))
        {
            throw new BenchmarkFailedException($"The figure {kind.Name} came out as {value}: nothing was measured.");
        }

        if (!_values.TryGetValue(kind.Name, out var values))
        {
            _kinds.Add(kind);
            _values[kind.Name] = values = [];
        }

        values.Add((value, calls));
    }

    /// <summary>The figures in the order in which they were first measured.</summary>
    public IReadOnlyList<Figure> ToFigures() => [.. _kinds.Select(kind =>
    {
        var values = _values[kind.Name];
        double[] sorted = [.. values.Select(static round => round.Value).Order()];
        return new Figure(kind, Percentile.Of(sorted, 0.5), sorted[0], sorted[^1], sorted.Length, values.Sum(static round => round.Calls));
    })];
}
