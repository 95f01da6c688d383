using Dogana.Bench.Figures;

namespace Dogana.Bench.Standing;

internal static class OracleRun
{
    public static void Measure(int worlds, Rounds rounds, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        rounds.Add(StandingFigures.OracleGraphs, worlds, 0);
    }
}
