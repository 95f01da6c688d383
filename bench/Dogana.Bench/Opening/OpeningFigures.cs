using Dogana.Bench.Figures;

namespace Dogana.Bench.Opening;

/// <summary>The figures of the opening and their goals.</summary>
internal static class OpeningFigures
{
    public static readonly FigureKind FirstCall = new("first_call", "ms", null,
        "the first chat of a server that was just started, its code not yet compiled; measured once. The figures below are those of a warm server.");

    public static readonly FigureKind Chat1 = new("chat_calls_c1", "calls/s", null,
        "whole chats of the embedded model, 16 tokens at most, one after the other.");

    public static readonly FigureKind Chat8 = new("chat_calls_c8", "calls/s", null,
        "the same, eight callers at once; the model has a slot for each core, so this says what a second core brings.");

    public static readonly FigureKind FirstTokenP50 = new("ttft_p50", "ms", Goal.AtMost(50),
        "streamed, one caller: from sending the call to its first text, half of the calls.");

    public static readonly FigureKind FirstTokenP95 = new("ttft_p95", "ms", null,
        "the same, 19 of 20 calls; on a busy machine this is mostly the machine.");

    public static readonly FigureKind Tokens1 = new("tokens_c1", "tokens/s", Goal.AtLeast(500),
        "generated tokens of one stream, counted by the answers' own usage, over the whole time of the calls: prompt, metering and HTTP included.");

    public static readonly FigureKind Tokens8 = new("tokens_c8", "tokens/s", null,
        "the same, eight streams together.");

    public static readonly FigureKind Embeddings = new("embeddings_c1", "calls/s", null,
        "one sentence a call, one caller.");

    public static readonly FigureKind Direct1 = new("direct_c1", "req/s", null,
        "the scripted upstream called without the gateway, one caller: the yardstick for the next two.");

    public static readonly FigureKind Gateway1 = new("gateway_c1", "req/s", null,
        "the same calls through the gateway, in turn with the direct ones.");

    public static readonly FigureKind Ratio1 = new("ratio_c1", "gateway/direct", null,
        "one caller waits for each step of the way: the journal's flush before each answer shows here in full.");

    public static readonly FigureKind AddedP50 = new("added_latency_p50", "ms", Goal.AtMost(2),
        "p50 through the gateway less p50 direct, one caller, total against total, calls in turn.");

    public static readonly FigureKind FlushP50 = new("disk_flush_p50", "ms", null,
        "one append and flush of a file on the same disk, in turn with the calls of one caller: the part of the added latency that no code can take away.");

    public static readonly FigureKind Direct32 = new("direct_c32", "req/s", null,
        "the scripted upstream, 32 callers.");

    public static readonly FigureKind Gateway32 = new("gateway_c32", "req/s", null,
        "through the gateway, 32 callers; caller, gateway and upstream share the cores, so a machine of its own gives more.");

    public static readonly FigureKind Ratio32 = new("ratio_c32", "gateway/direct", Goal.AtLeast(0.3),
        "the ratio of the two above, measured one after the other in each round: the figure to compare from run to run.");

    public static readonly FigureKind Cpu = new("server_cpu", "µs/call", null,
        "CPU of the server process for each call of gateway_c32, with intake, rating and ledger until it is idle again.");

    public static readonly FigureKind BooksBehind = new("books_behind", "s", null,
        "how long after gateway_c32 the server was still taking usage into the store and rating it.");

    public static readonly FigureKind Memory = new("server_rss", "MiB", null,
        "resident memory of the server at the end of a round, both models loaded.");

    public static readonly FigureKind Metered = new("calls_metered", "records/call", Goal.Exactly(1),
        "usage records in the store ÷ calls that were answered, warm-up included. Anything but 1 is a fault.");

    public static readonly FigureKind Unmatched = new("calls_unmatched", "calls", Goal.Exactly(0),
        "ids that are only among the answers or only among the records: equal counts alone could hide one lost and one doubled.");
}
