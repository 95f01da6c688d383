using Dogana.Bench.Figures;

namespace Dogana.Bench.Simulate;

/// <summary>The figures of simulated money and their goals.</summary>
internal static class SimulateFigures
{
    public static readonly FigureKind Histories = new("histories", "histories", null, "months of sales, each by its seed, on a SQLite store of its own: counted late, twice and out of order, by nodes that die before or after their commits; rated in pieces; taken back; closed in pieces by several at once; corrected.");

    public static readonly FigureKind Documents = new("documents", "documents", null, "final documents that were made.");

    public static readonly FigureKind Differences = new("differences", "histories", Goal.Exactly(0), "histories in which documents, quantities or books are not what an independent oracle makes of the list of what was used, or another way of counting came to other sums. Their seeds are on standard error.");

    public static readonly FigureKind Faults = new("faults", "histories", Goal.Exactly(0), "histories whose books verification finds not whole.");
}
