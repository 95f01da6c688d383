using Dogana.Admission;
using Dogana.Apply;
using Dogana.Audit;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Tests.Apply;
using Dogana.Tests.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dogana.Tests.Catalog;

/// <summary>The lives of models, release waves, tiers and places, from a world file into a store and out of it.</summary>
public sealed class ReleaseWorldTests(StoreFixture stores)
{
    private const string Text = """
        dogana: 1
        organisations:
          - { id: acme-retail, name: Acme Retail SA, country: FR, time_zone: Europe/Paris, weight: 3 }
        projects:
          - { id: acme-shop, organisation: acme-retail, channel: direct, service_tier: priority, priority: true }
          - { id: lumen-lab, organisation: lumen-media, channel: direct, service_tier: batch }
        models:
          - { id: old, owner: northwind, kind: chat, context_tokens: 512, max_output_tokens: 256, released_at: 2025-01-01, deprecated_at: 2026-08-01, retires_at: 2027-01-01, replacement: clerk-1 }
        upstreams:
          - { id: narrow, kind: openai, open_calls_max: 7, queue_max: 50, queue_seconds: 9, forwards_service_tier: true }
        release_waves:
          - { id: first, model: clerk-1, from: 2026-09-01, channels: [cloud], countries: [FR, SG], organisations: [lumen-media], projects: [lumen-app], families: [lumen-group] }
          - { id: second, model: clerk-1, from: "2026-12-01T08:00:00.000001Z", channels: ["*"] }
        """;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_declared_is_what_is_read_and_again_changes_nothing(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        (await store.ApplyAsync(OpeningDay.Text)).TryGet(out _).ShouldBeTrue();

        (await store.ApplyAsync(Text)).Value.Select(static change => $"{change.Kind} {change.Type} {change.Id}").ShouldBe(
        [
            "Updated organisation acme-retail", "Updated project acme-shop", "Updated project lumen-lab", "Created model old", "Created upstream narrow",
            "Created release_wave first", "Created release_wave second",
        ]);
        var version = await store.ReadConfigurationVersionAsync();
        (await store.ApplyAsync(Text)).Value.ShouldAllBe(static change => change.Kind == ChangeKind.Unchanged);
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version);

