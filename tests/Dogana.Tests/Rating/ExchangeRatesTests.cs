using System.Numerics;
using Dogana.Rating;
using Dogana.Tests.Storage;
using FsCheck.Fluent;

namespace Dogana.Tests.Rating;

public sealed class ExchangeRatesTests(StoreFixture stores)
{
    private static readonly DateTimeOffset January = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset July = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ExchangeRate Rupee = new("USD", "INR", January, 82.42135m, "TigerBeetle's example");
    private static readonly Currency Dollar = Currency.Of("USD");

    [Theory] // TigerBeetle, documentation of currency exchange: 100.00 USD at 82.42135 are 8,242.14 INR
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_hundred_dollars_are_8242_14_rupees(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.WriteAsync(session => ExchangeRates.DeclareAsync(session, [Rupee], January));

        var rates = await store.ReadAsync(ExchangeRates.ReadAsync);

        var converted = rates.Convert(new Money(100m, Dollar), Currency.Of("INR"), July).Value;
        converted.ToAmountText().ShouldBe("8242.135");
        converted.Round().ToAmountText().ShouldBe("8242.14");
        (-converted).Round().ToAmountText().ShouldBe("-8242.14");
        rates.Convert(new Money(100m, Dollar), Currency.Of("INR"), January.AddTicks(-1)).Problem!.Code.ShouldBe(ProblemCode.ExchangeRateUnknown);
        rates.Convert(new Money(100m, Currency.Of("INR")), Dollar, July).Problem!.Code.ShouldBe(ProblemCode.ExchangeRateUnknown); // the inverse is not declared
        rates.Convert(new Money(100m, Dollar), Dollar, July).Value.Amount.ShouldBe(100m);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_published_rate_never_changes_and_none_comes_before_it(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await DeclareAsync([Rupee with { From = July }]);

        (await DeclareAsync([Rupee with { From = July }])).ShouldAllBe(change => change.Kind == ChangeKind.Unchanged);
        (await RefusedAsync(Rupee with { From = July, Rate = 83m })).ShouldContain("cannot change");
        (await RefusedAsync(Rupee)).ShouldContain("would come before");
        (await RefusedAsync(Rupee with { Quote = "USD" })).ShouldContain("the two are the same");
        (await RefusedAsync(Rupee with { Rate = 0m, From = July.AddDays(1) })).ShouldContain("not above 0");
        await DeclareAsync([Rupee with { From = July.AddDays(1), Rate = 83m }, Rupee with { Base = "INR", Quote = "USD", Rate = 0.012m }]);
        (await store.ReadAsync(ExchangeRates.ReadAsync)).Find("USD", "INR", July.AddDays(2))!.Rate.ShouldBe(83m);

        Task<IReadOnlyList<Change>> DeclareAsync(IReadOnlyList<ExchangeRate> rates) => store.WriteAsync(session => ExchangeRates.DeclareAsync(session, rates, January));

        async Task<string> RefusedAsync(ExchangeRate rate) => (await Should.ThrowAsync<ProblemException>(() => DeclareAsync([rate]))).Problem.Message;
    }

    [Fact]
    public void A_conversion_is_the_exact_product_rounded_half_away_from_zero_once() => Checked.ForAll(
        from units in Gen.Choose(-2_000_000_000, 2_000_000_000)
        from pico in Gen.Choose(0, 2_000_000_000)
        from whole in Gen.Choose(0, 5_000)
        from digits in Gen.Choose(1, 2_000_000_000)
        select (Amount: units * 1_000m + pico * 0.000_000_000_001m, Rate: whole + digits * 0.000_000_000_001m),
        41, item =>
        {
            var rates = new ExchangeRates([Rupee with { Rate = item.Rate }]);
            var product = new BigInteger(item.Amount * 1_000_000_000_000m) * new BigInteger(item.Rate * 1_000_000_000_000m);
            var nearest = (BigInteger.Abs(product) * 2 + 1_000_000_000_000) / 2_000_000_000_000 * product.Sign;

            if (rates.Convert(new Money(item.Amount, Dollar), Currency.Of("INR"), July).TryGet(out var converted, out var problem))
            {
                new BigInteger(converted.Amount * 1_000_000_000_000m).ShouldBe(nearest);
            }
            else
            {
                problem.Code.ShouldBe(ProblemCode.InvalidRequest);
                BigInteger.Abs(nearest).ShouldBeGreaterThan(new BigInteger(9_200_000_000_000m) * 1_000_000_000_000);
            }
        }, 2_000);
}
