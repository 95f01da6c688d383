namespace FakeUpstream;

/// <summary>Where a streamed answer says what it used.</summary>
public enum UsagePlace
{
    /// <summary>As OpenAI does: a chunk of its own with no choices, when the request asked for it.</summary>
    AsAsked,

    /// <summary>A chunk of its own, asked for or not.</summary>
    Always,

    /// <summary>In the last chunk that has a choice, asked for or not: some compatible servers do.</summary>
    WithLastChoice,

    /// <summary>In every chunk that has a choice, counting up, and in the last one in full: some compatible servers do.</summary>
    Running,

    /// <summary>Nowhere, streamed or not.</summary>
    Never,
}

/// <summary>What is wrong with the bytes of an answer. The status is 200 all the same.</summary>
public enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A whole body that is not JSON. Streamed: the second event is not.</summary>
    MalformedJson,

    /// <summary>Streamed: lines that are no server-sent events between those that are. Not streamed: as <see cref="MalformedJson"/>.</summary>
    MalformedEvents,

    /// <summary>A body that ends before its stated length. Streamed: the last event ends in its middle, then the body ends as if all were well.</summary>
    TruncatedBody,

    /// <summary>A page for people, as a proxy in between would send it.</summary>
    WrongContentType,

    /// <summary>Text of <see cref="FakeScript.HugeBytes"/> bytes. Streamed: in one event, on one line.</summary>
    HugeBody,

    /// <summary>The request is read, and nothing ever comes.</summary>
    NeverAnswers,

    /// <summary>Streamed: an event with an error after the first text, then the end. Not streamed: an error body with status 200.</summary>
    ErrorInside,
}

/// <summary>How one request is answered. The default is a short, correct answer.</summary>
public sealed record FakeScript
{
    /// <summary>What the model says. A piece is a word with the space before it; streamed, each piece is a chunk.</summary>
    public string Text { get; init; } = "Hello from the fake upstream.";

    /// <summary><c>usage.prompt_tokens</c>, cached ones included.</summary>
    public long InputTokens { get; init; } = 10;

    /// <summary><c>usage.prompt_tokens_details.cached_tokens</c>.</summary>
    public long CachedInputTokens { get; init; }

    /// <summary><c>usage.completion_tokens</c>; null counts a token for each piece that was sent.</summary>
    public long? OutputTokens { get; init; }

    /// <summary><c>usage.completion_tokens_details.reasoning_tokens</c>.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary><c>finish_reason</c>.</summary>
    public string FinishReason { get; init; } = "stop";

    /// <summary>Does the request's output limit cut the text (a piece is a token)? When not, the upstream is one that ignores limits.</summary>
    public bool IsLimitKept { get; init; } = true;

    /// <summary>Numbers in an embedding, when the request does not say.</summary>
    public int Dimensions { get; init; } = 8;

    /// <summary>The wait before the status line.</summary>
    public TimeSpan DelayBeforeFirstByte { get; init; }

    /// <summary>Streamed: the wait before each chunk but the first.</summary>
    public TimeSpan DelayBetweenChunks { get; init; }

    /// <summary>Streamed: after this many chunks nothing more is sent until <see cref="Resume"/> ends.</summary>
    public int? PauseAfterChunks { get; init; }

    /// <summary>Ends a pause. Null: the pause never ends.</summary>
    public Task? Resume { get; init; }

    /// <summary>Streamed: after this many chunks have left, the connection is cut. Not streamed: any number cuts it in the middle of the body.</summary>
    public int? CutAfterChunks { get; init; }

    /// <summary>Where usage stands.</summary>
    public UsagePlace Usage { get; init; } = UsagePlace.AsAsked;

    /// <summary>Streamed: does <c>[DONE]</c> come at the end?</summary>
    public bool IsDoneSent { get; init; } = true;

    /// <summary>What is wrong with the bytes.</summary>
    public Fault Fault { get; init; }

    /// <summary>The size of a huge body.</summary>
    public int HugeBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The status. Anything but 200 is answered with <see cref="Body"/> and no stream.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The whole body, as it is. Null: an error in OpenAI's envelope that fits the status.</summary>
    public string? Body { get; init; }

    /// <summary>Sent as <c>retry-after</c> (whole seconds, rounded up) and <c>retry-after-ms</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further response headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>A script that fails with a status.</summary>
    public static FakeScript Failing(int status, string? body = null, TimeSpan? retryAfter = null) => new() { Status = status, Body = body, RetryAfter = retryAfter };

    /// <summary>A text of so many words, which is so many pieces and tokens.</summary>
    public static string Words(int count) => string.Join(' ', Enumerable.Range(1, count).Select(static number => $"word{number}"));
}
