using System.Globalization;
using Dogana.Catalog;
using Dogana.Limits;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Tests.Gateway.Routing;
using Dogana.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dogana.Tests.Limits;

/// <summary>A store with two customers and their budgets, a clock that stands until it is moved, and nodes that turn when they are told to.</summary>
internal sealed class BudgetScene : IAsyncDisposable
{
    public static readonly Currency Usd = Currency.Of("USD");

    private static readonly PartyTable Parties = new(
        [new Organisation("seller", "Seller", "US", "UTC", null), new Organisation("acme", "Acme", "FR", "Europe/Paris", null), new Organisation("lumen", "Lumen", "SG", "Asia/Singapore", null)],
        [new Channel("direct", "Direct", ChannelKind.Direct, "seller")], [],
        [new Project("acme-shop", "acme", "direct"), new Project("acme-lab", "acme", "direct"), new Project("lumen-app", "lumen", "direct")]);

    private long _records;

    private BudgetScene(Store store) => (Store, Posting) = (store, new BudgetPosting(Clock));

    public Store Store { get; }

    public ManualClock Clock { get; } = new();

    public BudgetPosting Posting { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public static async Task<BudgetScene> OpenAsync(StoreFixture stores, StoreKind kind)
    {
        var scene = new BudgetScene(await stores.OpenAsync(kind));
        await scene.Store.WriteAsync(session => PartyRegister.DeclareAsync(
            session, [.. Parties.Organisations.Values], [.. Parties.Channels.Values], [], [.. Parties.Projects.Values]));
        return scene;
    }

    public static Budget Monthly(string id, decimal amount, BudgetScope scope = BudgetScope.Organisation, string subject = "acme") => new(id, scope, subject, Dollars(amount));

    public static Budget Prepaid(string id, decimal amount) => Monthly(id, amount) with { Period = BudgetPeriod.Once };

    public static Money Dollars(decimal amount) => new(amount, Usd);

    public async Task<Outcome<BudgetState>> TrySetAsync(Budget budget) => await Store.WriteAsync(session => Budgets.SetAsync(session, budget, "tester", Now));

    public async Task<BudgetState> SetAsync(Budget budget) => (await TrySetAsync(budget)).Value;

    public async Task<BudgetState> FindAsync(string id) => (await Store.ReadAsync(session => Budgets.FindAsync(session, id, Now))).Value;

    public Task<IReadOnlyList<Limit>> LimitsAsync(string project = "acme-shop") => Store.ReadAsync(async session =>
    {
        var (of, model) = (Parties.Projects[project], new Model("m", "seller", ModelKind.Chat, 1_000, 100));
        return (await LimitRegister.ReadAsync(session)).Find(new LimitFacts(
            of, Parties.Organisations[of.Organisation], "key-1", new Deployment("d", "m", [], 100), model, Usd));
    });

    /// <summary>The subjects of the notices that were posted, oldest first.</summary>
    public async Task<string[]> NoticesAsync() =>
        [.. await Store.ReadAsync(static session => session.QueryAsync<string>("select subject from notice order by created_at, id"))];

    public UsageRecord Record(string node, decimal charge, string project = "acme-shop", DateTimeOffset? openedAt = null) => new()
    {
        Source = node,
        Id = string.Create(CultureInfo.InvariantCulture, $"call-{Interlocked.Increment(ref _records)}"),
        Project = project,
        Organisation = Parties.Projects[project].Organisation,
        Channel = "direct",
        Key = "key-1",
        Deployment = "d",
        Model = "m",
        OpenedAt = openedAt ?? Now,
        ClosedAt = Now,
        Ending = CallEnding.Completed,
        InputTokens = 1,
        CachedInputTokens = 0,
        OutputTokens = 1,
        Charge = Dollars(charge),
    };

    public Task ShipAsync(params IReadOnlyList<UsageRecord> records) => Store.WriteAsync(session => UsageIntake.AcceptAsync(session, records, Posting));

    /// <summary>Begins a node's life; what it closed meanwhile is shipped first.</summary>
    public async Task<SteppedNode> StartAsync(string name, Func<Task>? ship = null)
    {
        var node = new SteppedNode(this, name, ship);
        await node.Leases.OpenAsync(CancellationToken.None);
        return node;
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}

/// <summary>A node of a scene.</summary>
internal sealed class SteppedNode(BudgetScene scene, string name, Func<Task>? ship) : IDisposable
{
    private readonly LeaseKeeper _keeper = new(scene.Clock);
    private NodeLeases? _leases;

    public NodeLeases Leases => _leases ??= new NodeLeases(
        _keeper, scene.Store, name, "test", _ => ship?.Invoke() ?? Task.CompletedTask, scene.Clock, NullLogger<NodeLeases>.Instance);

    public string Name => name;

    /// <summary>One turn, some time later.</summary>
    public async Task TurnAsync(double seconds = 0.1)
    {
        scene.Clock.Move(TimeSpan.FromSeconds(seconds));
        await Leases.TurnAsync(CancellationToken.None);
    }

    /// <summary>Begins a call that may cost so much, or says why not.</summary>
    public async Task<Outcome<Reservation>> ReserveAsync(decimal held, string project = "acme-shop")
    {
        var waiting = _keeper.ReserveAsync(_keeper.SetOf(await scene.LimitsAsync(project)), Demand.OfCall(1, 0, BudgetScene.Dollars(held))).AsTask();
        for (var turns = 0; !waiting.IsCompleted && turns < 100; turns++)
        {
            await TurnAsync();
            await Task.Yield();
        }

        return await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Ends a call and gives its record, which is not shipped yet.</summary>
    public UsageRecord Close(Reservation reservation, decimal charge, DateTimeOffset? openedAt = null)
    {
        scene.Clock.Move(TimeSpan.FromMilliseconds(10));
        var record = scene.Record(name, charge, openedAt: openedAt);
        scene.Clock.Move(TimeSpan.FromMilliseconds(1)); // that it ended was written before it is settled
        reservation.Settle(Demand.OfCall(2, 0, BudgetScene.Dollars(charge)), record.OpenedAt, record.ClosedAt);
        return record;
    }

    /// <summary>The same for a call that began before its limits were declared.</summary>
    public async Task<UsageRecord> CloseUnheldAsync(decimal charge, DateTimeOffset openedAt)
    {
        var record = Close(Reservation.None, charge, openedAt);
        LeaseKeeper.Add(_keeper.SetOf(await scene.LimitsAsync()), Reservation.None, Demand.OfCall(2, 0, BudgetScene.Dollars(charge)), openedAt, record.ClosedAt);
        scene.Clock.Move(TimeSpan.FromMilliseconds(1));
        return record;
    }

    /// <summary>Turns until it has nothing to say and has given back what it does not use.</summary>
    public async Task RestAsync()
    {
        for (var turn = 0; turn < 8; turn++)
        {
            await TurnAsync(seconds: 1);
        }
    }

    public void Dispose() => _keeper.Dispose();
}
