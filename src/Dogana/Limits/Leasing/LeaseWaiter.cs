namespace Dogana.Limits.Leasing;

/// <summary>A call that waits for room.</summary>
internal sealed class LeaseWaiter(LimitSet set, Demand demand, long since)
{
    public LimitSet Set { get; } = set;

    public Demand Demand { get; } = demand;

    /// <summary>Since when, on the monotonic clock.</summary>
    public long Since { get; } = since;

    public TaskCompletionSource<Outcome<Reservation>> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Gives back what an outcome holds.</summary>
internal static class ReservationOutcome
{
    public static void Release(this Outcome<Reservation> outcome)
    {
        if (outcome.TryGet(out var reservation, out _))
        {
            reservation.Release();
        }
    }
}
