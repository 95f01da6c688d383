using Dogana.Bench.Access;
using Dogana.Bench.Conduct;
using Dogana.Bench.EngineSpeed;
using Dogana.Bench.Faults;
using Dogana.Bench.Growth;
using Dogana.Bench.Insight;
using Dogana.Bench.MoneyFlow;
using Dogana.Bench.Opening;
using Dogana.Bench.SideBySide;
using Dogana.Bench.Simulate;
using Dogana.Bench.Soak;
using Dogana.Bench.Standing;

namespace Dogana.Bench;

/// <summary>All benchmarks.</summary>
internal static class Benchmarks
{
    public static IReadOnlyList<IBenchmark> All { get; } =
        [new OpeningBenchmark(), new SideBySideBenchmark(), new GrowthBenchmark(), new SoakBenchmark(), new FaultsBenchmark(), new StandingBenchmark(), new AccessBenchmark(), new MoneyBenchmark(), new CloseBenchmark(), new SimulateBenchmark(), new ConductBenchmark(), new InsightBenchmark(), new EngineBenchmark()];

    public static IBenchmark? Find(string name) => All.FirstOrDefault(benchmark => benchmark.Name == name);
}
