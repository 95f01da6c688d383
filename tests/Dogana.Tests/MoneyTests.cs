using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests;

public sealed class MoneyTests
{
    private static readonly Currency Usd = Currency.Of("USD");

    [Theory]
    [InlineData("USD", "2.345", "2.35")]
    [InlineData("USD", "-2.345", "-2.35")]
    [InlineData("USD", "2.344999999999", "2.34")]
    [InlineData("JPY", "2.5", "3")]
    [InlineData("JPY", "-0.5", "-1")]
    [InlineData("KWD", "0.0005", "0.001")]
    [InlineData("KWD", "0.0004", "0.000")]
    public void Rounding_goes_to_the_minor_unit_and_half_away_from_zero(string currency, string exact, string rounded)
    {
        var money = new Money(decimal.Parse(exact, System.Globalization.CultureInfo.InvariantCulture), Currency.Of(currency));

        money.Round().ToAmountText().ShouldBe(rounded);
    }

    [Fact]
    public void Digits_beyond_pico_are_refused()
    {
        Should.Throw<ArgumentException>(() => new Money(0.0000000000001m, Usd));
        new Money(0.000000000001m, Usd).ToString().ShouldBe("0.000000000001 USD");
    }

    [Fact]
    public void Amounts_beyond_the_range_throw()
    {
        Should.Throw<OverflowException>(() => new Money(9_300_000_000_000m, Usd));
        Should.Throw<OverflowException>(() => new Money(9_000_000_000_000m, Usd) + new Money(9_000_000_000_000m, Usd));
        Should.Throw<OverflowException>(() => new Money(1m, Usd) * long.MaxValue);
    }

    [Fact]
    public void Currencies_are_never_mixed()
    {
        Should.Throw<InvalidOperationException>(() => new Money(1m, Usd) + new Money(1m, Currency.Of("EUR")));
        Should.Throw<InvalidOperationException>(() => new Money(1m, Usd) < new Money(1m, Currency.Of("EUR")));
    }

    [Fact]
    public void Nothing_is_written_without_a_sign()
    {
        (-Money.Zero(Usd)).ToAmountText().ShouldBe("0.00");
        new Money(-0.004m, Usd).Round().ToAmountText().ShouldBe("0.00");
    }

    [Fact]
    public void The_largest_exact_amount_keeps_every_digit_in_its_columns()
    {
        var money = new Money(9_000_000_000_000.123456789012m, Usd);

        (money.Micro, money.Pico).ShouldBe((9_000_000_000_000_123_456L, 789_012L));
        Money.FromParts(money.Micro, money.Pico, Usd).ShouldBe(money);
    }

    [Fact]
    public void Columns_that_are_summed_apart_give_the_sum() => Checked.ForAll(Amounts.NonEmptyListOf(), 1, amounts =>
    {
        var sum = Money.Sum(amounts, Usd);

        Money.FromParts(amounts.Sum(static amount => amount.Micro), amounts.Sum(static amount => amount.Pico), Usd).ShouldBe(sum);
    });

    [Fact]
    public void Rounding_moves_at_most_half_a_minor_unit_and_mirrors() => Checked.ForAll(Amounts, 2, amount =>
    {
        Math.Abs((amount.Round() - amount).Amount).ShouldBeLessThanOrEqualTo(0.005m);
        (-amount).Round().ShouldBe(-amount.Round());
    });

    [Fact]
    public void Splitting_loses_nothing_and_mirrors() => Checked.ForAll(
        from amount in Amounts
        from weights in Gen.Choose(0, 1_000_000).Select(static weight => (long)weight).NonEmptyListOf()
        select (amount: amount.Round(), weights: (IReadOnlyList<long>)[1, .. weights]),
        3, input =>
        {
            var parts = input.amount.Split(input.weights);

            Money.Sum(parts, Usd).ShouldBe(input.amount);
            (-input.amount).Split(input.weights).ShouldBe(parts.Select(static part => -part));
            var total = input.weights.Sum();
            for (var index = 0; index < parts.Count; index++)
            {
                Math.Abs(parts[index].Amount - input.amount.Amount * input.weights[index] / total).ShouldBeLessThan(0.01m);
            }
        });

    [Fact]
    public void Splitting_by_huge_weights_is_exact()
    {
        var parts = new Money(9_000_000_000_000.01m, Usd).Split([long.MaxValue / 3, long.MaxValue / 3, long.MaxValue / 3]);

        parts.Select(static part => part.Amount).ShouldBe([3_000_000_000_000.01m, 3_000_000_000_000m, 3_000_000_000_000m]);
    }

    [Fact]
    public void Splitting_needs_whole_minor_units_and_a_weight()
    {
        Should.Throw<ArgumentException>(() => new Money(0.001m, Usd).Split([1]));
        Should.Throw<ArgumentException>(() => new Money(1m, Usd).Split([0, 0]));
        Should.Throw<ArgumentException>(() => new Money(1m, Usd).Split([2, -1]));
    }

    [Fact]
    public void Revenue_share_plus_what_is_retained_is_the_net()
    {
        var net = new Money(1_234.57m, Usd);
        var share = net.BasisPoints(2_000).Round();

        share.Amount.ShouldBe(246.91m);
        (net - share).Amount.ShouldBe(987.66m);
    }

    private static Gen<Money> Amounts =>
        from micro in Gen.Choose(int.MinValue / 2, int.MaxValue / 2)
        from scale in Gen.Elements(1L, 7L, 1_000L)
        from pico in Gen.Choose(0, 999_999)
        select Money.FromParts(micro * scale, Math.Sign(micro) * pico, Usd);
}
