using Dogana.Insight;
using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests.Insight;

public sealed class ConcentrationTests
{
    private static readonly Currency Usd = Currency.Of("USD");

    // Amounts of every size and sign, some of them equal, in micro-units.
    private static readonly Gen<PartyAmount[]> Amounts =
        from count in Gen.Choose(0, 12)
        from amounts in Gen.Choose(-20, 1_000).SelectMany(static part => Gen.Elements(1m, 0.000001m, 1_234_567.89m).Select(unit => part * unit)).ArrayOf(count)
        select amounts.Select(static (amount, i) => new PartyAmount($"p{i:00}", new Money(amount, Usd))).ToArray();

    /// <summary>Merger Guidelines of the US Department of Justice and the FTC: shares of 40, 30, 20, 10 and of 30, 30, 20, 20 per cent.</summary>
    [Theory]
    [InlineData("40 30 20 10", 3_000, 0.4, 1)]
    [InlineData("30 30 20 20", 2_600, 0.3, 1)]
    [InlineData("25 25 25 25", 2_500, 0.25, 1)]
    [InlineData("7", 10_000, 1, 1)]
    [InlineData("", 0, 0, 0)]
    [InlineData("1 1 1 1 1 1 1 1 1 1", 1_000, 0.1, 0.5)]
    public void The_index_is_that_of_the_merger_guidelines(string amounts, double index, double largest, double largestFive)
    {
        var concentration = Concentration.Of(Parties(amounts), Usd);

        concentration.Index.ShouldBe(index, 1e-12);
        concentration.Largest(1).ShouldBe(largest, 1e-15);
        concentration.Largest(5).ShouldBe(largestFive, 1e-15);
        concentration.Largest(10).ShouldBe(amounts.Length == 0 ? 0 : 1);
        concentration.EffectiveParties.ShouldBe(index == 0 ? 0 : 10_000 / index, 1e-9);
    }

    [Fact]
    public void Parties_of_like_size_are_not_concentrated_and_one_alone_is_wholly()
    {
        Concentration.Of(Parties("5 5 5"), Usd).Normalised.ShouldBe(0);
        Concentration.Of(Parties("5"), Usd).Normalised.ShouldBe(1);
        Concentration.Of(Parties("40 30 20 10"), Usd).Normalised.ShouldBe((0.3 - 0.25) / (1 - 0.25), 1e-12);
    }

    [Fact]
    public void Whoever_stands_at_zero_or_below_has_no_share_and_is_named()
    {
        var concentration = Concentration.Of(Parties("60 40 0 -50"), Usd);

        concentration.Total.ShouldBe(new Money(100m, Usd));
        concentration.LeftOut.ShouldBe([new PartyAmount("p2", Money.Zero(Usd)), new PartyAmount("p3", new Money(-50m, Usd))]);
        concentration.ShouldBeEquivalentTo(Concentration.Of(Parties("60 40"), Usd) with { LeftOut = concentration.LeftOut });
    }

    [Fact]
    public void Affiliates_under_common_control_are_disclosed_as_one_and_exactly_a_tenth_counts()
    {
        var families = new Dictionary<string, string>(StringComparer.Ordinal) { ["p2"] = "group", ["p3"] = "group" };

        Disclosed("80 10 5 5", families: null).ShouldBe(["p0", "p1"]);
        Disclosed("80 10 5 5", families).ShouldBe(["p0", "group", "p1"]);
        Disclosed("80.000001 10 5 5", families).ShouldBe(["p0"]);

        static IEnumerable<string> Disclosed(string amounts, IReadOnlyDictionary<string, string>? families) =>
            Concentration.Of(Parties(amounts), Usd, families).Disclosed().Select(static party => party.Party);
    }

    [Fact]
    public void Shares_add_up_to_one_and_the_order_of_amounts_changes_nothing() => Checked.ForAll(Amounts, 81, static amounts =>
    {
        var concentration = Concentration.Of(amounts, Usd);

        concentration.Parties.Sum(static party => party.Share).ShouldBe(concentration.Parties.Count == 0 ? 0 : 1, 1e-12);
        Concentration.Of(amounts.Reverse(), Usd).ShouldBeEquivalentTo(concentration);
        Concentration.Of(amounts.SelectMany(static whole => Halves(whole)), Usd).ShouldBeEquivalentTo(concentration);
        if (concentration.Parties.Count > 0)
        {
            concentration.Index.ShouldBeInRange(10_000.0 / concentration.Parties.Count - 1e-9, 10_000);
            concentration.Normalised.ShouldBeInRange(0, 1);
        }
    });

    [Fact]
    public void Without_nobody_it_is_the_same_and_without_one_it_is_that_of_the_others() => Checked.ForAll(Amounts, 82, static amounts =>
    {
        var concentration = Concentration.Of(amounts, Usd);

        concentration.Without(new HashSet<string>(StringComparer.Ordinal)).ShouldBeEquivalentTo(concentration);
        foreach (var party in concentration.Parties)
        {
            var others = concentration.Without(new HashSet<string>(StringComparer.Ordinal) { party.Party });
            (party.IndexWithout ?? 0).ShouldBe(others.Index, 1e-9);
            (party.IndexWithout is null).ShouldBe(others.Parties.Count == 0);
            if (party.Share is > 0 and < 0.99)
            {
                var (all, share) = (concentration.Index / 10_000, party.Share);
                (party.IndexWithout!.Value / 10_000).ShouldBe((all - share * share) / ((1 - share) * (1 - share)), 1e-9); // the formula in floating point, which cancels near one
            }
        }
    });

    [Fact]
    public void Amounts_near_the_limit_of_money_do_not_overflow()
    {
        var concentration = Concentration.Of(Parties("8000000000000.000000000001 1000000000000"), Usd);

        concentration.Index.ShouldBe(10_000 * (64.0 + 1) / 81, 1e-9);
        concentration.Disclosed().Count.ShouldBe(2);
    }

    private static IEnumerable<PartyAmount> Halves(PartyAmount whole)
    {
        var half = whole.Amount.BasisPoints(5_000);
        return [whole with { Amount = half }, whole with { Amount = whole.Amount - half }];
    }

    private static PartyAmount[] Parties(string amounts) =>
    [
        .. amounts.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(static (amount, i) => new PartyAmount($"p{i}", new Money(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Usd))),
    ];
}
