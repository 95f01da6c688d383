using System.Globalization;
using Dogana.Bench.Figures;

namespace Dogana.Bench.Growth;

/// <summary>The figures of growth; each stands once for each size.</summary>
internal static class GrowthFigures
{
    public static FigureKind KeysStart(int keys) => new(Name("keys", keys, "start"), "ms", null, "");

    public static FigureKind KeysResident(int keys) => new(Name("keys", keys, "rss"), "MiB", null, "");

    public static FigureKind KeysRequests(int keys) => new(Name("keys", keys, "requests"), "req/s", null, "");

    public static readonly FigureKind KeysSpeed = new("keys_most_vs_one", "most/one", Goal.AtLeast(0.8), "requests a second with the most keys ÷ with one: finding a key must not cost more when there are many.");

    public static FigureKind PromptRequests(int bytes) => new(Name("prompt", bytes, "requests"), "req/s", null, "");

    public static FigureKind PromptCpu(int bytes) => new(Name("prompt", bytes, "cpu"), "µs/request", null, "");

    public static readonly FigureKind PromptByte = new("prompt_cpu_per_kilobyte", "µs/KB", null, "CPU of the largest prompt less that of the smallest, for each kilobyte between them.");

    public static FigureKind StreamsResident(int streams) => new(Name("streams", streams, "rss"), "MiB", null, "");

    public static FigureKind StreamsP99(int streams) => new(Name("streams", streams, "call_p99"), "ms", null, "");

    public static readonly FigureKind StreamCost = new("rss_per_stream", "KiB/stream", null, "memory with the most streams open less memory with one, for each stream between.");

    private static string Name(string what, int size, string figure) => string.Create(CultureInfo.InvariantCulture, $"{what}_{size}_{figure}");
}
