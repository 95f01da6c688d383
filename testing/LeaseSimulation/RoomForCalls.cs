using Dogana.Limits;

namespace Dogana.Testing.LeaseSimulation;

/// <summary>Limits with room for so many equal calls, of every unit, and in no window that ends meanwhile.</summary>
public static class RoomForCalls
{
    /// <summary>What each call costs.</summary>
    public static Money Cost { get; } = new(0.01m, Currency.Of("USD"));

    /// <summary>What each call asks for.</summary>
    public static Demand Call { get; } = Demand.OfCall(100, 100, Cost);

    /// <summary>A limit with room for so many calls.</summary>
    public static Limit LimitFor(LimitUnit unit, int room, string id) => new(
        id, unit, room * Call.Of(unit),
        unit switch
        {
            LimitUnit.Requests or LimitUnit.Tokens => LimitPeriod.Fixed(TimeSpan.FromDays(10_000)),
            LimitUnit.Money => LimitPeriod.Month("Europe/Paris"),
            _ => LimitPeriod.Draining,
        },
        ProblemCode.RateLimited, "the room");

    /// <summary>How many of so many calls at once are admitted: what drains may rise above its limit by one of them.</summary>
    public static int Admitted(LimitUnit unit, int room, int calls) => unit == LimitUnit.Throughput ? Math.Min(calls, room + 1) : room;
}
