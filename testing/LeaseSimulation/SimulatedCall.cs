using Dogana.Limits;
using Dogana.Limits.Leasing;

namespace Dogana.Testing.LeaseSimulation;

/// <summary>A call: what it asks for, and what it took.</summary>
internal sealed class SimulatedCall(SimulatedNode node, TrueUse[] limits, Demand demand, Demand used)
{
    private Taken?[] _taken = [];

    public SimulatedNode Node { get; } = node;

    public TrueUse[] Limits { get; } = limits;

    public Demand Demand { get; } = demand;

    /// <summary>What it will have used.</summary>
    public Demand Used { get; set; } = used;

    public LeaseWaiter? Waiter { get; set; }

    public long Since { get; init; }

    public Reservation? Reservation { get; private set; }

    /// <summary>It is admitted. Gives what is wrong with that.</summary>
    public IEnumerable<string> Admit(Reservation reservation, long now, long skew)
    {
        Reservation = reservation;
        _taken = new Taken?[Limits.Length];
        for (var i = 0; i < Limits.Length; i++)
        {
            var limit = Limits[i].Limit;
            if (limit.Mode == LimitMode.Enforce && Limits[i].Take(Demand.Of(limit.Unit), limit.Period.At(Node.Clock.GetUtcNow()), now, skew, out _taken[i]!) is { } wrong)
            {
                yield return wrong;
            }
        }
    }

    /// <summary>It ends. Gives the money that it used, by limit.</summary>
    public Taken[] Settle(long now)
    {
        Reservation!.Settle(Used);
        return Correct(Used, now);
    }

    /// <summary>Its process died: it is not charged, and of rates it may have used all that it took.</summary>
    public void Interrupt(long now)
    {
        for (var i = 0; i < Limits.Length; i++)
        {
            if (_taken[i] is { } taken && !Limits[i].Limit.Period.IsRate)
            {
                Limits[i].Correct(taken, 0, now);
            }
        }
    }

    private Taken[] Correct(Demand used, long now)
    {
        for (var i = 0; i < Limits.Length; i++)
        {
            if (_taken[i] is { } taken)
            {
                Limits[i].Correct(taken, used.Of(Limits[i].Limit.Unit), now);
                taken.Of = Limits[i];
            }
        }

        return [.. _taken.OfType<Taken>().Where(static taken => !taken.Of!.Limit.Period.IsRate)];
    }
}
