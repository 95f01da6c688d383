using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;

namespace Dogana.Gateway.Upstreams.Http;

/// <summary>When an upstream wants to be called again, in all forms in which vendors say it.</summary>
internal static class RetryHeaders
{
    private static readonly SearchValues<char> Numeral = SearchValues.Create("0123456789.");
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(10);

    /// <summary>The wait, from nothing to ten minutes; null when it is not said.</summary>
    public static TimeSpan? Read(HttpResponseMessage response)
    {
        // Milliseconds first, being finer; then seconds or a date; then the limits, whose end is what a refusal waits for.
        var headers = response.Headers;
        var wait = Milliseconds(headers) ?? (headers.RetryAfter is { } after ? after.Delta ?? (after.Date - headers.Date) : null)
            ?? Longer(Limit(headers, "requests"), Limit(headers, "tokens"));
        return wait is null ? null : wait > WaitMax ? WaitMax : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static TimeSpan? Milliseconds(HttpResponseHeaders headers) => Number(First(headers, "retry-after-ms"), 0.001);

    // Of a limit that is used up: OpenAI's 6m0s, Azure's bare seconds, Anthropic's instant.
    private static TimeSpan? Limit(HttpResponseHeaders headers, string what)
    {
        if (First(headers, $"x-ratelimit-remaining-{what}") is null or "0" && First(headers, $"x-ratelimit-reset-{what}") is { } reset)
        {
            return Number(reset, 1) ?? Duration(reset);
        }

        return First(headers, $"anthropic-ratelimit-{what}-remaining") is null or "0"
            && DateTimeOffset.TryParse(First(headers, $"anthropic-ratelimit-{what}-reset"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then) ? then - headers.Date : null;
    }

    // As Go writes durations: 250ms, 1.5s, 6m0s, 1h0m0s.
    private static TimeSpan? Duration(ReadOnlySpan<char> text)
    {
        var sum = TimeSpan.Zero;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Numeral);
            if (digits <= 0 || Unit(text, digits) is not { } seconds || Number(text[..digits].ToString(), seconds.Length) is not { } part)
            {
                return null;
            }

            sum = sum + part > WaitMax ? WaitMax : sum + part;
            text = text[(digits + seconds.Letters)..];
        }

        return sum;
    }

    private static (double Length, int Letters)? Unit(ReadOnlySpan<char> text, int start) =>
        text[start..].StartsWith("ms") ? (0.001, 2) : text[start] switch { 's' => (1, 1), 'm' => (60, 1), 'h' => (3600, 1), _ => null };

    // Neither signs, nor infinities, nor more than the longest wait.
    private static TimeSpan? Number(string? text, double seconds) =>
        text is { Length: > 0 } && char.IsAsciiDigit(text[0]) && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? TimeSpan.FromSeconds(Math.Min(number * seconds, WaitMax.TotalSeconds))
            : null;

    private static TimeSpan? Longer(TimeSpan? left, TimeSpan? right) => left is null || right > left ? right : left;

    private static string? First(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First().Trim() : null;
}
