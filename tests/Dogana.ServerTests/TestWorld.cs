using System.Security.Cryptography;
using Dogana.Access;
using Dogana.Apply;
using Dogana.Server.Hosting;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests;

/// <summary>
/// A store with a small world in it, made before a server starts on it: a model owner, a reseller, two customers on two channels; the embedded models
/// beside a generic upstream. Prices are such that every token shows in an amount; the tier batch costs half.
/// </summary>
internal sealed class TestWorld : IAsyncDisposable
{
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);

    private TestWorld(string folder, string? postgres) => (Folder, Postgres) = (folder, postgres);

    /// <summary>The data folder.</summary>
    public string Folder { get; }

    /// <summary>The PostgreSQL store's connection string, or null on SQLite.</summary>
    public string? Postgres { get; }

    /// <summary>An admin key.</summary>
    public string AdminKey { get; private set; } = "";

    /// <summary>A project's key: <c>acme-shop</c> and <c>lumen-lab</c> buy direct, <c>lumen-app</c> through the reseller, <c>far-away</c> from a country that nobody may sell to.</summary>
    public string Key(string project) => _keys[project];

    /// <summary>How to start a server on it.</summary>
    public ServerStart Start(params string[] more) => Postgres is null ? ServerStart.OnFolder(Folder, more) : ServerStart.OnPostgres(Postgres, Folder, more);

    /// <summary>Makes the world.</summary>
    /// <param name="stores">Gives the store.</param>
    /// <param name="kind">Which store.</param>
    /// <param name="upstream">Address of the generic upstream behind the deployments <c>fake</c> and <c>fake-embed</c>, up to <c>/v1</c>.</param>
    /// <param name="more">A further world file, applied after this one.</param>
    /// <param name="postgres">An empty database in the place of one of the tests' own server.</param>
    public static async Task<TestWorld> CreateAsync(StoreFixture stores, StoreKind kind, Uri? upstream = null, string? more = null, string? postgres = null)
    {
        var world = new TestWorld(stores.NewFolder(), kind == StoreKind.Postgres ? postgres ?? await stores.NewDatabaseAsync() : null);
        await using var state = await NodeState.OpenAsync(new ServerSettings { DataFolder = world.Folder, Postgres = world.Postgres }, CancellationToken.None);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var yaml in new[] { Yaml(upstream ?? new Uri("http://127.0.0.1:9/v1")), more })
        {
            if (yaml is not null)
            {
                WorldFile.Parse(yaml, "test.yaml").TryGet(out var parsed).ShouldBeTrue();
                (await WorldApply.ApplyAsync(state.Store, parsed!, now, "test", dryRun: false)).TryGet(out _).ShouldBeTrue();
            }
        }

        using var random = RandomNumberGenerator.Create();
        foreach (var project in new[] { "acme-shop", "lumen-app", "lumen-lab", "far-away" })
        {
            world._keys[project] = await CreateKeyAsync(project);
        }

        world.AdminKey = await CreateKeyAsync(null);
        return world;

        async Task<string> CreateKeyAsync(string? project) =>
            (await state.Store.WriteAsync(session => ApiKeys.CreateAsync(session, project, "test", null, random, "test", now))).Value.Text;
    }

    /// <summary>Opens the store itself; no server may run on it where it is SQLite.</summary>
    public Task<Store> OpenStoreAsync() => Postgres is null ? Store.OpenFolderAsync(Folder) : Store.OpenPostgresAsync(Postgres);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string Yaml(Uri upstream) => $$"""
        dogana: 1
        organisations:
          - { id: northwind, name: Northwind, country: US, time_zone: America/New_York }
          - { id: skyharbour, name: Skyharbour, country: DE, time_zone: Europe/Berlin }
          - { id: acme, name: Acme, country: FR, time_zone: Europe/Paris }
          - { id: lumen-group, name: Lumen Group, country: SG, time_zone: Asia/Singapore }
          - { id: lumen, name: Lumen, country: SG, time_zone: Asia/Singapore, parent: lumen-group }
          - { id: far, name: Far, country: AQ, time_zone: Antarctica/Troll }
        channels:
          - { id: direct, name: Direct, kind: direct, seller: northwind }
          - { id: cloud, name: Cloud, kind: reseller, seller: skyharbour }
        agreements:
          - { id: northwind-cloud, owner: northwind, channel: cloud, measures: binding }
        projects:
          - { id: acme-shop, organisation: acme, channel: direct }
          - { id: lumen-app, organisation: lumen, channel: cloud }
          - { id: lumen-lab, organisation: lumen, channel: direct }
          - { id: far-away, organisation: far, channel: direct }
        models:
          - { id: clerk-1, owner: northwind, kind: chat, context_tokens: 512, max_output_tokens: 256 }
          - { id: use-lite, owner: northwind, kind: embedding, context_tokens: 128 }
          - { id: fake-chat, owner: northwind, kind: chat, context_tokens: 100000, max_output_tokens: 4096 }
          - { id: fake-embedding, owner: northwind, kind: embedding, context_tokens: 8192 }
          - { id: priceless, owner: northwind, kind: chat, context_tokens: 512, max_output_tokens: 256 }
        upstreams:
          - { id: here, kind: embedded }
          - { id: there, kind: openai_compatible, base_url: "{{upstream}}" }
        deployments:
          - { name: clerk-1, model: clerk-1, upstream: here, default_output_cap: 64 }
          - { name: use-lite, model: use-lite, upstream: here }
          - { name: fake, model: fake-chat, upstream: there, upstream_model: fake, default_output_cap: 100 }
          - { name: fake-embed, model: fake-embedding, upstream: there, upstream_model: fake-embed }
          - { name: priceless, model: priceless, upstream: here }
        markets:
          - { country: FR, models: ["*"], channels: ["*"] }
          - { country: SG, models: ["*"], channels: ["*"] }
        price_books:
          - id: usd
            name: List
            currency: USD
            versions:
              - effective_from: 2025-01-01
                prices:
                  - { model: clerk-1, meter: input_tokens, amount: "0.01", per: 1 }
                  - { model: clerk-1, meter: cached_input_tokens, amount: "0.005", per: 1 }
                  - { model: clerk-1, meter: output_tokens, amount: "0.03", per: 1 }
                  - { model: use-lite, meter: input_tokens, amount: "0.01", per: 1 }
                  - { model: fake-chat, meter: input_tokens, amount: "0.01", per: 1 }
                  - { model: fake-chat, meter: cached_input_tokens, amount: "0.005", per: 1 }
                  - { model: fake-chat, meter: output_tokens, amount: "0.03", per: 1 }
                  - { model: fake-chat, meter: response_cache_tokens, amount: "0.001", per: 1 }
                  - { model: fake-chat, meter: input_tokens, amount: "0.005", per: 1, service_tier: batch }
                  - { model: fake-chat, meter: output_tokens, amount: "0.015", per: 1, service_tier: batch }
                  - { model: fake-embedding, meter: input_tokens, amount: "0.01", per: 1 }
        contracts:
          - { id: acme-direct, organisation: acme, channel: direct, price_book: usd, from: 2025-01-01 }
          - { id: lumen-cloud, organisation: lumen, channel: cloud, price_book: usd, from: 2025-01-01 }
          - { id: lumen-direct, organisation: lumen, channel: direct, price_book: usd, from: 2025-01-01 }
          - { id: far-direct, organisation: far, channel: direct, price_book: usd, from: 2025-01-01 }
        share_agreements:
          - { id: skyharbour-northwind, payer: skyharbour, payee: northwind, channel: cloud, percent: 20, from: 2025-01-01 }
        """;
}
