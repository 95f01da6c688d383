using Dogana.Bench.Opening;

namespace Dogana.Bench;

/// <summary>All benchmarks.</summary>
internal static class Benchmarks
{
    public static IReadOnlyList<IBenchmark> All { get; } = [new OpeningBenchmark()];

    public static IBenchmark? Find(string name) => All.FirstOrDefault(benchmark => benchmark.Name == name);
}
