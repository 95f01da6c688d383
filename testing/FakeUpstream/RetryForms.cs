namespace FakeUpstream;

/// <summary>How an answer says when to come again.</summary>
[Flags]
public enum RetryForms
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary><c>retry-after</c> in whole seconds, rounded up.</summary>
    Seconds = 1,

    /// <summary><c>retry-after-ms</c>.</summary>
    Milliseconds = 2,

    /// <summary><c>retry-after</c> as a date; it takes the place of <see cref="Seconds"/>.</summary>
    Date = 4,

    /// <summary><c>x-ratelimit-reset-requests</c> and <c>-tokens</c> as OpenAI writes them: <c>6m0s</c>. On Anthropic's paths <c>anthropic-ratelimit-requests-reset</c>, a time.</summary>
    RateLimit = 8,

    /// <summary><c>x-ratelimit-reset-requests</c> and <c>-tokens</c> as Azure writes them: a bare number of seconds.</summary>
    RateLimitSeconds = 16,
}
