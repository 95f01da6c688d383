using Dogana.Parties;

namespace Dogana.Tests.Parties;

/// <summary>Ten thousand organisations in every shape that would make a simple way slow, or deep. That they end is the test: a runaway is cut off by the runner.</summary>
[Trait("Category", "slow")]
public sealed class OwnershipScaleTests
{
    private const int Count = 10_000;

    private static readonly DateTimeOffset Now = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, ControlChain> Shapes =>
        new MatrixTheoryData<string, ControlChain>(["line", "parents", "star", "circle", "diamonds", "crowd"], [ControlChain.Cascade, ControlChain.Product]);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Ten_thousand_organisations_are_judged_in_any_shape(string shape, ControlChain chain)
    {
        var rule = ControlRule.Default with { Id = "rule", Chain = chain };
        var view = Make(shape, rule).At(Now);
        foreach (var party in new[] { Name(0), Name(Count / 2), Name(Count - 1) })
        {
            var affiliates = view.AffiliatesOf(party, rule);
            if (chain == ControlChain.Cascade)
            {
                affiliates.Count.ShouldBe(shape == "crowd" ? 1 : Count, shape);
                affiliates[shape == "crowd" ? party : Name(Count - 1)].Why.Count.ShouldBeLessThanOrEqualTo(Count * 2);
            }
            else
            {
                affiliates.ContainsKey(party).ShouldBeTrue();
            }
        }

        // By product, a ladder of diamonds has thousands of chains to each of its parties: a few of them.
        var asked = chain == ControlChain.Product && shape == "diamonds" ? 30 : Count;
        Enumerable.Range(0, asked).Select(number => view.FamilyOf(Name(number))).Distinct(StringComparer.Ordinal).Count().ShouldBe(shape == "crowd" ? Count : 1, shape);
    }

    private static OwnershipGraph Make(string shape, ControlRule rule)
    {
        OwnershipStatement[] statements = shape switch
        {
            "line" => [.. Enumerable.Range(1, Count - 1).Select(static number => Holds(number - 1, number, 600_000))],
            "star" => [.. Enumerable.Range(1, Count - 1).Select(static number => Holds(0, number, 1_000_000))],
            "circle" => [.. Enumerable.Range(0, Count).Select(static number => Holds(number, (number + 1) % Count, 600_000))],
            "crowd" => [.. Enumerable.Range(1, Count - 1).Select(static number => Holds(number, 0, 100))],
            "diamonds" => [.. Enumerable.Range(0, Count).SelectMany(static number => number % 3 == 0 && number + 2 < Count
                ? new[] { Holds(number, number + 1, 1_000_000), Holds(number, number + 2, 1_000_000) }
                : number % 3 != 0 && number - number % 3 + 3 < Count ? [Holds(number, number - number % 3 + 3, 300_000)] : [])],
            _ => [],
        };
        Organisation[] organisations = [.. Enumerable.Range(0, Count).Select(number => new Organisation(
            Name(number), Name(number), "SG", "Asia/Singapore", shape == "parents" && number > 0 ? Name(number - 1) : null))];
        return new OwnershipGraph(organisations, statements, [rule]);
    }

    private static string Name(int number) => $"n{number:00000}";

    private static OwnershipStatement Holds(int holder, int subject, long share) =>
        new($"s{holder}-{subject}", Name(subject), Name(holder), InterestKind.Shareholding, new ShareRange(share, share), null, null, "test");
}
