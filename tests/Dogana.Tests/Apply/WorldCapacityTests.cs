using Dogana.Catalog;
using Dogana.Storage;
using Dogana.Tests.Limits;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Apply;

/// <summary>What a world file may declare of provisioned capacity.</summary>
public sealed class WorldCapacityTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = CapacityWorld.Start;

    public static TheoryData<string, string, string> Faulty { get; } = new()
    {
        { Deployment("sku: global_provisioned, units: 10, project: shop"), "deployments[0].units", "would have 10 units; 'chat' is offered as global_provisioned with 15 or more" },
        { Deployment("sku: global_provisioned, units: 17, project: shop"), "deployments[0].units", "in steps of 5" },
        { Deployment("sku: data_zone_provisioned, units: 15, project: shop"), "deployments[0].sku", "'chat' is not offered as data_zone_provisioned" },
        { Deployment("sku: global_provisioned, project: shop"), "deployments[0].units", "needs the key 'units'" },
        { Deployment("sku: global_provisioned, units: 15"), "deployments[0].project", "needs the key 'project'" },
        { Deployment("units: 15"), "deployments[0].units", "A standard deployment has no units" },
        { Deployment("sku: global_provisioned, units: 15, project: nobody"), "deployments[0].project", "There is no 'nobody' among the projects" },
        { Deployment("sku: global_provisioned, units: 15, project: shop, spillover: ptu"), "deployments[0].spillover", "would spill over to itself" },
        { Deployment("sku: global_provisioned, units: 15, project: shop, spillover: plain"), "deployments[0].spillover", "which serves another model, 'plain'" },
        { Deployment("sku: global_provisioned, units: 15, project: shop, spillover: gone"), "deployments[0].spillover", "There is no deployment 'gone'" },
        { Deployment("sku: global_provisioned, units: 15, project: shop, spillover: held"), "deployments[0].spillover", "which is provisioned itself" },
        { Deployment("sku: global_provisioned, units: 45, project: lab"), "deployments[0].units", "'acme' would have 65 units of global_provisioned in global and may have 60: 'held', 'ptu'" },
        { "dogana: 1\nunit_quotas: [{ organisation: acme, type: global_provisioned, region: global, units: 19 }]", "unit_quotas[0].units", "would have 20 units" },
        { "dogana: 1\ndeployments: [{ name: chat, model: plain, upstream: there }]", "deployments[0].name", "'held' would spill over to 'chat', which serves another model" },
        {
            "dogana: 1\nmodels: [{ id: chat, owner: northwind, kind: chat, context_tokens: 2000, max_output_tokens: 1024, provisioned: [{ type: global_provisioned, minimum: 25, increment: 5, input_tokens_per_minute_per_unit: 1, output_ratio: 1 }] }]",
            "models[0].provisioned", "'held' would have 20 units"
        },
        { Reservation("from: 2026-12-01, to: 2027-01-02"), "reservations[0].to", "A reservation is for a month or a year" },
        { Reservation("from: 2026-10-01, to: 2026-11-01"), "reservations[0].from", "would begin in the past" },
        { Reservation("from: 2026-12-01, to: 2027-01-01").Replace("global_provisioned", "regional_provisioned", StringComparison.Ordinal), "reservations[0].organisation", "has no price for reserved_unit_minutes of 'regional_provisioned'" },
        { "dogana: 1\nprice_books: [{ id: b, name: B, currency: USD, versions: [{ effective_from: 2026-01-01, prices: [{ model: chat, meter: reserved_unit_minutes, amount: 1, per: 1 }] }] }]", "price_books[0].versions[0].prices[0].type", "needs the key 'type'" },
    };

    [Theory, MemberData(nameof(Faulty))]
    public async Task What_cannot_be_is_refused_where_it_stands(string yaml, string path, string message)
    {
        await using var store = await CapacityWorld.OpenAsync(stores, StoreKind.Sqlite);
        await store.DeclareAsync(CapacityWorld.Ptu("held", 20, more: ", spillover: chat"), Now);
        await store.DeclareAsync("dogana: 1\nunit_quotas: [{ organisation: acme, type: global_provisioned, region: global, units: 60 }]", Now);

        var faults = await store.TryDeclareAsync(yaml, Now);

        faults.Select(static fault => $"{fault.Path}: {fault.Message}").ShouldContain(fault => fault.StartsWith(path + ":", StringComparison.Ordinal) && fault.Contains(message, StringComparison.Ordinal), string.Join('\n', faults));
        faults.ShouldAllBe(static fault => fault.Remedy.Length > 0);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Capacity_is_declared_once_followed_in_time_and_kept_for_nobody_without_a_price(StoreKind kind)
    {
        await using var store = await CapacityWorld.OpenAsync(stores, kind);
        var both = CapacityWorld.Ptu("ptu", 15, more: ", spillover: chat") + "\nunit_quotas: [{ organisation: acme, type: global_provisioned, region: global, units: 60 }]\n"
            + "reservations: [{ id: r1, organisation: acme, channel: direct, type: global_provisioned, region: global, units: 15, from: 2026-12-01, to: 2027-12-01 }]";
        await store.DeclareAsync(both, Now);
        var version = await store.ReadConfigurationVersionAsync();
        await store.DeclareAsync(both, Now.AddDays(100));
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version, "the second time changes nothing, also when the reservation has begun");

        var catalog = await store.ReadAsync(CatalogRegister.ReadAsync);
        catalog.Models["chat"].OfferOf(DeploymentType.RegionalProvisioned).ShouldBe(new ProvisionedOffer(DeploymentType.RegionalProvisioned, 50, 50, 3_400, 7.5m));
        var deployment = catalog.Deployments["ptu"];
        (deployment.Type, deployment.Units, deployment.Project, deployment.Spillover).ShouldBe((DeploymentType.GlobalProvisioned, 15, "shop", "chat"));

        await store.DeclareAsync(CapacityWorld.Ptu("ptu", 20), Now.AddHours(1));
        await store.DeclareAsync(CapacityWorld.Ptu("ptu", 25), Now.AddHours(1));
        await store.DeclareAsync("dogana: 1\ndeployments: [{ name: ptu, model: chat, upstream: there }]", Now.AddHours(2));
        (await SpansAsync(store)).ShouldBe([$"15 {Now:HH:mm}-{Now.AddHours(1):HH:mm}", $"25 {Now.AddHours(1):HH:mm}-{Now.AddHours(2):HH:mm}"], "what held for no time was never held");
        (await store.TryDeclareAsync(both.Replace("units: 15, from", "units: 20, from", StringComparison.Ordinal), Now.AddDays(100))).ShouldHaveSingleItem().Message.ShouldContain("'r1' has begun");

        await store.DeclareAsync("dogana: 1\norganisations: [{ id: bloom, name: Bloom, country: FR, time_zone: Europe/Paris }]\nprojects: [{ id: bloom-app, organisation: bloom, channel: direct }]", Now);
        var unpriced = (await store.TryDeclareAsync(CapacityWorld.Ptu("mine", 15, "bloom-app"), Now)).ShouldHaveSingleItem();
        (unpriced.Path, unpriced.Message).ShouldBe(("deployments[0].project", $"'bloom' has no contract in force on the channel 'direct' at {InstantText.Format(Now)}."));
    }

    private static async Task<IEnumerable<string>> SpansAsync(Store store) =>
        (await store.ReadAsync(static session => CapacityRegister.ReadSpansAsync(session, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue))).Select(static span => $"{span.Units} {span.From:HH:mm}-{span.To:HH:mm}");

    private static string Deployment(string keys) => $"dogana: 1\ndeployments: [{{ name: ptu, model: chat, upstream: there, {keys} }}]";

    private static string Reservation(string keys) => $"dogana: 1\nreservations: [{{ id: r1, organisation: acme, channel: direct, type: global_provisioned, region: global, units: 15, {keys} }}]";
}
