using System.Diagnostics;

namespace Dogana.Bench.Load;

/// <summary>What a spell of load gave.</summary>
internal sealed record SpellResult(IReadOnlyList<CallResult> Calls, TimeSpan Elapsed)
{
    public double CallsPerSecond => Calls.Count / Elapsed.TotalSeconds;

    public double TokensPerSecond => Calls.Sum(static call => call.OutputTokens) / Elapsed.TotalSeconds;

    /// <summary>Milliseconds, sorted.</summary>
    public double[] Sorted(Func<CallResult, TimeSpan> what) => [.. Calls.Select(call => what(call).TotalMilliseconds).Order()];
}

/// <summary>Closed loops: each sends its next call when the one before has been answered.</summary>
internal static class Spell
{
    /// <summary>Runs so many loops for so long; the calls that are open then are waited for and counted, with the time they took.</summary>
    public static async Task<SpellResult> RunAsync(int concurrency, TimeSpan duration, Func<Task<CallResult>> call)
    {
        var begun = Stopwatch.GetTimestamp();
        var loops = Enumerable.Range(0, concurrency).Select(async _ =>
        {
            await Task.Yield();
            var results = new List<CallResult>();
            do
            {
                results.Add(await call());
            }
            while (Stopwatch.GetElapsedTime(begun) < duration);

            return results;
        });
        var results = await Task.WhenAll(loops);
        var elapsed = Stopwatch.GetElapsedTime(begun);
        return new SpellResult([.. results.SelectMany(static loop => loop)], elapsed);
    }

    /// <summary>Runs kinds of call in turn, one at a time: whatever disturbs the machine disturbs all of them.</summary>
    public static async Task<SpellResult[]> RunInTurnAsync(TimeSpan duration, params Func<Task<CallResult>>[] kinds)
    {
        List<CallResult>[] results = [.. kinds.Select(static _ => new List<CallResult>())];
        var begun = Stopwatch.GetTimestamp();
        do
        {
            for (var kind = 0; kind < kinds.Length; kind++)
            {
                results[kind].Add(await kinds[kind]());
            }
        }
        while (Stopwatch.GetElapsedTime(begun) < duration);

        return [.. results.Select(static calls => new SpellResult(calls, TimeSpan.FromTicks(calls.Sum(static call => call.Whole.Ticks))))];
    }
}
