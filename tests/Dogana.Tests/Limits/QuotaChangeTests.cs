using Dogana.Limits;
using Dogana.Testing.LeaseSimulation;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Limits;

/// <summary>Limits that change while they are used, that only observe, and how they are explained; on real stores with real nodes.</summary>
public sealed class QuotaChangeTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_limit_that_is_lowered_or_raised_holds_at_once(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await using var node = await LiveNode.StartAsync(store, "node");
        var declared = Requests(1_000);
        (await ReserveAsync(node, node.Keeper.SetOf([declared], 1), 50)).ShouldBe(50);
        node.Keeper.LeftOf(node.Keeper.SetOf([declared], 1))[0].Left.ShouldBe(Limit.Parts(950), "it has it, or may ask for it");

        var lowered = node.Keeper.SetOf([declared with { Amount = Limit.Parts(60) }], 2);
        (await ReserveAsync(node, lowered, 40)).ShouldBe(10);

        (await ReserveAsync(node, node.Keeper.SetOf([declared], 1), 5)).ShouldBe(0, "what an older configuration says is passed over");
        (await ReserveAsync(node, node.Keeper.SetOf([declared with { Amount = Limit.Parts(70) }], 3), 40)).ShouldBe(10);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_limit_that_only_observes_refuses_nobody_and_names_those_that_it_would_have(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var log = new RefusalLog();
        await using var node = await LiveNode.StartAsync(store, "node", log);
        var set = node.Keeper.SetOf([Requests(5) with { Mode = LimitMode.Observe }]);

        (await ReserveAsync(node, set, 12)).ShouldBe(12);

        await UntilAsync(() => log.Counts().Sum(static item => item.Count) == 7);
        log.Counts().ShouldHaveSingleItem().IsObserved.ShouldBeTrue();
        await log.KeepAsync(store, TimeProvider.System.GetUtcNow());
        var kept = await store.ReadAsync(session => RefusalLog.ListAsync(session, null, null, null, null, 100));
        kept.Count.ShouldBe(7);
        kept.ShouldAllBe(static item => item.IsObserved && item.Asked == Limit.Parts(1) && item.Left == 0 && item.Call.Project == "p");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_another_limit_refuses_an_observing_one_has_not_seen(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var log = new RefusalLog();
        await using var node = await LiveNode.StartAsync(store, "node", log);
        var observing = Requests(4) with { Id = "quota/o/requests", Mode = LimitMode.Observe };
        var set = node.Keeper.SetOf([observing, Requests(3)]);

        (await ReserveAsync(node, set, 10)).ShouldBe(3);
        (await ReserveAsync(node, node.Keeper.SetOf([observing]), 1)).ShouldBe(1);

        await UntilAsync(() => node.Keeper.LeftOf(node.Keeper.SetOf([observing]))[0].Left == 0);
        log.Counts().ShouldBe([("quota", false, 7)], "the four that it saw are four");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_limit_is_explained_as_its_nodes_told_the_store(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await using var node = await LiveNode.StartAsync(store, "node-a");
        var limit = Requests(10);
        (await ReserveAsync(node, node.Keeper.SetOf([limit]), 4)).ShouldBe(4);

        LimitState state = null!;
        await UntilAsync(async () => (state = (await store.ReadAsync(session => LimitState.ReadAsync(session, [limit], store.IsShared, TimeProvider.System.GetUtcNow())))[0]).Used == Limit.Parts(4));

        state.Left.ShouldBe(Limit.Parts(6), "what the node has at hand it gives back");
        state.Free.ShouldAllBe(static item => item.Node == "node-a" && item.IsLive);
        state.Refusal(Limit.Parts(6), TimeProvider.System.GetUtcNow()).ShouldBeNull();
        state.Refusal(Limit.Parts(7), TimeProvider.System.GetUtcNow())!.Message.ShouldBe(
            (await node.Keeper.ReserveAsync(node.Keeper.SetOf([limit]), new Demand(Limit.Parts(7), 0, 0, 0), TestContext.Current.CancellationToken)).Problem!.Message);
        state.Refusal(Limit.Parts(11), TimeProvider.System.GetUtcNow())!.Code.ShouldBe(ProblemCode.InvalidRequest);
    }

    // Long, so that no window ends meanwhile.
    private static Limit Requests(int count) =>
        new("quota/q/requests", LimitUnit.Requests, Limit.Parts(count), LimitPeriod.Fixed(TimeSpan.FromDays(10_000)), ProblemCode.RateLimited, "'m' (quota q)");

    // How many of so many calls at once are admitted.
    private static async Task<int> ReserveAsync(LiveNode node, LimitSet set, int calls)
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, calls).Select(async number =>
            await node.Keeper.ReserveAsync(set, new Demand(Limit.Parts(1), 0, 0, 0) { By = new LimitedCall($"{number:000}", "p", "d") }, TestContext.Current.CancellationToken)));
        return outcomes.Count(static outcome => outcome.Problem is null);
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    // The node turns by itself: its next turns are waited for.
    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
