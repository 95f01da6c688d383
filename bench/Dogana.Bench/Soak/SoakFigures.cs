using Dogana.Bench.Figures;

namespace Dogana.Bench.Soak;

/// <summary>The figures of the soak.</summary>
internal static class SoakFigures
{
    public static readonly FigureKind Early = new("rss_after_10_percent", "MiB", null, "resident memory, idle, after a tenth of the calls.");

    public static readonly FigureKind Half = new("rss_after_50_percent", "MiB", null, "the same after half of them.");

    public static readonly FigureKind End = new("rss_after_all", "MiB", null, "the same after all of them.");

    public static readonly FigureKind Growth = new("rss_growth_ratio", "all/tenth", Goal.AtMost(1.2), "memory after all calls ÷ memory after a tenth: 1 is flat.");

    public static readonly FigureKind Requests = new("requests", "req/s", null, "whole answers a second over all calls.");

    public static readonly FigureKind Slowing = new("requests_last_vs_first", "last/first", Goal.AtLeast(0.8), "requests a second of the last tenth ÷ those of the first: what the grown store costs.");

    public static readonly FigureKind Handles = new("handle_growth", "handles", Goal.AtMost(8), "files and sockets after all calls beyond those after a tenth.");

    public static readonly FigureKind Missing = new("answers_without_record", "answers", Goal.Exactly(0), "answers that wrk counted beyond the usage records of completed calls.");

    public static readonly FigureKind Excess = new("records_beyond_cut_off", "records", Goal.Exactly(0), "usage records beyond the answers and the calls that were open when wrk left.");
}
