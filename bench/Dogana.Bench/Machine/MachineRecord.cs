using System.Globalization;

namespace Dogana.Bench.Machine;

/// <summary>Where a run took place.</summary>
internal sealed record MachineRecord(int Cores, string Cpu, string Dotnet, double Load)
{
    public static MachineRecord Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchmarkFailedException("Benchmarks read a process's cost from /proc: they need Linux.");
        }

        var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal));
        return new MachineRecord(
            Environment.ProcessorCount,
            cpu?.Split(':', 2)[1].Trim() ?? "unknown",
            Environment.Version.ToString(),
            ReadLoad());
    }

    /// <summary>The load average of the last minute.</summary>
    public static double ReadLoad() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}
