using System.Threading.Channels;
using Dogana.Bench.Figures;
using Dogana.Conduct;
using Dogana.Fingerprints;

namespace Dogana.Bench.Conduct;

/// <summary>What looking at calls costs: time, space, and whether it keeps up.</summary>
internal static class ConductCost
{
    private const int PerSecond = 1_000;

    /// <summary>CPU time for each KiB of request bodies, the median of some rounds.</summary>
    public static void Online(IReadOnlyList<ConductSource> sources, bool isQuick, Rounds rounds)
    {
        var random = new Random(11);
        ObservedCall[] calls = [.. Enumerable.Range(0, 4_000).Select(at =>
        {
            var source = sources[at % sources.Count];
            var call = ConductAccounts.Call($"call-{at}", new ConductAccount($"account-{at % 50}", "owner"), source.Prompts[random.Next(source.Prompts.Count)], ConductAccounts.Now.AddSeconds(at - 4_000));
            return call with { Output = call.Body[..Math.Min(call.Body.Length, 800)], OutputTokens = 150 };
        })];
        var kib = calls.Sum(static call => (long)call.Body.Length) / 1024.0;
        for (var round = 0; round < (isQuick ? 2 : 6); round++)
        {
            var reader = new CallReader(SignatureCatalogue.Shipped, new RecentFingerprints(new FingerprintKey(new byte[FingerprintKey.Length])));
            var sketches = calls.Select(static call => call.Account).Distinct().ToDictionary(static account => account, static account => new AccountSketch(account));
            var before = Environment.CpuUsage.TotalTime;
            foreach (var call in calls)
            {
                sketches[call.Account].Observe(call, reader);
            }

            if (round > 0) // the first one compiles
            {
                rounds.Add(ConductFigures.Online, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / kib, calls.Length);
            }
        }
    }

    /// <summary>The space of a sketch: the largest written one of accounts, and one made to be as large as can be.</summary>
    public static void State(IReadOnlyList<MadeAccount> made, Rounds rounds)
    {
        var reader = new CallReader(SignatureCatalogue.Shipped);
        var written = made.Max(static account => account.Sketch.ToBytes().Length);
        const int Count = 20;
        var kept = new AccountSketch[Count];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var at = 0; at < Count; at++)
        {
            kept[at] = Adversary(reader, at);
        }

        var memory = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        written = Math.Max(written, kept.Max(static sketch => sketch.ToBytes().Length));
        GC.KeepAlive(kept);
        rounds.Add(ConductFigures.State, Math.Max(written, memory) / 1024.0, made.Count + Count);
    }

    /// <summary>A thousand calls in a second for some seconds.</summary>
    public static async Task CoverageAsync(IReadOnlyList<ConductSource> sources, bool isQuick, Rounds rounds, CancellationToken cancellation)
    {
        var seconds = isQuick ? 3 : 15;
        ConductSource[] fit = [.. sources.Where(static source => source.Prompts.Any(static prompt => prompt.Length >= 1_500))];
        ObservedCall[] calls = [.. Enumerable.Range(0, 2_000).Select(at =>
        {
            var source = fit[at % fit.Length];
            var text = string.Join("\n\n", source.Prompts.Skip(at % source.Prompts.Count).Concat(source.Prompts).Take(8));
            return ConductAccounts.Call($"call-{at}", new ConductAccount($"account-{at % 200}", "owner"), text[..Math.Min(text.Length, 1_950)], ConductAccounts.Now);
        })];
        var dropped = 0L;
        var queue = Channel.CreateBounded<ObservedCall>(new BoundedChannelOptions(4_096) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }, _ => Interlocked.Increment(ref dropped));
        var worker = Task.Run(
            async () =>
            {
                var reader = new CallReader(SignatureCatalogue.Shipped);
                var sketches = new Dictionary<ConductAccount, AccountSketch>();
                await foreach (var call in queue.Reader.ReadAllAsync(cancellation))
                {
                    (sketches.TryGetValue(call.Account, out var sketch) ? sketch : sketches[call.Account] = new AccountSketch(call.Account)).Observe(call, reader);
                }
            },
            cancellation);
        var began = TimeProvider.System.GetTimestamp();
        for (var sent = 0; sent < seconds * PerSecond;)
        {
            var due = Math.Min(seconds * PerSecond, (int)(TimeProvider.System.GetElapsedTime(began).TotalSeconds * PerSecond));
            for (; sent < due; sent++)
            {
                queue.Writer.TryWrite(calls[sent % calls.Length]);
            }

            await Task.Delay(1, cancellation);
        }

        queue.Writer.Complete();
        await worker;
        var offered = seconds * PerSecond;
        rounds.Add(ConductFigures.Coverage, (offered - dropped) / (double)offered, offered);
    }

    // Many signatures, panes, units, networks and long ids.
    private static AccountSketch Adversary(CallReader reader, int seed)
    {
        var random = new Random(seed);
        var sketch = new AccountSketch(new ConductAccount($"adversary-{seed}", "owner"));
        string[] phrases = [.. SignatureCatalogue.Shipped.Signatures.Select(static signature => string.Join(' ', signature.All.Select(static name => SignatureCatalogue.Shipped.Concepts[name][0])))];
        for (var at = 0; at < 6_000; at++)
        {
            var words = string.Join(' ', Enumerable.Range(0, 60).Select(_ => $"w{random.Next(3_000)}."));
            var layout = "\n1. one\n2. two\n3. three\n4. four\n(A) one\n(B) two\nQuestion: how many 1 2?\nAnswer A: x\nQuestion: y\nAnswer A: z\nResponse B: u\ndef f():\n\"\"\"x\nAnswer:";
            var call = ConductAccounts.Call($"{at:D6}{new string('x', 42)}", sketch.Account, $"{phrases[at % phrases.Length]} {words}{layout}", ConductAccounts.Now.AddMinutes(-at * 10));
            sketch.Observe(call with { Network = (ulong)random.NextInt64(), Client = (ulong)random.NextInt64() }, reader);
        }

        return sketch;
    }
}
