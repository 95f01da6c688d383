using System.Collections.Concurrent;
using System.Globalization;
using Dogana.Conduct;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// How much the families under a measure may still do: requests in a minute, tokens in a day (UTC), for all their projects together. Counted as calls are
/// accepted, by the most that they may use, and corrected when they are closed; each node counts for itself, from its start on. Thread-safe.
/// </summary>
internal sealed class MeasureLimits(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);

    /// <summary>Takes one call of so many tokens from every measure, or from none: then the refusal, with the time until it may succeed.</summary>
    public Problem? Take(IReadOnlyList<StandingMeasure> measures, long tokens)
    {
        if (measures.Count == 0)
        {
            return null;
        }

        var now = time.GetUtcNow();
        for (var i = 0; i < measures.Count; i++)
        {
            if (TakeOne(measures[i].Measure, tokens, now) is { } refusal)
            {
                while (--i >= 0)
                {
                    GiveBack(measures[i].Measure, tokens);
                }

                return refusal;
            }
        }

        return null;
    }

    /// <summary>Gives back what <see cref="Take"/> took: the call was refused after all.</summary>
    public void GiveBack(IReadOnlyList<StandingMeasure> measures, long tokens)
    {
        foreach (var standing in measures)
        {
            GiveBack(standing.Measure, tokens);
        }
    }

    /// <summary>Gives back the tokens that a call might have used and did not.</summary>
    public void Settle(IReadOnlyList<StandingMeasure> measures, long taken, long used)
    {
        foreach (var standing in measures)
        {
            GiveBack(standing.Measure, taken - used, requests: 0);
        }
    }

    private Problem? TakeOne(Measure measure, long tokens, DateTimeOffset now)
    {
        var (minute, day) = (now.ToUnixTimeSeconds() / 60, now.ToUnixTimeSeconds() / 86_400);
        var window = _windows.GetOrAdd(measure.Id, static _ => new Window());
        lock (window)
        {
            window.Requests = window.Minute == minute ? window.Requests : 0;
            window.Tokens = window.Day == day ? window.Tokens : 0;
            (window.Minute, window.Day) = (minute, day);
            if (window.Requests >= measure.RequestsPerMinute)
            {
                return Refusal(measure, $"{measure.RequestsPerMinute} requests in a minute", DateTimeOffset.FromUnixTimeSeconds((minute + 1) * 60) - now);
            }

            if (window.Tokens > measure.TokensPerDay - tokens)
            {
                return Refusal(
                    measure, $"{measure.TokensPerDay} tokens in a day, and this call may use {tokens}",
                    DateTimeOffset.FromUnixTimeSeconds((day + 1) * 86_400) - now);
            }

            window.Requests++;
            window.Tokens += tokens;
            return null;
        }
    }

    private void GiveBack(Measure measure, long tokens, int requests = 1)
    {
        var window = _windows[measure.Id];
        lock (window)
        {
            window.Requests = Math.Max(0, window.Requests - requests); // a new minute may have begun in between
            window.Tokens = Math.Max(0, window.Tokens - tokens);
        }
    }

    private static Problem Refusal(Measure measure, FormattableString limit, TimeSpan wait) => new(
        ProblemCode.MeasureLimited,
        $"Your corporate family is limited to {limit.ToString(CultureInfo.InvariantCulture)}: {measure.Reason} (measure {measure.Id}). To object, write to the seller of this channel.")
    {
        RetryAfter = wait,
    };

    private sealed class Window
    {
        public long Minute { get; set; }

        public long Requests { get; set; }

        public long Day { get; set; }

        public long Tokens { get; set; }
    }
}
