using System.Globalization;
using System.Text.Json;
using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Storage;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Metering;

/// <summary>The world of money with a meter of each kind, and events sent to it.</summary>
internal sealed class EventScene : IAsyncDisposable
{
    public const string Source = "/meters/shop";

    private static readonly MeterDefinition[] Definitions =
    [
        Define("pictures", MeterAggregation.Sum, "count", MeterWindow.Month), Define("searches", MeterAggregation.Count, "value", MeterWindow.Month),
        Define("peak", MeterAggregation.Max, "value", MeterWindow.Day), Define("seats", MeterAggregation.Last, "value", MeterWindow.Month),
        Define("users", MeterAggregation.Unique, "value", MeterWindow.Hour),
    ];

    private EventScene(MoneyWorld world)
    {
        World = world;
        Time = new SteppedTime(MoneyWorld.MidJanuary);
        Intake = new EventIntake(world.Store, Time);
    }

    public MoneyWorld World { get; }

    public Store Store => World.Store;

    public SteppedTime Time { get; }

    public EventIntake Intake { get; }

    public static async Task<EventScene> OpenAsync(StoreFixture stores, StoreKind kind)
    {
        var scene = new EventScene(await MoneyWorld.OpenAsync(stores, kind));
        await scene.Store.WriteAsync(static async session =>
        {
            session.ChangesConfiguration();
            await CatalogRegister.DeclareAsync(session, [new Model("small", "owner", ModelKind.Chat, 1_000, 100)], [], [], []);
            return await Meters.DeclareAsync(session, Definitions);
        });
        return scene;
    }

    /// <summary>An event's JSON.</summary>
    public static string Event(string id, string meter, string data, DateTimeOffset? at = null, string source = Source) =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"{{source}}","type":"shop.{{meter}}","time":"{{InstantText.Format(at ?? MoneyWorld.MidJanuary)}}","data":{"organisation":"acme","channel":"direct",{{data}} } }""";

    /// <summary>An event that takes another one back.</summary>
    public static string Void(string id, string target, string source = Source) =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"{{Source}}","type":"dogana.usage.void","data":{"source":"{{source}}","id":"{{target}}"} }""";

    public async Task<IReadOnlyList<EventOutcome>> SendAsync(params IReadOnlyList<string> events)
    {
        using var body = JsonDocument.Parse($"[{string.Join(',', events)}]");
        return await Intake.AcceptAsync(EventIntake.Read(body.RootElement).Value, "tester");
    }

    public Task<IReadOnlyList<UsageRecord>> ReadAsync() => Store.ReadAsync(static session => UsageRecords.ReadAfterAsync(session, 0, 1_000));

    /// <summary>What each meter counted, by the instant that decides prices and with its tags.</summary>
    public async Task<string[]> CountedAsync() => [.. (await ReadAsync())
        .GroupBy(static record => $"{record.Meter} {InstantText.Format(record.OpenedAt)} {record.Tags}", StringComparer.Ordinal)
        .Select(static group => (group.Key, Sum: group.Sum(static record => record.Quantity)))
        .Where(static pair => pair.Sum != 0)
        .Select(static pair => pair.Key + " = " + pair.Sum.ToString(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal)];

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private static MeterDefinition Define(string name, MeterAggregation aggregation, string field, MeterWindow window) =>
        new(Meter.Find(name)!, "one", aggregation, "shop." + name, field, ["plan"], window);
}
