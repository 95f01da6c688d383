using Dogana.Limits;

namespace Dogana.Gateway.Dialects;

/// <summary>What an answer's headers say of the limits that it was counted against; null where there is no limit.</summary>
/// <param name="LimitRequests">Calls in a window.</param>
/// <param name="RemainingRequests">Calls left.</param>
/// <param name="LimitTokens">Tokens in a window.</param>
/// <param name="RemainingTokens">Tokens left.</param>
/// <param name="Reset">Until the next window begins.</param>
/// <param name="ResetsAt">When the next window begins.</param>
internal readonly record struct RateLimitState(long? LimitRequests, long? RemainingRequests, long? LimitTokens, long? RemainingTokens, TimeSpan Reset, DateTimeOffset ResetsAt)
{
    /// <summary>Of what a call holds: of several limits in one unit, the one that has least left.</summary>
    public static RateLimitState? Of(Reservation reservation, DateTimeOffset now)
    {
        var (requests, tokens) = (reservation.Tightest(LimitUnit.Requests), reservation.Tightest(LimitUnit.Tokens));
        if ((tokens ?? requests) is not { } shown)
        {
            return null;
        }

        var end = requests is not null && requests.End > shown.End ? requests.End : shown.End;
        return new RateLimitState(
            requests is null ? null : Limit.UnitsDown(requests.Limit.Amount), requests is null ? null : Limit.UnitsDown(requests.Left),
            tokens is null ? null : Limit.UnitsDown(tokens.Limit.Amount), tokens is null ? null : Limit.UnitsDown(tokens.Left),
            end > now ? end - now : TimeSpan.Zero, end);
    }
}
