namespace FakeUpstream;

/// <summary>How one request is answered. The default is a short, correct answer.</summary>
public sealed partial record FakeScript
{
    /// <summary>What the model says when nothing else is set. With <see cref="ToolCalls"/> or a <see cref="Refusal"/> it is left out.</summary>
    public const string UsualText = "Hello from the fake upstream.";

    /// <summary>What the model says. A piece is a word with the space before it; streamed, each piece is a chunk.</summary>
    public string Text { get; init; } = UsualText;

    /// <summary>What each of several choices says (<c>n</c> in the request); a choice beyond them says <see cref="Text"/>, with its number when there are several.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>What the model thinks: <c>reasoning_content</c>, a reasoning item or a thinking block. Null: nothing is shown.</summary>
    public string? ReasoningText { get; init; }

    /// <summary>Said in place of text, as a refusal.</summary>
    public string? Refusal { get; init; }

    /// <summary>The functions that the model calls, after its text.</summary>
    public IReadOnlyList<FakeToolCall> ToolCalls { get; init; } = [];

    /// <summary>All tokens of the prompt, cached and written ones included.</summary>
    public long InputTokens { get; init; } = 10;

    /// <summary>Those of them that were read from a cache.</summary>
    public long CachedInputTokens { get; init; }

    /// <summary>Those of them that were written to a cache.</summary>
    public long WrittenInputTokens { get; init; }

    /// <summary>All tokens of the answer; null counts one for each piece that was sent, and the reasoning.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Those of them that were thought; 0 counts one for each piece of <see cref="ReasoningText"/>.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary>OpenAI's <c>finish_reason</c>; the other dialects say it in their words. <c>stop</c> becomes <c>tool_calls</c> when there are some.</summary>
    public string FinishReason { get; init; } = "stop";

    /// <summary>Does the request's output limit cut the text (a piece is a token)? When not, the upstream is one that ignores limits.</summary>
    public bool IsLimitKept { get; init; } = true;

    /// <summary>Chat: filter results as Azure sends them; streamed, a first chunk that has them and no choices.</summary>
    public bool IsFilterShown { get; init; }

    /// <summary>Streamed by OpenAI: an <c>obfuscation</c> in every event, unless the request refuses it.</summary>
    public bool IsObfuscated { get; init; }

    /// <summary>Fields that no specification has, in every answer and event.</summary>
    public bool HasUnknownFields { get; init; }

    /// <summary>Numbers in an embedding, when the request does not say.</summary>
    public int Dimensions { get; init; } = 8;

    /// <summary>Where usage stands.</summary>
    public UsagePlace Usage { get; init; } = UsagePlace.AsAsked;

    /// <summary>Whether usage is true.</summary>
    public UsageForm UsageForm { get; init; }

    /// <summary>A script that fails with a status.</summary>
    public static FakeScript Failing(int status, string? body = null, TimeSpan? retryAfter = null) => new() { Status = status, Body = body, RetryAfter = retryAfter };

    /// <summary>A script that fails because nothing is left to spend: waiting does not help.</summary>
    public static FakeScript OutOfQuota() => new() { Status = 429, ErrorCode = "insufficient_quota" };

    /// <summary>A script that sends the caller elsewhere.</summary>
    public static FakeScript Redirecting(int status, Uri location) => new() { Status = status, Location = location };

    /// <summary>A text of so many words, which is so many pieces and tokens.</summary>
    public static string Words(int count) => string.Join(' ', Enumerable.Range(1, count).Select(static number => $"word{number}"));
}
