using Dogana.Apply;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Limits;

/// <summary>A store with a model that is offered with capacity of its own, two projects of one customer and prices for units; and the files that change it.</summary>
internal static class CapacityWorld
{
    public static readonly DateTimeOffset Start = new(2026, 10, 22, 10, 17, 25, TimeSpan.Zero);

    private const string Yaml = """
        dogana: 1
        organisations:
          - { id: northwind, name: Northwind, country: US, time_zone: America/New_York }
          - { id: acme, name: Acme, country: FR, time_zone: Europe/Paris }
        channels: [{ id: direct, name: Direct, kind: direct, seller: northwind }]
        projects:
          - { id: shop, organisation: acme, channel: direct }
          - { id: lab, organisation: acme, channel: direct }
        models:
          - id: chat
            owner: northwind
            kind: chat
            context_tokens: 100000
            max_output_tokens: 4096
            provisioned:
              - { type: global_provisioned, minimum: 15, increment: 5, input_tokens_per_minute_per_unit: 3400, output_ratio: 8 }
              - { type: regional_provisioned, minimum: 50, increment: 50, input_tokens_per_minute_per_unit: 3400, output_ratio: "7.5" }
          - { id: plain, owner: northwind, kind: chat, context_tokens: 100000, max_output_tokens: 4096 }
        upstreams: [{ id: there, kind: openai_compatible, base_url: "http://127.0.0.1:9/v1" }]
        deployments:
          - { name: chat, model: chat, upstream: there }
          - { name: plain, model: plain, upstream: there }
        price_books:
          - id: list
            name: List
            currency: USD
            versions:
              - effective_from: 2025-01-01
                prices:
                  - { model: chat, meter: input_tokens, amount: "0.01", per: 1 }
                  - { model: chat, meter: output_tokens, amount: "0.03", per: 1 }
                  - { model: chat, meter: provisioned_unit_minutes, amount: "0.60", per: 60 }
                  - { type: global_provisioned, meter: reserved_unit_minutes, amount: "0.36", per: 60 }
        contracts: [{ id: acme-direct, organisation: acme, channel: direct, price_book: list, from: 2025-01-01 }]
        """;

    public static async Task<Store> OpenAsync(StoreFixture stores, StoreKind kind)
    {
        var store = await stores.OpenAsync(kind);
        await store.DeclareAsync(Yaml, Start.AddDays(-1));
        return store;
    }

    /// <summary>A provisioned deployment.</summary>
    public static string Ptu(string name, long units, string project = "shop", string more = "") =>
        $"dogana: 1\ndeployments: [{{ name: {name}, model: chat, upstream: there, sku: global_provisioned, units: {units}, project: {project}{more} }}]";

    /// <summary>Applies a file, which must be sound.</summary>
    public static async Task DeclareAsync(this Store store, string yaml, DateTimeOffset now) => (await store.TryDeclareAsync(yaml, now)).ShouldBeEmpty();

    /// <summary>Applies a file and gives its faults.</summary>
    public static async Task<IReadOnlyList<WorldFault>> TryDeclareAsync(this Store store, string yaml, DateTimeOffset now)
    {
        var parsed = WorldFile.Parse(yaml, "w.yaml");
        return parsed.TryGet(out var world) ? (await WorldApply.ApplyAsync(store, world, now, "test", dryRun: false)).Faults : parsed.Faults;
    }
}

/// <summary>A clock that stands until it is set. Its timers do not run.</summary>
internal sealed class SetClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.Ticks;
}
