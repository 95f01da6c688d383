namespace Dogana.Bench.Figures;

/// <summary>What a figure is, before it is measured.</summary>
/// <param name="Name">Lower case, the unit is not part of it.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Goal">What it should be, or null where there is no goal.</param>
/// <param name="Read">One line: how to read it; empty where the benchmark says it of several together.</param>
internal sealed record FigureKind(string Name, string Unit, Goal? Goal, string Read);

/// <summary>A measured figure: the median of the rounds, and between which values they lay.</summary>
internal sealed record Figure(FigureKind Kind, double Value, double Min, double Max, int Rounds, long Calls)
{
    /// <summary>Whether the goal is met; null without a goal.</summary>
    public bool? Met => Kind.Goal?.IsMet(Value);
}
