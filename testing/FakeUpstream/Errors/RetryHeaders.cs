using System.Globalization;

namespace FakeUpstream.Errors;

/// <summary>Says when to come again, in the forms that vendors use.</summary>
internal static class RetryHeaders
{
    public static void Set(HttpResponse response, TimeSpan wait, RetryForms forms, bool isAnthropic)
    {
        var headers = response.Headers;
        var seconds = (long)Math.Ceiling(wait.TotalSeconds);
        var then = TimeProvider.System.GetUtcNow() + wait;
        if (forms.HasFlag(RetryForms.Seconds))
        {
            headers.RetryAfter = Text(seconds);
        }

        if (forms.HasFlag(RetryForms.Milliseconds))
        {
            headers["retry-after-ms"] = Text((long)wait.TotalMilliseconds);
        }

        if (forms.HasFlag(RetryForms.Date))
        {
            headers.RetryAfter = then.ToString("R", CultureInfo.InvariantCulture);
        }

        if (forms.HasFlag(RetryForms.RateLimit) && isAnthropic)
        {
            headers["anthropic-ratelimit-requests-limit"] = "60";
            headers["anthropic-ratelimit-requests-remaining"] = "0";
            headers["anthropic-ratelimit-requests-reset"] = then.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }
        else if (forms.HasFlag(RetryForms.RateLimit) || forms.HasFlag(RetryForms.RateLimitSeconds))
        {
            var reset = forms.HasFlag(RetryForms.RateLimit) ? Duration(wait) : Text(seconds);
            foreach (var what in (string[])["requests", "tokens"])
            {
                headers["x-ratelimit-limit-" + what] = "60";
                headers["x-ratelimit-remaining-" + what] = "0";
                headers["x-ratelimit-reset-" + what] = reset;
            }
        }
    }

    // As Go writes durations: 250ms, 1.5s, 6m0s, 1h0m0s.
    private static string Duration(TimeSpan wait)
    {
        if (wait < TimeSpan.FromSeconds(1))
        {
            return $"{(long)wait.TotalMilliseconds}ms";
        }

        var seconds = (wait.TotalSeconds % 60).ToString("0.###", CultureInfo.InvariantCulture) + "s";
        return wait.TotalMinutes < 1 ? seconds : wait.TotalHours < 1 ? $"{wait.Minutes}m{seconds}" : $"{(long)wait.TotalHours}h{wait.Minutes}m{seconds}";
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
