using Dogana.Bench.Processes;

namespace Dogana.Bench.Stores;

/// <summary>World files: the samples of this repository, and a benchmark's own beside it.</summary>
internal static class WorldText
{
    public static async Task<(string Name, string Text)> SampleAsync(string name, CancellationToken cancellation) =>
        (name, await File.ReadAllTextAsync(Path.Combine(Built.Root, "samples", name), cancellation));

    /// <summary>A benchmark's file; <c>{name}</c> in it is replaced.</summary>
    public static async Task<(string Name, string Text)> OwnAsync(string folder, string name, CancellationToken cancellation, params (string Name, string Value)[] values)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, folder, name), cancellation);
        return (name, values.Aggregate(text, static (text, value) => text.Replace($"{{{value.Name}}}", value.Value, StringComparison.Ordinal)));
    }
}
