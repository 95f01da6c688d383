using Dogana.Bench.Wrk;

namespace Dogana.Bench.SideBySide;

/// <summary>What one contestant did in one round.</summary>
/// <param name="One">One caller, whole answers.</param>
/// <param name="Many">32 callers, whole answers.</param>
/// <param name="Streams">32 callers, streams.</param>
/// <param name="CpuDuring">CPU of its process while the 32 callers called.</param>
/// <param name="CpuUntilIdle">The same, and until it was idle again.</param>
/// <param name="AllocatedBytes">What it allocated for these calls until idle; null where nobody can be asked.</param>
internal sealed record Measures(WrkResult One, WrkResult Many, WrkResult Streams, TimeSpan CpuDuring, TimeSpan CpuUntilIdle, long? AllocatedBytes)
{
    public long Calls => One.Requests + Many.Requests + Streams.Requests;

    public double CpuDuringMicroseconds => CpuDuring.TotalMicroseconds / Many.Requests;

    public double CpuMicroseconds => CpuUntilIdle.TotalMicroseconds / Many.Requests;
}
