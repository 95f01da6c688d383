using Dogana.Bench.Figures;

namespace Dogana.Bench.Standing;

/// <summary>The figures of standing and their goals.</summary>
internal static class StandingFigures
{
    public static readonly FigureKind OracleDifferences = new("oracle_differences", "decisions", Goal.Exactly(0), "decisions that differ from those of an independent evaluator that follows the definitions by brute force.");

    public static readonly FigureKind OracleGraphs = new("oracle_graphs", "worlds", null, "random worlds that were compared, by seed: ownership with circles, ranges, unknown holders and dates × rules of control × measures × flows × markets.");

    public static readonly FigureKind Decision = new("decision_ns_median", "ns", Goal.AtMost(200), "one decision in the way of a call, with 10,000 organisations.");

    public static readonly FigureKind DecisionAllocated = new("decision_allocated_bytes", "bytes", Goal.Exactly(0), "allocated by one decision.");

    public static readonly FigureKind Build = new("table_ms", "ms", null, "to read and build all that decides, with 10,000 organisations, after any change.");

    public static readonly FigureKind Suspend = new("suspend_seconds_max", "s", Goal.AtMost(2), "from asking for a suspension on the direct channel until the open stream of a 60 % affiliate on the reseller's channel has ended, with 10,000 organisations; the longest of all, on the node that was asked and on another one.");

    public static readonly FigureKind SuspendMedian = new("suspend_seconds_median", "s", null, "the same, half of the time.");

    public static readonly FigureKind FloodSuccess = new("others_success_while_flooded", "share", Goal.AtLeast(1), "calls of a bystander that were served while another family had 1,200 callers at work, or while a suspended one repeated its refused calls at once.");

    public static readonly FigureKind FloodP99 = new("others_p99_flooded_vs_alone", "with/without", Goal.AtMost(1.1), "p99 of the bystander's calls while another family floods ÷ without it.");

    public static readonly FigureKind SuspendedP99 = new("others_p99_suspended_vs_alone", "with/without", Goal.AtMost(1.1), "the same while a suspended family repeats its refused calls at once.");
}
