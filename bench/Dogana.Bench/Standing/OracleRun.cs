using Dogana.Bench.Figures;
using Dogana.Testing.StandingOracle;

namespace Dogana.Bench.Standing;

/// <summary>Decisions in random worlds against the oracle's.</summary>
internal static class OracleRun
{
    public static void Measure(int worlds, Rounds rounds, CancellationToken cancellation)
    {
        var (compared, different) = (0L, 0L);
        Parallel.For(1, worlds + 1, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            var (count, differences) = OracleWorld.Compare(seed);
            Interlocked.Add(ref compared, count);
            Interlocked.Add(ref different, differences.Count);
        });
        rounds.Add(StandingFigures.OracleDifferences, different, compared);
        rounds.Add(StandingFigures.OracleGraphs, worlds, 0);
    }
}
