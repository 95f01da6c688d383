using System.IO.Compression;
using System.Text.Json;

namespace Dogana.Bench.Conduct;

/// <summary>A prompt of the data.</summary>
internal sealed record ConductRow(string Family, string Label, string Variant, string Prompt);

/// <summary>The rows that one account draws from: one application, one wrapper, one pair of models.</summary>
internal sealed record ConductSource(string Family, string Label, string Name, IReadOnlyList<string> Prompts)
{
    public bool IsBenign => Label == "benign";
}

/// <summary>The data outside of the repository: <c>conduct/*.jsonl.gz</c> below a folder.</summary>
internal static class ConductData
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>All sources, or none where the folder is not there.</summary>
    public static IReadOnlyList<ConductSource> Read(string folder)
    {
        var files = new[] { folder, Path.Combine(folder, "conduct") }.Where(Directory.Exists)
            .SelectMany(static place => Directory.EnumerateFiles(place, "*.jsonl*")).Order(StringComparer.Ordinal);
        return [.. files.SelectMany(Rows).GroupBy(static row => (row.Family, row.Label, Name: SourceOf(row)))
            .Select(static source => new ConductSource(source.Key.Family, source.Key.Label, source.Key.Name, [.. source.Select(static row => row.Prompt).Distinct(StringComparer.Ordinal)]))
            .OrderBy(static source => source.Family, StringComparer.Ordinal).ThenBy(static source => source.Name, StringComparer.Ordinal)];
    }

    // An account that labels many tasks draws over all of them in one wrapper, one that runs a benchmark over all its tasks in one form of prompt.
    private static string SourceOf(ConductRow row) =>
        row.Family.EndsWith("_multi", StringComparison.Ordinal) ? row.Variant[(row.Variant.LastIndexOf('|') + 1)..]
        : row.Family.StartsWith("bench_", StringComparison.Ordinal) ? row.Variant.Split('/')[0]
        : row.Variant;

    private static IEnumerable<ConductRow> Rows(string file)
    {
        using var raw = File.OpenRead(file);
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : raw);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return JsonSerializer.Deserialize<ConductRow>(line, Json) ?? throw new BenchmarkFailedException($"{file} has a line that is no row.");
            }
        }
    }
}
