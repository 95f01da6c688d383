using System.Globalization;
using Dogana.Testing.LeaseSimulation;

namespace Dogana.Tests.Limits;

/// <summary>Nodes, store and network by seed, in virtual time; 10,000 schedules run in <c>./bench/run access</c>. <c>DOGANA_SEED</c> runs one again.</summary>
[Trait("Category", "slow")]
public sealed class LeaseSimulationTests
{
    [Fact]
    public void In_1000_schedules_of_faults_no_limit_is_passed_nothing_leaks_and_nobody_starves()
    {
        var given = Environment.GetEnvironmentVariable("DOGANA_SEED");
        var (first, count) = given is null ? (1, 1_000) : (int.Parse(given, CultureInfo.InvariantCulture), 1);
        var results = new SimulationResult[count];
        Parallel.For(0, count, i => results[i] = Simulation.Run(first + i));
        var wrong = results.Where(static result => result.Found.Count > 0).ToList();
        wrong.ShouldBeEmpty(string.Join("\n\n", wrong.Take(5).Select(static result => $"DOGANA_SEED={result.Seed} ({wrongCountText(result)}): {result.Schedule}\n  {string.Join("\n  ", result.Found)}")));
        if (given is null)
        {
            results.Sum(static result => result.Admitted).ShouldBeGreaterThan(30_000);
            results.Sum(static result => result.Refused).ShouldBeGreaterThan(5_000);
        }

        static string wrongCountText(SimulationResult result) => $"{result.Calls} calls, {result.Admitted} admitted, {result.Refused} refused";
    }
}
