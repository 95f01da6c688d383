using System.Globalization;

namespace Dogana.Bench.Wrk;

/// <summary>What a spell of wrk gave; all of its answers were good ones.</summary>
/// <param name="Requests">Whole answers.</param>
/// <param name="Elapsed">How long it ran.</param>
/// <param name="P50">Half of the calls took no longer, in milliseconds.</param>
/// <param name="P99">99 of 100 took no longer, in milliseconds.</param>
internal sealed record WrkResult(long Requests, TimeSpan Elapsed, double P50, double P99)
{
    private static readonly string[] Failures = ["answers other than 2xx and 3xx", "failed connections", "failed reads", "failed writes", "time-outs"];

    public double RequestsPerSecond => Requests / Elapsed.TotalSeconds;

    /// <summary>Reads the line that wrk.lua writes last.</summary>
    public static WrkResult Parse(string output)
    {
        var line = output.Split('\n').FirstOrDefault(static line => line.StartsWith("bench ", StringComparison.Ordinal))
            ?? throw new BenchmarkFailedException($"wrk said nothing that could be read:\n{output}");
        long[] numbers = [.. line.Split(' ').Skip(1).Select(static number => long.Parse(number, CultureInfo.InvariantCulture))];
        var failed = numbers[2..7];
        if (failed.Any(static count => count > 0) || numbers[0] == 0)
        {
            throw new BenchmarkFailedException(string.Create(
                CultureInfo.InvariantCulture, $"of {numbers[0]} calls by wrk there were: {string.Join(", ", Failures.Zip(failed, static (what, count) => $"{count} {what}"))}"));
        }

        return new WrkResult(numbers[0], TimeSpan.FromMicroseconds(numbers[1]), numbers[7] / 1000.0, numbers[8] / 1000.0);
    }
}
