using System.Text.Json;
using Dogana.Conduct;

namespace Dogana.Bench.Conduct;

/// <summary>Accounts out of the data's rows, by seed.</summary>
internal static class ConductAccounts
{
    /// <summary>Calls of an account.</summary>
    public const int Calls = 200;

    /// <summary>The instant that all is looked at.</summary>
    public static DateTimeOffset Now { get; } = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A call as a client would send it.</summary>
    public static ObservedCall Call(string id, ConductAccount account, string prompt, DateTimeOffset at) =>
        new(id, account, "project", "model", at, JsonSerializer.SerializeToUtf8Bytes(new { model = "model", messages = new[] { new { role = "user", content = prompt } } }));

    /// <summary>The sketch of an account that puts prompts one after the other, over ten hours.</summary>
    public static AccountSketch Sketch(string name, IReadOnlyList<string> prompts, CallReader reader)
    {
        var sketch = new AccountSketch(new ConductAccount(name, "owner"));
        for (var at = 0; at < prompts.Count; at++)
        {
            sketch.Observe(Call($"{name}-{at}", sketch.Account, prompts[at], Now.AddHours(-10).AddSeconds(at * 36_000.0 / prompts.Count)), reader);
        }

        return sketch;
    }

    /// <summary>Half of a source's rows: 0 for calibration, 1 for test; no row is in both.</summary>
    public static IReadOnlyList<string> Half(ConductSource source, int half) => [.. source.Prompts.Where((_, at) => at % 2 == half)];

    /// <summary>So many of them by chance, each once before any comes twice.</summary>
    public static string[] Draw(IReadOnlyList<string> prompts, int count, Random random)
    {
        var drawn = new List<string>(count);
        while (drawn.Count < count)
        {
            var all = prompts.ToArray();
            random.Shuffle(all);
            drawn.AddRange(all.Take(count - drawn.Count));
        }

        return [.. drawn];
    }

    /// <summary>An account of which a share is one work, and the rest a cover.</summary>
    public static string[] Mix(IReadOnlyList<string> work, IReadOnlyList<string> cover, double share, Random random)
    {
        var count = (int)Math.Round(Calls * share);
        string[] mixed = [.. Draw(work, count, random), .. Draw(cover, Calls - count, random)];
        random.Shuffle(mixed);
        return mixed;
    }
}
