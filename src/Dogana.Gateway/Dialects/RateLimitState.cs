using Dogana.Limits;

namespace Dogana.Gateway.Dialects;

/// <summary>What an answer's headers say of the limits that it was counted against; null where no limit is of the unit.</summary>
/// <param name="Requests">Of calls.</param>
/// <param name="Tokens">Of tokens.</param>
internal readonly record struct RateLimitState(UnitLimit? Requests, UnitLimit? Tokens)
{
    /// <summary>Of what a call holds: of several limits in one unit, the one that has least left.</summary>
    public static RateLimitState? Of(Reservation reservation, DateTimeOffset now)
    {
        var state = new RateLimitState(UnitLimit.Of(reservation.Tightest(LimitUnit.Requests), now), UnitLimit.Of(reservation.Tightest(LimitUnit.Tokens), now));
        return state == default ? null : state;
    }
}

/// <summary>A limit in one unit.</summary>
/// <param name="Limit">How many in all; of requests how many in a minute, whatever slice they are checked in.</param>
/// <param name="Remaining">How many are left until it begins anew.</param>
/// <param name="Reset">Until it is whole again, where nothing more is used.</param>
/// <param name="ResetsAt">When that is.</param>
internal readonly record struct UnitLimit(long Limit, long Remaining, TimeSpan Reset, DateTimeOffset ResetsAt)
{
    public static UnitLimit? Of(LimitLeft? left, DateTimeOffset now)
    {
        if (left is null)
        {
            return null;
        }

        // What was used in this slice of a sliding window leaves it a minute after the slice.
        var (limit, period) = (left.Limit, left.Limit.Period);
        var end = period.Kind == LimitPeriodKind.Sliding ? left.End + period.Length : left.End;
        return new UnitLimit(limit.ShownAmount ?? Limits.Limit.UnitsDown(limit.Amount), Limits.Limit.UnitsDown(left.Left), end > now ? end - now : TimeSpan.Zero, end);
    }
}
