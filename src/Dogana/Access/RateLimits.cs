using System.Collections.Concurrent;
using System.Globalization;
using Dogana.Catalog;

namespace Dogana.Access;

/// <summary>What a project may still do with a deployment in this minute; null where there is no limit.</summary>
/// <param name="LimitRequests">Calls in a minute.</param>
/// <param name="RemainingRequests">Calls left.</param>
/// <param name="LimitTokens">Tokens in a minute.</param>
/// <param name="RemainingTokens">Tokens left.</param>
/// <param name="Reset">Until the next minute begins.</param>
/// <param name="ResetsAt">When the next minute begins.</param>
public readonly record struct RateLimitState(long? LimitRequests, long? RemainingRequests, long? LimitTokens, long? RemainingTokens, TimeSpan Reset, DateTimeOffset ResetsAt);

/// <summary>
/// Requests and tokens per minute of each project on each deployment, counted as Azure OpenAI does: what a call may use at most is added as it is
/// accepted, and the count begins anew with each minute. Each node counts for itself. Thread-safe; what is taken never exceeds a limit.
/// </summary>
public sealed class RateLimits(TimeProvider time)
{
    private const int WindowsMax = 100_000;

    private readonly ConcurrentDictionary<(string Project, string Deployment), Window> _windows = new();

    /// <summary>Takes one call and its tokens; null when the deployment has no limits.</summary>
    /// <param name="project">The project.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="tokens">The most that the call may use, prompt and output together.</param>
    /// <returns>What is left, or <see cref="ProblemCode.RateLimited"/> with the time until it may succeed; then nothing was taken.</returns>
    public Outcome<RateLimitState?> Take(string project, Deployment deployment, long tokens)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        if (deployment is { RequestsPerMinute: null, TokensPerMinute: null })
        {
            return (RateLimitState?)null;
        }

        if (deployment.TokensPerMinute < tokens)
        {
            return new Problem(
                ProblemCode.InvalidRequest,
                string.Create(CultureInfo.InvariantCulture, $"This call may use {tokens} tokens, more than the {deployment.TokensPerMinute} in a minute that '{deployment.Name}' allows a project. Send less, or ask for fewer tokens."),
                "max_tokens");
        }

        var now = time.GetUtcNow();
        var minute = now.ToUnixTimeSeconds() / 60;
        var reset = DateTimeOffset.FromUnixTimeSeconds((minute + 1) * 60) - now;
        var window = WindowOf(project, deployment.Name, minute);
        lock (window)
        {
            if (window.Minute != minute)
            {
                (window.Minute, window.Requests, window.Tokens) = (minute, 0, 0);
            }

            var isOverRequests = window.Requests >= deployment.RequestsPerMinute;
            if (isOverRequests || window.Tokens > deployment.TokensPerMinute - tokens)
            {
                return new Problem(
                    ProblemCode.RateLimited,
                    string.Create(CultureInfo.InvariantCulture, $"Rate limit reached for '{deployment.Name}': {(isOverRequests ? $"{deployment.RequestsPerMinute} requests" : $"{deployment.TokensPerMinute} tokens, {window.Tokens} of them used,")} in a minute, and this call asks for {tokens} tokens. Try again when the minute is over."))
                {
                    RetryAfter = reset,
                };
            }

            window.Requests++;
            window.Tokens += tokens;
            return new RateLimitState(
                deployment.RequestsPerMinute, deployment.RequestsPerMinute - window.Requests, deployment.TokensPerMinute, deployment.TokensPerMinute - window.Tokens, reset, now + reset);
        }
    }

    private Window WindowOf(string project, string deployment, long minute)
    {
        if (_windows.Count > WindowsMax)
        {
            foreach (var (key, window) in _windows)
            {
                if (window.Minute < minute)
                {
                    _windows.TryRemove(key, out _);
                }
            }
        }

        return _windows.GetOrAdd((project, deployment), static _ => new Window());
    }

    private sealed class Window
    {
        public long Minute { get; set; }

        public long Requests { get; set; }

        public long Tokens { get; set; }
    }
}
