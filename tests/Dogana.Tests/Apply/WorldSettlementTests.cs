using Dogana.Apply;
using Dogana.Catalog;
using Dogana.Settlement;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Apply;

/// <summary>Shares by legs, rents and channel exports in the world file.</summary>
public sealed class WorldSettlementTests(StoreFixture stores)
{
    private const string Yaml = """
        dogana: 1
        share_agreements:
          - id: two-way
            legs:
              - id: own-sales
                payer: northwind
                payee: skyharbour
                channel: direct
                owner: northwind
                tiers: [{ up_to: 1000000, percent: 20 }, { percent: "12.5" }]
                basis: gross
                currency: USD
                cap: 38000000000
                minimum: 1000
                minimum_period: quarter
                from: 2026-01-01
                to: 2027-01-01
              - { id: embeddings, payer: skyharbour, payee: northwind, channel: direct, models: [use-lite], percent: 5, basis: collected, from: 2026-01-01 }
        rent_agreements:
          - id: servers
            lessor: skyharbour
            lessee: northwind
            currency: USD
            upstreams: [embedded]
            type: global_provisioned
            from: 2026-01-01
            units: [{ from: 2026-01-01, units: 500 }]
            versions:
              - { from: 2026-06-01, unit_hour: "2.10", minimum: 500000 }
              - { from: 2026-01-01, unit_hour: "2.10", month: 10, minimum: 750000 }
        channel_exports:
          - id: market
            channel: cloud
            format: azure
            resource: r-1
            plan: gold
            from: 2026-01-01
            dimensions: [{ dimension: tokens, models: [clerk-1], meters: [output_tokens, input_tokens], units_per_quantity: 1000, included: 10 }]
        """;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_the_file_declares_is_what_settlement_reads(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.ApplyAsync(OpeningDay.Text);

        var first = (await store.ApplyAsync(Yaml)).Value;
        var second = (await store.ApplyAsync(Yaml)).Value;
        var (shares, rents, exports) = await store.ReadAsync(async session => (
            await ShareAgreements.ReadAsync(session), await RentAgreements.ReadAsync(session), await ChannelExports.ReadAsync(session)));

        first.Select(static change => $"{change.Kind} {change.Type} {change.Id}").ShouldBe(
            ["Created share_agreement two-way/own-sales", "Created share_agreement two-way/embeddings", "Created rent_agreement servers", "Created channel_export market"]);
        second.ShouldAllBe(static change => change.Kind == ChangeKind.Unchanged);
        var usd = Currency.Of("USD");
        var leg = shares.Single(static agreement => agreement.Id == "two-way").Legs.Single(static leg => leg.Id == "own-sales");
        leg.Tiers.ShouldBe([new ShareTier(new Money(1_000_000m, usd), 2_000), new ShareTier(null, 1_250)]);
        (leg.Owner, leg.Basis, leg.Cap, leg.Guarantee).ShouldBe(("northwind", ShareBasis.Gross, new Money(38_000_000_000m, usd), new ShareGuarantee(new Money(1_000m, usd), GuaranteePeriod.Quarter)));
        var rent = rents.ShouldHaveSingleItem();
        rent.Versions.Select(static version => version.Minimum?.Amount).ShouldBe([750_000m, 500_000m]);
        (rent.Type, rent.Units.Single().Units).ShouldBe((DeploymentType.GlobalProvisioned, 500));
        exports.ShouldHaveSingleItem().Dimensions.ShouldHaveSingleItem().Meters.ShouldBe([Meter.InputTokens, Meter.OutputTokens]);
    }

    [Theory]
    [InlineData("        currency: USD\n        cap", "        cap", "needs the key 'currency'")]
    [InlineData("percent: 5, basis", "basis", "either a percent or tiers")]
    [InlineData("models: [use-lite]", "models: [use-light]", "There is no 'use-light' among the models")]
    [InlineData("payer: skyharbour, payee: northwind", "payer: northwind, payee: northwind", "would owe a share to itself")]
    [InlineData("    legs:", "    percent: 3\n    legs:", "has no percent of its own")]
    [InlineData("        minimum_period: quarter", "        minimum_period: day", "'day'")]
    [InlineData("    plan: gold\n", "", "needs the key 'plan'")]
    [InlineData("{ from: 2026-06-01, unit_hour: \"2.10\", minimum: 500000 }", "{ from: 2026-06-01 }", "has no price")]
    [InlineData("channel: direct\n        owner: northwind", "owner: northwind", null)]
    public async Task What_cannot_be_settled_is_a_fault(string part, string other, string? message)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await store.ApplyAsync(OpeningDay.Text);

        Yaml.ShouldContain(part);
        var outcome = WorldFile.Parse(Yaml.Replace(part, other, StringComparison.Ordinal), "w.yaml");
        var faults = outcome.TryGet(out var world) ? (await WorldApply.ApplyAsync(store, world, OpeningDay.Now, "operator/tester", dryRun: false)).Faults : outcome.Faults;

        (message is null ? faults.Count == 0 : faults.Any(fault => fault.Message.Contains(message, StringComparison.Ordinal))).ShouldBeTrue(string.Join("; ", faults.Select(static fault => fault.Message)));
    }
}
