using Dogana.Bench.Figures;

namespace Dogana.Bench;

/// <summary>One benchmark. To add one: a folder with a class of this shape, and a line in <see cref="Benchmarks"/>.</summary>
internal interface IBenchmark
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>What it measures, on one line.</summary>
    string Summary { get; }

    /// <summary>How the figures are to be read as a whole: what holds from run to run and what does not.</summary>
    IReadOnlyList<string> Reading { get; }

    /// <summary>Runs it.</summary>
    /// <exception cref="BenchmarkFailedException">It could not be measured; a figure that misses its goal is no such case.</exception>
    Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation);
}

/// <summary>How a benchmark is run.</summary>
/// <param name="IsQuick">A rough look in some seconds.</param>
/// <param name="Minutes">How long, where a benchmark can be told; null: as long as it usually does.</param>
/// <param name="Calls">How many calls, where a benchmark can be told; null: as many as it usually makes.</param>
/// <param name="Seeds">How many seeds, where a benchmark can be told; null: as many as it usually takes.</param>
/// <param name="Kills">How often what is measured is killed, where a benchmark can be told; null: as often as it usually is.</param>
/// <param name="Data">The folder of the data, where a benchmark reads some; null: where it usually lies.</param>
/// <param name="Progress">Takes what is being done, for whoever waits.</param>
internal sealed record BenchRun(bool IsQuick, double? Minutes, long? Calls, int? Seeds, int? Kills, string? Data, Action<string> Progress);

/// <summary>A benchmark could not be measured.</summary>
internal sealed class BenchmarkFailedException(string message) : Exception(message);