        var (parties, catalog) = await store.ReadAsync(async session => (await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session)));
        (parties.Organisations["acme-retail"].Weight, parties.Organisations["lumen-media"].Weight).ShouldBe((3, 1));
        parties.Projects.Values.OrderBy(static item => item.Id, StringComparer.Ordinal).Select(static item => (item.ServiceTier, item.MayUsePriority))
            .ShouldBe([("priority", true), ("standard", false), ("batch", false)]);
        var upstream = catalog.Upstreams["narrow"];
        (upstream.OpenCallsMax, upstream.QueueMax, upstream.QueueTime, upstream.ForwardsServiceTier).ShouldBe((7, 50, TimeSpan.FromSeconds(9), true));
        catalog.Upstreams["embedded"].OpenCallsMax.ShouldBeNull();
        var old = catalog.Models["old"];
        (old.ReleasedAt, old.DeprecatedAt, old.RetiresAt, old.Replacement).ShouldBe((At(2025, 1), At(2026, 8), At(2027, 1), "clerk-1"));
        (old.StateAt(At(2026, 7)), old.StateAt(At(2026, 8)), old.StateAt(At(2027, 1))).ShouldBe((ModelState.Active, ModelState.Deprecated, ModelState.Retired));
        var (first, second) = (catalog.Waves[0], catalog.Waves[1]);
        (string.Join(' ', first.Channels!), string.Join(' ', first.Countries!), string.Join(' ', first.Organisations!), string.Join(' ', first.Projects!), string.Join(' ', first.Families!))
            .ShouldBe(("cloud", "FR SG", "lumen-media", "lumen-app", "lumen-group"));
        (second.Channels, second.Families, second.From).ShouldBe((null, null, At(2026, 12).AddHours(8).AddMicroseconds(1)));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_table_ends_at_the_next_wave_deprecation_or_retirement(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        (await store.ApplyAsync(OpeningDay.Text)).TryGet(out _).ShouldBeTrue();
        (await store.ApplyAsync(Text)).TryGet(out _).ShouldBeTrue();
        var ends = new List<DateTimeOffset>();
        for (DateTimeOffset? at = OpeningDay.Now; at is { } instant; at = await EndAsync(instant))
        {
            ends.Add(instant);
        }

        ends.Skip(1).ShouldBe([At(2026, 8), At(2026, 9), At(2026, 12).AddHours(8).AddMicroseconds(1), At(2027, 1)]);

        Task<DateTimeOffset?> EndAsync(DateTimeOffset at) => store.ReadAsync(async session =>
            (await AdmissionTable.ReadAsync(session, await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session), at)).ValidUntil);
    }

    [Theory]
    [InlineData("retires_at: 2027-01-01", "retires_at: 2026-08-01", "models[0].retires_at")]
    [InlineData("released_at: 2025-01-01", "released_at: 2026-10-01", "models[0].deprecated_at")]
    [InlineData("replacement: clerk-1", "replacement: old", "models[0].replacement")]
    [InlineData("service_tier: priority, priority: true", "service_tier: priority", "projects[0].service_tier")]
    [InlineData("service_tier: batch", "service_tier: flex", "projects[1].service_tier")]
    [InlineData("weight: 3", "weight: 0", "organisations[0].weight")]
    [InlineData("kind: openai, open_calls_max: 7", "kind: openai", "upstreams[0].queue_max upstreams[0].queue_seconds")]
    [InlineData("kind: openai,", "kind: anthropic,", "upstreams[0].forwards_service_tier")]
    [InlineData("kind: openai, open_calls_max: 7, queue_max: 50, queue_seconds: 9, forwards_service_tier: true", "kind: embedded, open_calls_max: 7", "upstreams[0].open_calls_max")]
    [InlineData("channels: [\"*\"]", "channels: [\"*\", cloud]", "release_waves[1].channels")]
    [InlineData(", channels: [\"*\"]", "", "release_waves[1].channels")]
    public void What_contradicts_itself_is_named(string old, string replacement, string paths)
    {
        Text.ShouldContain(old);
        WorldFile.Parse(Text.Replace(old, replacement, StringComparison.Ordinal), "w.yaml").Faults.Select(static fault => fault.Path).ShouldBe(paths.Split(' '));
    }

    [Fact]
    public async Task What_there_is_not_is_named()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        (await store.ApplyAsync(OpeningDay.Text)).TryGet(out _).ShouldBeTrue();
        var yaml = Text.Replace("replacement: clerk-1", "replacement: gone", StringComparison.Ordinal).Replace("families: [lumen-group]", "families: [nobody]", StringComparison.Ordinal);

        (await store.ApplyAsync(yaml)).Faults.Select(static fault => fault.Path).ShouldBe(["models[0].replacement", "release_waves[0].families[0]"]);
    }

    [Fact]
    public async Task Models_come_in_pages_with_their_waves_and_by_owner_and_state()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        (await store.ApplyAsync(OpeningDay.Text)).TryGet(out _).ShouldBeTrue();
        (await store.ApplyAsync(Text)).TryGet(out _).ShouldBeTrue();
        await using var server = await ServeAsync(store, new SteppedTime(At(2026, 8)));
        using var client = new AdminClient(new HttpClient { BaseAddress = new Uri(server.Urls.Single()) }, adminKey: null);

        var page = await client.ListModelsAsync(limit: 2);
        (string.Join(' ', page.Data.Select(static item => item.Id)), page.Next).ShouldBe(("clerk-1 old", "old"));
        (await client.ListModelsAsync(after: page.Next, limit: 2)).ShouldSatisfyAllConditions(last => last.Data.Single().Id.ShouldBe("use-lite"), last => last.Next.ShouldBeNull());
        page.Data[0].Waves.Select(static wave => wave.Id).ShouldBe(["first", "second"]);
        (page.Data[0].Waves[0].Families, page.Data[0].Waves[1].Channels, page.Data[0].State).ShouldSatisfyAllConditions(
            item => item.Families.ShouldBe(["lumen-group"]), item => item.Channels.ShouldBeNull(), item => item.State.ShouldBe("active"));
        (await client.ListModelsAsync(state: "deprecated")).Data.Single().Replacement.ShouldBe("clerk-1");
        (await client.ListModelsAsync(owner: "skyharbour")).Data.ShouldBeEmpty();
        (await client.GetModelAsync("clerk-1")).Deployments.ShouldBe(["clerk-1"]);
        (await Should.ThrowAsync<DoganaException>(client.ListModelsAsync(state: "gone"))).Status.ShouldBe(400);
        (await Should.ThrowAsync<DoganaException>(client.ListModelsAsync(limit: 0))).Status.ShouldBe(400);
        (await Should.ThrowAsync<DoganaException>(client.GetModelAsync("gone"))).Status.ShouldBe(404);
    }

    private static DateTimeOffset At(int year, int month) => new(year, month, 1, 0, 0, 0, TimeSpan.Zero);

    private static async Task<WebApplication> ServeAsync(Store store, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(time);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.PropertyNamingPolicy = DoganaJson.Options.PropertyNamingPolicy);
        var server = builder.Build();
        server.Use(async (http, next) =>
        {
            http.SetActor("key-7");
            await next(http);
        });
        server.MapGroup("/admin/v1").MapModels();
        await server.StartAsync();
        return server;
    }
}
