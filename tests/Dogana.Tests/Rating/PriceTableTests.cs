using Dogana.Catalog;
using Dogana.Rating;
using FsCheck.Fluent;

namespace Dogana.Tests.Rating;

public sealed class PriceTableTests
{
    private static readonly DateTimeOffset January = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset July = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly PriceTable Table = new(
        [new PriceBook("list", "List", "USD")],
        [
            new PriceBookVersion("list", July, [new Price("small", Meter.InputTokens, 0.10m, 1_000_000), new Price("small", Meter.OutputTokens, 0.40m, 1_000_000)]),
            new PriceBookVersion("list", January,
            [
                new Price("small", Meter.InputTokens, 0.15m, 1_000_000), new Price("small", Meter.CachedInputTokens, 0.30m, 1_000_000),
                new Price("small", Meter.OutputTokens, 0.60m, 1_000_000), new Price("embed", Meter.InputTokens, 0.02m, 1_000_000),
            ]),
        ]);

    [Fact]
    public void A_million_calls_of_1234_tokens_at_15_cents_a_million_cost_185_10()
    {
        var call = Table.Rate("list", "small", Meter.InputTokens, 1_234, January).Value;

        call.ToAmountText().ShouldBe("0.0001851");
        (call * 1_000_000).ToAmountText().ShouldBe("185.10");
        Table.Rate("list", "small", Meter.InputTokens, 1_234_000_000, January).Value.ShouldBe(call * 1_000_000);
    }

    [Fact]
    public void A_version_is_in_force_from_its_first_instant_until_the_next_ones()
    {
        Table.Find("list", "small", Meter.InputTokens, January.AddTicks(-1)).ShouldBeNull();
        Table.Find("list", "small", Meter.InputTokens, January)!.Amount.ShouldBe(0.15m);
        Table.Find("list", "small", Meter.InputTokens, July.AddTicks(-1))!.Amount.ShouldBe(0.15m);
        Table.Find("list", "small", Meter.InputTokens, July)!.Amount.ShouldBe(0.10m);
        Table.Find("list", "embed", Meter.InputTokens, July).ShouldBeNull(); // the newer version no longer lists it
    }

    [Fact]
    public void Cached_input_costs_what_input_costs_unless_it_has_a_price()
    {
        Table.Find("list", "small", Meter.CachedInputTokens, January)!.Amount.ShouldBe(0.30m);
        Table.Find("list", "small", Meter.CachedInputTokens, July)!.Amount.ShouldBe(0.10m);
        Table.Find("list", "embed", Meter.OutputTokens, January).ShouldBeNull();
    }

    [Fact]
    public void What_has_no_price_is_a_problem_and_never_free()
    {
        var problem = Table.Rate("list", "other", Meter.InputTokens, 0, January).Problem.ShouldNotBeNull();

        problem.Code.ShouldBe(ProblemCode.PriceUnknown);
        problem.Message.ShouldContain("'other'");
        Table.Rate("none", "small", Meter.InputTokens, 1, January).Problem.ShouldNotBeNull();
        Table.UpperBound("list", "embed", January, 1, 1).ShouldBeNull();
        Table.UpperBound("list", "embed", January, 1_000_000, 0).ShouldBe(new Money(0.02m, Currency.Of("USD")));
    }

    [Fact]
    public void A_cost_beyond_the_range_is_a_problem()
    {
        Table.Rate("list", "small", Meter.InputTokens, long.MaxValue, January).TryGet(out var amount, out _).ShouldBeTrue(); // 1.4·10¹² still fits
        amount.Amount.ShouldBe(long.MaxValue * 0.00000015m);
        var dear = new PriceTable([new PriceBook("b", "B", "USD")], [new PriceBookVersion("b", January, [new Price("m", Meter.InputTokens, 1_000m, 1)])]);
        dear.Rate("b", "m", Meter.InputTokens, long.MaxValue, January).Problem.ShouldNotBeNull();
        dear.UpperBound("b", "m", January, long.MaxValue, 0).ShouldBeNull();
    }

    [Fact]
    public void No_call_costs_more_than_its_upper_bound() => Checked.ForAll(
        from cached in Gen.Choose(0, 1_000_000)
        from rest in Gen.Choose(0, 1_000_000)
        from output in Gen.Choose(0, 100_000)
        from day in Gen.Choose(0, 300)
        select (cached, rest, output, at: January.AddDays(day)),
        11, call =>
        {
            var bound = Table.UpperBound("list", "small", call.at, call.cached + call.rest, call.output)!.Value;

            var cost = Table.Rate("list", "small", Meter.InputTokens, call.rest, call.at).Value + Table.Rate("list", "small", Meter.CachedInputTokens, call.cached, call.at).Value
                + Table.Rate("list", "small", Meter.OutputTokens, call.output, call.at).Value;
            cost.ShouldBeLessThanOrEqualTo(bound);
        });

    [Fact]
    public void Splitting_a_quantity_never_changes_its_cost() => Checked.ForAll(
        Gen.Choose(0, 1_000_000).NonEmptyListOf(),
        12, parts =>
        {
            var whole = Table.Rate("list", "small", Meter.OutputTokens, parts.Sum(static part => (long)part), January).Value;

            Money.Sum(parts.Select(part => Table.Rate("list", "small", Meter.OutputTokens, part, January).Value), Currency.Of("USD")).ShouldBe(whole);
        });
}
