using Dogana.Limits;
using Dogana.Limits.Leasing;
using Dogana.Testing.LeaseSimulation;

namespace Dogana.Tests.Limits;

/// <summary>A node whose exchanges are made one by one, in virtual time, with a store in memory.</summary>
internal sealed class PumpedNode : IDisposable
{
    private readonly SimulatedStore _store;
    private readonly string _name;
    private long _life;
    private long _revision;

    public PumpedNode(VirtualTime time, SimulatedStore store, string name)
    {
        (_store, _name, Clock) = (store, name, new NodeClock(time, TimeSpan.Zero));
        Keeper = new LeaseKeeper(Clock);
        Begin();
    }

    public NodeClock Clock { get; }

    public LeaseKeeper Keeper { get; }

    public void Dispose() => Keeper.Dispose();

    /// <summary>A life begins.</summary>
    public void Begin()
    {
        (_life, _revision) = (_store.Begin(_name, Clock.GetUtcNow()), 0);
        Keeper.BeginLife();
    }

    /// <summary>Asks the store; the answer is not heard of yet.</summary>
    public (PendingExchange Exchange, LeaseDecision? Decision) Ask()
    {
        foreach (var (limit, window) in _store.Recalled(_name, _life))
        {
            Keeper.Recall(limit, window);
        }

        var exchange = Keeper.Begin();
        return (exchange, _store.Exchange(new LeaseRequest(_name, _life, ++_revision, exchange.Items, exchange.Calls, Clock.GetUtcNow())));
    }

    /// <summary>One whole exchange.</summary>
    public void Turn()
    {
        var (exchange, decision) = Ask();
        Keeper.Complete(exchange, decision!.Answers);
    }

    /// <summary>Reserves, asking the store where it must, and letting another node give back what is wanted.</summary>
    public Outcome<Reservation> Reserve(Limit limit, in Demand demand, PumpedNode? other = null)
    {
        if (Keeper.TryReserve(Keeper.SetOf([limit]), demand, out var outcome) is not { } waiter)
        {
            return outcome;
        }

        for (var turns = 0; !waiter.Result.Task.IsCompleted && turns < 3; turns++)
        {
            other?.Turn();
            Turn();
        }

        return OutcomeOf(waiter);
    }

    /// <summary>How it was decided.</summary>
    public static Outcome<Reservation> OutcomeOf(LeaseWaiter waiter) =>
        waiter.Result.Task.IsCompleted ? waiter.Result.Task.Result : throw new InvalidOperationException("It still waits.");
}
