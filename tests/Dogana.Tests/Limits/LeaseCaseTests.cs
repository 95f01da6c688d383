using Dogana.Limits;
using Dogana.Testing.LeaseSimulation;

namespace Dogana.Tests.Limits;

/// <summary>What the simulation found, each by itself.</summary>
public sealed class LeaseCaseTests : IDisposable
{
    private readonly VirtualTime _time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SimulatedStore _store = new();
    private readonly List<PumpedNode> _nodes = [];

    public void Dispose() => _nodes.ForEach(static node => node.Dispose());

    [Fact]
    public void Of_two_calls_that_need_the_same_two_limits_one_gets_both()
    {
        // Were each limit given by itself, each call would hold one of them, and wait for the other until both were refused.
        var (one, other) = (NodeOf("one"), NodeOf("other"));
        Limit[] limits = [LimitOf("a", LimitPeriod.Once, 1), LimitOf("b", LimitPeriod.Once, 1)];
        var first = one.Keeper.TryReserve(one.Keeper.SetOf(limits), Demand.OfCall(0, 0, default), out _)!;
        var second = other.Keeper.TryReserve(other.Keeper.SetOf([.. limits.Reverse()]), Demand.OfCall(0, 0, default), out _)!;
        one.Turn();
        other.Turn();
        one.Turn();
        other.Turn();
        PumpedNode.OutcomeOf(first).Problem.ShouldBeNull();
        PumpedNode.OutcomeOf(second).Problem!.Code.ShouldBe(ProblemCode.RateLimited);
    }

    [Fact]
    public void What_drains_is_not_taken_from_a_lease_whose_answer_came_late()
    {
        var node = NodeOf("node");
        var limit = LimitOf("a", LimitPeriod.Draining, 100);
        node.Reserve(limit, Demand.OfCall(0, 0, default)).Problem.ShouldBeNull();
        _time.RunUntil(_time.Now + 1_200_000);
        var (exchange, decision) = node.Ask();
        decision!.Rows.Single().Free.ShouldBeGreaterThan(0);
        _time.RunUntil(_time.Now + 3_000_000); // the process stood still
        node.Keeper.Complete(exchange, decision.Answers);
        node.Keeper.TryReserve(node.Keeper.SetOf([limit]), Demand.OfCall(0, 0, default), out _).ShouldNotBeNull("it asks first");
    }

    [Fact]
    public void What_one_call_may_rise_above_what_drains_is_not_for_others_when_it_left()
    {
        var node = NodeOf("node");
        var limit = LimitOf("a", LimitPeriod.Draining, 100, LimitUnit.Throughput);
        node.Reserve(limit, Demand.OfCall(0, 95, default)).Problem.ShouldBeNull();
        var large = node.Keeper.TryReserve(node.Keeper.SetOf([limit]), Demand.OfCall(0, 1_000, default), out _)!;
        var (exchange, decision) = node.Ask();
        node.Keeper.Cancel(large);
        node.Keeper.Complete(exchange, decision!.Answers);
        var small = node.Keeper.SetOf([limit]);
        node.Keeper.TryReserve(small, Demand.OfCall(0, 10, default), out _).ShouldBeNull("at 95 there is room for one");
        node.Keeper.TryReserve(small, Demand.OfCall(0, 10, default), out _).ShouldNotBeNull("at 105 there is none, whatever the large one was given");
    }

    [Fact]
    public void A_late_correction_takes_nothing_from_what_came_in_after_it()
    {
        var (one, other) = (NodeOf("one"), NodeOf("other"));
        var limit = LimitOf("a", LimitPeriod.Draining, 100, LimitUnit.Throughput);
        one.Reserve(limit, Demand.OfCall(0, 50, default)).TryGet(out var held, out _);
        one.Turn();
        _time.RunUntil(_time.Now + 60_000_000); // it drained long ago
        held.Settle(default);
        other.Reserve(limit, Demand.OfCall(0, 40, default), one).Problem.ShouldBeNull();
        other.Turn();
        one.Turn();
        Limit.UnitsUp(_store.Buckets["a"].Level).ShouldBe(40);
    }

    [Fact]
    public void A_limit_that_is_lowered_holds_for_what_was_leased_before()
    {
        var node = NodeOf("node");
        var limit = LimitOf("a", LimitPeriod.Once, 100);
        var demand = new Demand(Limit.Parts(30), 0, 0, 0);
        node.Reserve(limit, demand).Problem.ShouldBeNull();
        _time.RunUntil(_time.Now + 600_000);
        node.Turn();
        node.Keeper.TryReserve(node.Keeper.SetOf([limit with { Amount = Limit.Parts(40) }]), demand, out _);
        node.Turn();
        node.Reserve(limit with { Amount = Limit.Parts(40) }, demand).Problem!.Code.ShouldBe(ProblemCode.RateLimited);
    }

    [Fact]
    public void When_the_node_stops_nobody_waits_for_it()
    {
        var node = NodeOf("node");
        var limit = LimitOf("a", LimitPeriod.Once, 1);
        var waiter = node.Keeper.TryReserve(node.Keeper.SetOf([limit]), Demand.OfCall(0, 0, default), out _)!;
        node.Keeper.Close(new Problem(ProblemCode.ShuttingDown, "The server is stopping."));
        PumpedNode.OutcomeOf(waiter).Problem!.Code.ShouldBe(ProblemCode.ShuttingDown);
        node.Keeper.TryReserve(node.Keeper.SetOf([limit]), Demand.OfCall(0, 0, default), out var outcome).ShouldBeNull();
        outcome.Problem!.Code.ShouldBe(ProblemCode.ShuttingDown);
    }

    [Fact]
    public void What_open_calls_hold_of_money_is_held_in_the_nodes_next_life_too()
    {
        var node = NodeOf("node");
        var limit = LimitOf("a", LimitPeriod.Once, 10);
        var demand = new Demand(Limit.Parts(4), 0, 0, 0);
        node.Reserve(limit, demand).TryGet(out var held, out _);
        node.Begin();
        node.Turn();
        var other = NodeOf("other");
        other.Reserve(limit, new Demand(Limit.Parts(7), 0, 0, 0), node).Problem!.Code.ShouldBe(ProblemCode.RateLimited);
        held.Release();
        _time.RunUntil(_time.Now + 1_200_000);
        node.Turn(); // what came back is told within a second
        other.Reserve(limit, new Demand(Limit.Parts(10), 0, 0, 0), node).Problem.ShouldBeNull();
    }

    private static Limit LimitOf(string id, LimitPeriod period, long units, LimitUnit unit = LimitUnit.Requests) =>
        new(id, unit, Limit.Parts(units), period, ProblemCode.RateLimited, "the test");

    private PumpedNode NodeOf(string name)
    {
        var node = new PumpedNode(_time, _store, name);
        _nodes.Add(node);
        return node;
    }
}
