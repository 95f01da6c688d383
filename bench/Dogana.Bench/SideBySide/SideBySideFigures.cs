using Dogana.Bench.Figures;

namespace Dogana.Bench.SideBySide;

/// <summary>The figures of one contestant.</summary>
internal sealed record ContestantFigures(
    FigureKind Requests, FigureKind P50, FigureKind P99, FigureKind OneP50, FigureKind Streams, FigureKind Cpu, FigureKind Resident);

/// <summary>The figures of the comparison and their goals.</summary>
internal static class SideBySideFigures
{
    public const string Direct = "direct";
    public const string Nginx = "nginx";
    public const string PassThrough = "passthrough";
    public const string Portkey = "portkey";
    public const string Dogana = "dogana";

    public static readonly FigureKind RequestsVsPassThrough = new("requests_vs_passthrough", "dogana/passthrough", Goal.AtLeast(0.5),
        "whole answers a second at 32 callers: what is left of a bare .NET proxy's speed when every call is metered.");

    public static readonly FigureKind RequestsVsPortkey = new("requests_vs_portkey", "dogana/portkey", Goal.AtLeast(12),
        "the same against Portkey's gateway, which meters nothing here.");

    public static readonly FigureKind P99VsNginx = new("p99_vs_nginx", "dogana/nginx", Goal.AtMost(3),
        "99 of 100 whole answers at 32 callers, against nginx, which looks at nothing and flushes nothing.");

    public static readonly FigureKind StreamsVsPortkey = new("streams_vs_portkey", "dogana/portkey", Goal.AtLeast(12),
        "whole streams a second at 32 callers: 14 chunks of text, a finish, usage, the end; the mock sends them in one write.");

    public static readonly FigureKind CpuVsPassThrough = new("cpu_per_request_vs_passthrough", "dogana/passthrough", Goal.AtMost(2),
        "CPU of the process for each whole answer at 32 callers, with all that Dogana does until it is idle again: intake, rating, ledger.");

    public static readonly FigureKind CpuDuringVsPassThrough = new("cpu_during_load_vs_passthrough", "dogana/passthrough", null,
        "the same while the load runs; what is put off until after it is not in it.");

    public static readonly FigureKind Allocated = new("allocated_bytes_per_call", "bytes/call", null,
        "what Dogana's process allocated (GC.GetTotalAllocatedBytes, asked by a startup hook) from the first to the last of these calls and until idle.");

    public static readonly FigureKind LatencyAdded = new("total_latency_added_ms_p50", "ms", Goal.AtMost(2),
        "one caller: p50 of the whole call through Dogana less p50 of the whole call direct; the journal's flush is in it.");

    public static readonly FigureKind FirstChunk = new("first_chunk", "ms", Goal.AtMost(50),
        "a stream whose chunks come 300 ms apart: how much later its first bytes come through Dogana than direct. Near 300 it would be buffered.");

    public static readonly FigureKind Missing = new("answers_without_record", "answers", Goal.Exactly(0),
        "answers that wrk counted beyond the usage records of completed calls.");

    public static readonly FigureKind Excess = new("records_beyond_cut_off", "records", Goal.Exactly(0),
        "usage records beyond the answers and the calls that were open when wrk left at the end of a spell.");

    /// <summary>What each did, for context; the reading of the whole says what they are.</summary>
    public static ContestantFigures Of(string name) => new(
        new($"{name}_requests", "req/s", null, ""),
        new($"{name}_p50", "ms", null, ""),
        new($"{name}_p99", "ms", null, ""),
        new($"{name}_one_p50", "ms", null, ""),
        new($"{name}_streams", "streams/s", null, ""),
        new($"{name}_cpu", "µs/request", null, ""),
        new($"{name}_rss", "MiB", null, ""));
}
