using Dogana.Catalog;
using Dogana.Rating;
using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests.Rating;

public sealed class PriceKindTests
{
    private static readonly Currency Dollar = Currency.Of("USD");

    private static readonly Gen<Price> Prices =
        from kind in Gen.Elements(Enum.GetValues<PriceKind>())
        from per in Gen.Elements(1L, 10L, 1_000L, 1_000_000L)
        from amount in Gen.Choose(0, 5_000)
        from lengths in Gen.Choose(1, 400).ListOf(4)
        from amounts in Gen.Choose(0, 900).ListOf(5)
        from flats in Gen.Choose(0, 40).ListOf(5)
        select kind is PriceKind.Graduated or PriceKind.Volume
            ? new Price("m", Meter.InputTokens, 0, per)
            {
                Kind = kind,
                Tiers = [.. amounts.Select((cents, index) => new PriceTier(index == 4 ? null : lengths.Take(index + 1).Sum(), cents / 100m, flats[index] % 3 == 0 ? flats[index] : 0))],
            }
            : new Price("m", Meter.InputTokens, amount / 100m, kind == PriceKind.Flat ? 1 : per) { Kind = kind };

    [Theory] // Kill Bill, aviate-metering.adoc: 1,500 minutes in blocks of 10 (100 at 1.00, then 0.50) and 2,048 MB (1,024 at 0.5, then 0.1)
    [InlineData(PriceKind.Graduated, "739.4")]
    [InlineData(PriceKind.Volume, "279.8")]
    public void Kill_Bill_all_tiers_and_top_tier(PriceKind kind, string expected) =>
        (Tiered(kind, 10, new(1_000, 1.00m), new(null, 0.50m)).CostOf(1_500, Dollar) + Tiered(kind, 1, new(1_024, 0.5m), new(null, 0.1m)).CostOf(2_048, Dollar))
            .Amount.ShouldBe(Number(expected));

    [Theory] // Kill Bill, invoicing-usage: minutes 20 at 2, then 100 at 20; 10 Mbytes at 10
    [InlineData(PriceKind.Graduated, "2140")]
    [InlineData(PriceKind.Volume, "2500")]
    public void Kill_Bill_minutes_and_megabytes(PriceKind kind, string expected) =>
        (Tiered(kind, 1, new(20, 2m), new(null, 20m)).CostOf(120, Dollar) + new Price("m", Meter.InputTokens, 10m, 1).CostOf(10, Dollar)).Amount.ShouldBe(Number(expected));

    [Fact] // Zuplo and Autumn, documentation: 15,000 units
    public void Zuplo_and_Autumn_graduated_and_volume()
    {
        PriceTier[] tiers = [new(1_000, 0.1m), new(10_000, 0.05m), new(null, 0.01m)];

        Tiered(PriceKind.Graduated, 1, tiers).CostOf(15_000, Dollar).Amount.ShouldBe(600m);
        Tiered(PriceKind.Volume, 1, tiers).CostOf(15_000, Dollar).Amount.ShouldBe(150m);
        Tiered(PriceKind.Graduated, 1, new(1_000, 0.01m), new(10_000, 0.008m), new(null, 0.005m)).CostOf(15_000, Dollar).Amount.ShouldBe(107m);
    }

    [Fact] // Flexprice, documentation: 65,000 calls by volume; 4,500 in packs of 1,000
    public void Flexprice_volume_and_packages()
    {
        Tiered(PriceKind.Volume, 1, new(50_000, 0.001m), new(100_000, 0.0006m), new(null, 0.0004m)).CostOf(65_000, Dollar).Amount.ShouldBe(39m);
        new Price("m", Meter.InputTokens, 1m, 1_000) { Kind = PriceKind.Package }.CostOf(4_500, Dollar).Amount.ShouldBe(5m);
    }

    [Fact] // Chargebee, its GPT-5 example: 1.5 M tokens in packs of 1 M at 1.25
    public void Chargebee_packs_of_tokens() =>
        new Price("m", Meter.InputTokens, 1.25m, 1_000_000) { Kind = PriceKind.Package }.CostOf(1_500_000, Dollar).Amount.ShouldBe(2.50m);

    [Fact] // OpenMeter, the README of its rating of deltas: 5 at 10, then 8; volume 15 at 10, then 16 at 5
    public void OpenMeter_deltas_of_unit_and_volume_prices()
    {
        var unit = new Price("m", Meter.InputTokens, 10m, 1);
        (unit.CostOf(8, Dollar) - unit.CostOf(5, Dollar)).Amount.ShouldBe(30m);

        var volume = Tiered(PriceKind.Volume, 1, new(15, 10m), new(null, 5m));
        volume.CostOf(15, Dollar).Amount.ShouldBe(150m);
        volume.CostOf(16, Dollar).Amount.ShouldBe(80m);
        (volume.CostOf(16, Dollar) - volume.CostOf(15, Dollar)).Amount.ShouldBe(-150m + 80m);
    }

