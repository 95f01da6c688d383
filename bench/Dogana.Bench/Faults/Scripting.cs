using FakeUpstream;

namespace Dogana.Bench.Faults;

/// <summary>Writes the upstream's scripts anew, again and again: what fails fails most of the time, and sometimes it does not.</summary>
internal static class Scripting
{
    private const int InTurn = 500;
    private const double FaultyShare = 0.6;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static async Task RunAsync(FakeUpstreamServer upstream, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Write(upstream, random);
            await Task.Delay(Pause, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public static void Write(FakeUpstreamServer upstream, Random random)
    {
        var well = new FakeScript();
        foreach (var deployment in FaultyDeployment.All)
        {
            var faulty = deployment.Script.Length == 0 ? well : ScriptName.Read("fake+" + deployment.Script, well);
            upstream.Script(deployment.Name, [.. Enumerable.Range(0, InTurn).Select(_ => random.NextDouble() < FaultyShare ? faulty : well)]);
        }
    }
}
