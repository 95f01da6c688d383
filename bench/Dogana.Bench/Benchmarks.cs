using Dogana.Bench.Opening;
using Dogana.Bench.SideBySide;

namespace Dogana.Bench;

/// <summary>All benchmarks.</summary>
internal static class Benchmarks
{
    public static IReadOnlyList<IBenchmark> All { get; } = [new OpeningBenchmark(), new SideBySideBenchmark()];

    public static IBenchmark? Find(string name) => All.FirstOrDefault(benchmark => benchmark.Name == name);
}