    [Fact]
    public void Nothing_used_costs_nothing_and_a_flat_price_comes_once()
    {
        var flat = new Price("m", Meter.InputTokens, 7.5m, 1) { Kind = PriceKind.Flat };

        flat.CostOf(0, Dollar).IsZero.ShouldBeTrue();
        flat.CostOf(1, Dollar).Amount.ShouldBe(7.5m);
        flat.CostOf(long.MaxValue, Dollar).Amount.ShouldBe(7.5m);
        Tiered(PriceKind.Graduated, 1, new(10, 1m, 5m), new(null, 2m, 9m)).CostOf(11, Dollar).Amount.ShouldBe(5m + 10m + 9m + 2m);
        Tiered(PriceKind.Volume, 1, new(10, 1m, 5m), new(null, 2m, 9m)).CostOf(11, Dollar).Amount.ShouldBe(9m + 22m);
        Checked.ForAll(Prices, 21, static price => (price.CostOf(0, Dollar) + price.MostOf(0, Dollar)).IsZero.ShouldBeTrue());
    }

    [Fact]
    public void More_units_never_add_more_than_their_bound() => Checked.ForAll(
        from price in Prices
        from before in Gen.Choose(0, 2_500)
        from added in Gen.OneOf(Gen.Choose(0, 5), Gen.Choose(0, 2_500))
        select (price, before, added),
        22, item => (item.price.CostOf(item.before + item.added, Dollar) - item.price.CostOf(item.before, Dollar)).ShouldBeLessThanOrEqualTo(item.price.MostOf(item.added, Dollar)), 5_000);

    [Fact]
    public void The_bound_of_more_units_is_never_lower() => Checked.ForAll(
        from price in Prices
        from some in Gen.Choose(0, 2_500)
        from more in Gen.Choose(0, 2_500)
        select (price, some, more),
        23, item => item.price.MostOf(item.some, Dollar).ShouldBeLessThanOrEqualTo(item.price.MostOf(item.some + item.more, Dollar)), 2_000);

    [Fact]
    public void Graduated_and_package_costs_never_fall_and_linear_ones_add_up() => Checked.ForAll(
        from price in Prices.Where(static price => price.Kind != PriceKind.Volume)
        from before in Gen.Choose(0, 2_500)
        from added in Gen.Choose(0, 2_500)
        select (price, before, added),
        24, item =>
        {
            var (first, both) = (item.price.CostOf(item.before, Dollar), item.price.CostOf(item.before + item.added, Dollar));
            both.ShouldBeGreaterThanOrEqualTo(first);
            if (item.price.IsLinear)
            {
                both.ShouldBe(first + item.price.CostOf(item.added, Dollar));
                item.price.MostOf(item.added, Dollar).ShouldBe(item.price.CostOf(item.added, Dollar));
            }
        }, 1_000);

    [Fact]
    public void Equal_prices_have_equal_tiers_and_the_key_names_one_of_a_version()
    {
        var price = Tiered(PriceKind.Graduated, 1, new(10, 1m), new(null, 2m));

        price.ShouldBe(Tiered(PriceKind.Graduated, 1, new(10, 1m), new(null, 2m)));
        price.GetHashCode().ShouldBe(Tiered(PriceKind.Graduated, 1, new(10, 1m), new(null, 2m)).GetHashCode());
        price.ShouldNotBe(Tiered(PriceKind.Graduated, 1, new(11, 1m), new(null, 2m)));
        price.Key.ShouldBe("graduated");
        (price with { Tiers = [], Kind = PriceKind.Unit }).Key.ShouldBe("unit");
        (price with { Kind = PriceKind.Unit, ServiceTier = ServiceTier.Priority }).Key.ShouldBe("priority");
        (price with { Kind = PriceKind.Unit, PromptAbove = 200_000 }).Key.ShouldBe("prompt>200000");
        (price with { Kind = PriceKind.Volume, ServiceTier = ServiceTier.Batch, PromptAbove = 200_000 }).Key.ShouldBe("volume/batch/prompt>200000");
    }

    [Fact]
    public void Faults_of_tiers_and_amounts_are_named()
    {
        Fault(Tiered(PriceKind.Graduated, 1, new(10, 1m), new(10, 2m), new(null, 1m))).ShouldContain("tier 2 ends at 10");
        Fault(Tiered(PriceKind.Volume, 1, new PriceTier(10, 1m))).ShouldContain("the last tier ends");
        Fault(Tiered(PriceKind.Volume, 1, new(null, 1m), new(null, 1m))).ShouldContain("tier 1 has no end");
        Fault(Tiered(PriceKind.Volume, 1)).ShouldContain("has tiers");
        Fault(Tiered(PriceKind.Volume, 3, new PriceTier(null, 1m))).ShouldContain("tier 1: 1 per 3 gives no exact price");
        Fault(Tiered(PriceKind.Volume, 1, new PriceTier(null, 1m, -1m))).ShouldContain("the amount is -1");
        Fault(Tiered(PriceKind.Unit, 1, new PriceTier(null, 1m))).ShouldContain("has no tiers");
        Fault(new Price("m", Meter.InputTokens, 1m, 3) { Kind = PriceKind.Package }).ShouldBe("");
        Fault(new Price("m", Meter.InputTokens, 1m, 3) { Kind = PriceKind.Flat }).ShouldContain("any number of units");
        Fault(new Price("m", Meter.ProvisionedUnitMinutes, 1m, 1) { PromptAbove = 1 }).ShouldContain("have no prompt");
        Checked.ForAll(Prices, 25, static price => Fault(price).ShouldBe(""));

        static string Fault(Price price) => PriceRules.FaultOf(price)?.Message ?? "";
    }

    private static Price Tiered(PriceKind kind, long per, params PriceTier[] tiers) => new("m", Meter.InputTokens, 0, per) { Kind = kind, Tiers = tiers };

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
