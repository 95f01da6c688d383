using Dogana.Testing.StandingOracle;

namespace Dogana.Tests.Admission;

/// <summary>Whole decisions against an independent judge; 10,000 worlds are compared by <c>./bench/run standing</c>.</summary>
public sealed class AdmissionOracleTests
{
    [Fact]
    public void In_300_random_worlds_every_decision_is_what_the_definitions_say()
    {
        var compared = 0;
        for (var seed = 1; seed <= 300; seed++)
        {
            var (count, differences) = OracleWorld.Compare(seed);
            differences.ShouldBeEmpty();
            compared += count;
        }

        compared.ShouldBeGreaterThan(20_000);
    }
}
