using Dogana.Bench.Figures;

namespace Dogana.Bench.Access;

/// <summary>The figures of limits and their goals.</summary>
internal static class AccessFigures
{
    public static readonly FigureKind Schedules = new("simulated_schedules", "schedules", null, "runs of 1 to 6 nodes over one store in virtual time, each by its seed: calls, limits of every kind, lost and late exchanges, crashes, frozen processes, clocks that differ, limits that change.");

    public static readonly FigureKind Found = new("simulated_faults", "schedules", Goal.Exactly(0), "schedules in which a limit was passed, room leaked or was given twice, a call was refused what there was, or waited too long. Their seeds are on standard error.");

    public static readonly FigureKind OverAdmitted = new("over_admitted", "calls", Goal.Exactly(0), "64 calls at once against room for k of them, by seed: requests, tokens, weighted tokens and money, on 1 and 4 nodes, over SQLite and over PostgreSQL; admitted beyond k.");

    public static readonly FigureKind UnderAdmitted = new("under_admitted", "calls", Goal.Exactly(0), "the same: refused though there was room.");

    public static readonly FigureKind Leaked = new("leaked", "rounds", Goal.Exactly(0), "the same with one of the nodes killed in the middle: rounds after which not all room was back once what it held was waited out.");

    public static readonly FigureKind UsableShare = new("usable_share", "share", Goal.AtLeast(0.95), "of a limit of 1,000 requests that four nodes share at 80 : 10 : 5 : 5, or one of them has to itself, over PostgreSQL; fixed windows, sliding, month: the least of them.");

    public static readonly FigureKind Reserve = new("reserve_ns_median", "ns", Goal.AtMost(1_000), "to reserve from five limits and settle, in memory.");

    public static readonly FigureKind ReserveAllocated = new("reserve_allocated_bytes", "bytes", null, "allocated by that.");

    public static readonly FigureKind Recovery = new("recovery_seconds_max", "s", Goal.AtMost(5), "from when a PostgreSQL that stood still (SIGSTOP of all its processes, 8 s) goes on until a call that needs it is admitted.");

    public static readonly FigureKind AwayWait = new("refused_seconds_max", "s", Goal.AtMost(5), "while it stood still: the longest that a call waited for its refusal.");
}
