using System.Globalization;
using Dogana.Conduct;

namespace Dogana.Testing.Cases;

/// <summary>What a run saw.</summary>
/// <param name="Seed">What it was made of.</param>
/// <param name="Sequences">How many cases lived.</param>
/// <param name="Accepted">How many commands were done.</param>
/// <param name="Refused">How many were refused.</param>
/// <param name="Reached">How often each state was entered.</param>
/// <param name="Violations">Broken promises, the first 20; none when all is well.</param>
public sealed record CaseSimulationResult(int Seed, int Sequences, long Accepted, long Refused, IReadOnlyDictionary<CaseState, long> Reached, IReadOnlyList<string> Violations);

/// <summary>Random people and clocks against cases, and what must hold whatever they do. Needs no store.</summary>
public static class CaseSimulation
{
    private const int ViolationsMax = 20;

    /// <summary>Lets so many cases live, each through random commands and waits.</summary>
    /// <param name="seed">The same gives the same.</param>
    /// <param name="sequences">How many cases.</param>
    /// <param name="commands">How many commands each is given.</param>
    public static CaseSimulationResult Run(int seed, int sequences, int commands = 40)
    {
        var (accepted, refused) = (0L, 0L);
        var reached = new Dictionary<CaseState, long>();
        var violations = new List<string>();
        for (var number = 0; number < sequences && violations.Count < ViolationsMax; number++)
        {
            var random = new RandomCommands(new Random(HashCode(seed, number)));
            var watch = new CaseWatch(random.Settings);
            var step = CaseLife.Begin($"case-{number.ToString(CultureInfo.InvariantCulture)}", new ConductAccount("acme", "owner"), "a signal", CaseActor.Automation, random.Settings, random.Now);
            watch.See(null, null, step, random.Now);
            var item = step.Case;
            for (var count = 0; count < commands; count++)
            {
                random.Wait();
                if (random.IsTick())
                {
                    var advanced = CaseLife.Advance(item, random.Now);
                    watch.See(null, null, advanced, random.Now);
                    item = advanced.Case;
                }

                var (command, actor) = random.Next(item);
                if (CaseLife.Do(item, command, actor, random.Settings, random.Now).TryGet(out step, out _))
                {
                    accepted++;
                    watch.See(command, actor, step, random.Now);
                    reached[step.Case.State] = reached.GetValueOrDefault(step.Case.State) + 1;
                    item = step.Case;
                }
                else
                {
                    refused++;
                }
            }

            violations.AddRange(watch.Violations.Select(text => string.Create(CultureInfo.InvariantCulture, $"seed {seed}, case {number}: {text}")));
        }

        return new CaseSimulationResult(seed, sequences, accepted, refused, reached, [.. violations.Take(ViolationsMax)]);
    }

    private static int HashCode(int seed, int number) => unchecked((seed * 1_000_003) ^ (number * 7_919));
}
