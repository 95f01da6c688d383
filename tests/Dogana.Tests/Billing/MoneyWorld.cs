using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Settlement;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing;

/// <summary>One call, as a test says it.</summary>
internal sealed record Call(string Organisation, DateTimeOffset At, long Input, long Output = 0, long Cached = 0)
{
    public string Channel { get; init; } = "direct";

    public string Model { get; init; } = "small";

    public string? EndCustomer { get; init; }

    public long CacheWrites { get; init; }

    public CallEnding Ending { get; init; } = CallEnding.Completed;
}

/// <summary>A model owner, a cloud that resells, and customers in three time zones, with prices and contracts.</summary>
internal sealed class MoneyWorld : IAsyncDisposable
{
    public static readonly BillingMonth January = new(2026, 1);
    public static readonly BillingMonth February = new(2026, 2);
    public static readonly DateTimeOffset MidJanuary = new(2026, 1, 15, 12, 30, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset InFebruary = new(2026, 2, 2, 9, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset InMarch = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long _calls;

    private MoneyWorld(Store store) => Store = store;

    public static PartyTable Parties { get; } = new(
        [
            new Organisation("owner", "Owner S.p.A.", "IT", "Europe/Rome", null),
            new Organisation("cloud", "Cloud & Sons <Inc>", "US", "America/New_York", null),
            new Organisation("acme", "Acme GmbH", "DE", "Europe/Berlin", null),
            new Organisation("nippon", "Nippon KK", "JP", "Asia/Tokyo", null),
            new Organisation("pacific", "Pacific Co", "US", "Pacific/Honolulu", null),
        ],
        [new Channel("direct", "Direct", ChannelKind.Direct, "owner"), new Channel("resale", "Resale", ChannelKind.Reseller, "cloud")],
        [new Agreement("owner-cloud", "owner", "resale", MeasureFlow.Binding)],
        []);

    public Store Store { get; }

    public static async Task<MoneyWorld> OpenAsync(StoreFixture stores, StoreKind kind)
    {
        var world = new MoneyWorld(await stores.OpenAsync(kind));
        await world.Store.WriteAsync(async session =>
        {
            await PartyRegister.DeclareAsync(session, [.. Parties.Organisations.Values], [.. Parties.Channels.Values], Parties.Agreements, []);
            await PriceBooks.DeclareAsync(
                session, [new PriceBook("list", "List", "USD"), new PriceBook("yen", "Yen", "JPY")],
                [
                    new PriceBookVersion("list", Start, [new Price("small", Meter.InputTokens, 0.15m, 1_000_000), new Price("small", Meter.CachedInputTokens, 0.075m, 1_000_000),
                        new Price("small", Meter.OutputTokens, 0.60m, 1_000_000), new Price("large", Meter.InputTokens, 2.50m, 1_000_000)]),
                    new PriceBookVersion("yen", Start, [new Price("small", Meter.InputTokens, 22m, 1_000_000)]),
                ], Start);
            await Contracts.DeclareAsync(
                session, Parties,
                [
                    new Contract("acme-direct", "acme", "direct", "list", Start, null),
                    new Contract("acme-resale", "acme", "resale", "list", Start, null),
                    new Contract("nippon-direct", "nippon", "direct", "yen", Start, null),
                    new Contract("pacific-resale", "pacific", "resale", "list", Start, null),
                ], Start);
            return await ShareAgreements.DeclareAsync(
                session, Parties, [new ShareAgreement("cloud-share", "cloud", "owner", "resale", 2_000, Start, null)], Start);
        });
        return world;
    }

    /// <summary>Takes calls into the store, in their order.</summary>
    public async Task UseAsync(params IReadOnlyList<Call> calls)
    {
        foreach (var batch in calls.Chunk(UsageIntake.BatchMax))
        {
            await Store.WriteAsync(session => UsageIntake.AcceptAsync(session, [.. batch.Select(call => RecordOf(call, $"call-{++_calls:00000}"))]));
        }
    }

    /// <summary>A call as metering has it.</summary>
    public static UsageRecord RecordOf(Call call, string id) => new()
    {
        Source = "node-1",
        Id = id,
        Project = "p",
        Organisation = call.Organisation,
        EndCustomer = call.EndCustomer,
        Channel = call.Channel,
        Key = "k",
        Deployment = "d",
        Model = call.Model,
        OpenedAt = call.At,
        ClosedAt = call.At,
        Ending = call.Ending,
        InputTokens = call.Input,
        CachedInputTokens = call.Cached,
        CacheWriteTokens = call.CacheWrites,
        OutputTokens = call.Output,
    };

    public Task<AccrualReport> AccrueAsync() => Accruals.RunAsync(Store, InFebruary);

    /// <summary>Closes a month, billing and settlement, and gives its invoices.</summary>
    public async Task<IReadOnlyList<Invoice>> CloseAsync(BillingMonth month, DateTimeOffset now)
    {
        var closed = await PeriodClose.CloseAsync(Store, month, now, "tester");
        var settled = await Settlements.CloseAsync(Store, month, now, "tester");
        settled.Problem.ShouldBeNull();
        closed.Value.IsClosed.ShouldBeTrue();
        return await Store.ReadAsync(session => Invoices.ListAsync(session, month));
    }

    public Task<Client.BooksVerificationReport> VerifyAsync() => Store.ReadAsync(BooksVerification.VerifyAsync);

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
