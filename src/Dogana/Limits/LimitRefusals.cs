using System.Globalization;

namespace Dogana.Limits;

/// <summary>What a caller is told by whom a limit was reached.</summary>
internal static class LimitRefusals
{
    /// <summary>There is no room now.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="amount">What the call asked for.</param>
    /// <param name="left">What is left.</param>
    /// <param name="window">In which window.</param>
    /// <param name="now">When.</param>
    public static Problem Of(Limit limit, Int128 amount, Int128 left, LimitWindow window, DateTimeOffset now)
    {
        var wait = limit.Period.Kind switch
        {
            LimitPeriodKind.Draining => DrainTime(limit, amount, left),
            LimitPeriodKind.Sliding => TimeSpan.FromSeconds(2), // a slice later there is room again
            LimitPeriodKind.Once => (TimeSpan?)null,
            _ => window.End - now,
        };
        return new Problem(
            limit.Code,
            limit.Explanation ?? $"{Limited(limit)}: {Text(limit, Int128.Max(0, limit.Amount - left))} of {Text(limit, limit.Amount)} {Units(limit)} {In(limit.Period)} are used or held, and this call asks for {Text(limit, amount)}. {Remedy(limit, wait, window)}")
        {
            RetryAfter = wait,
        };
    }

    /// <summary>There will never be room for this call.</summary>
    public static Problem TooLarge(Limit limit, Int128 amount) => limit.Explanation is { } explanation ? new Problem(limit.Code, explanation)
        : limit.Amount == 0 && limit.Unit != LimitUnit.Money ? new Problem(limit.Code, $"{Limited(limit)}: nothing is allotted to it. Ask whoever administers the quota.")
        : limit.Unit == LimitUnit.Money
        ? new Problem(limit.Code, $"{Limited(limit)}: this call may cost {Text(limit, amount)} {Units(limit)}, more than the {Text(limit, limit.Amount)} of {limit.Subject}. Ask for fewer tokens, or raise the budget.")
        : new Problem(
            ProblemCode.InvalidRequest,
            $"This call may use {Text(limit, amount)} {Units(limit)}, more than the {Text(limit, limit.Amount)} {In(limit.Period)} that {limit.Subject} allows. Send less, or ask for fewer tokens.",
            "max_tokens");

    private static string Limited(Limit limit) => limit.Unit == LimitUnit.Money ? $"Spend limit reached for {limit.Subject}" : $"Rate limit reached for {limit.Subject}";

    private static string Remedy(Limit limit, TimeSpan? wait, LimitWindow window) => limit.Period.Kind switch
    {
        LimitPeriodKind.Once => "Add to the budget.",
        LimitPeriodKind.Month => $"It begins anew at {InstantText.Format(window.End)}.",
        _ => string.Create(CultureInfo.InvariantCulture, $"Try again in {Math.Max(1, Math.Ceiling(wait!.Value.TotalSeconds))} s."),
    };

    private static TimeSpan DrainTime(Limit limit, Int128 amount, Int128 left)
    {
        // Until it is no longer above the limit; where others hold what is left, until a call of this size has drained.
        var above = Int128.Max(Limit.PartsPerUnit, left > 0 ? Int128.Min(amount, limit.Amount) : -left);
        return TimeSpan.FromTicks((long)Int128.Min(above * TimeSpan.TicksPerMinute / Int128.Max(1, limit.Amount) + 1, TimeSpan.TicksPerHour));
    }

    private static string Units(Limit limit) => limit.Unit switch
    {
        LimitUnit.Requests => "requests",
        LimitUnit.Tokens => "tokens",
        LimitUnit.Throughput => "weighted tokens",
        _ => limit.Currency?.Code ?? "",
    };

    private static string In(LimitPeriod period) => period.Kind switch
    {
        LimitPeriodKind.Fixed when period.Length == TimeSpan.FromMinutes(1) => "in a minute",
        LimitPeriodKind.Fixed when period.Length == TimeSpan.FromDays(1) => "in a day",
        LimitPeriodKind.Fixed => string.Create(CultureInfo.InvariantCulture, $"in {period.Length.TotalSeconds} s"),
        LimitPeriodKind.Sliding => "in 60 s",
        LimitPeriodKind.Month => "in this month",
        LimitPeriodKind.Once => "in all",
        _ => "of a minute's capacity",
    };

    private static string Text(Limit limit, Int128 parts) => limit.Unit == LimitUnit.Money
        ? ((decimal)parts / 1_000_000_000_000m).ToString("0.############", CultureInfo.InvariantCulture)
        : Limit.UnitsUp(parts).ToString(CultureInfo.InvariantCulture);
}
