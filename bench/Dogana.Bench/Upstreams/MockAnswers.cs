namespace Dogana.Bench.Upstreams;

/// <summary>What the nginx mock answers.</summary>
internal static class MockAnswers
{
    private const string Start = """{"id":"chatcmpl-mock-0001","object":"chat.completion.chunk","created":1750000000,"model":"mock","choices":[""";

    /// <summary>A chat completion of 314 bytes.</summary>
    public const string Whole =
        """{"id":"chatcmpl-mock-0001","object":"chat.completion","created":1750000000,"model":"mock","choices":[{"index":0,"message":{"role":"assistant","content":"Hello! This is a mock completion with a few words in it."},"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":14,"total_tokens":26}}""";

    /// <summary>The same as 14 chunks of text, a finish, usage and the end.</summary>
    public static string Stream { get; } = string.Concat(
    [
        .. Enumerable.Range(0, 14).Select(static number => Event($$$"""{{{Start}}}{"index":0,"delta":{"content":" tok{{{number}}}"},"finish_reason":null}]}""")),
        Event($$$"""{{{Start}}}{"index":0,"delta":{},"finish_reason":"stop"}]}"""),
        Event($$$"""{{{Start}}}],"usage":{"prompt_tokens":12,"completion_tokens":14,"total_tokens":26}}"""),
        Event("[DONE]"),
    ]);

    private static string Event(string data) => $"data: {data}\n\n";
}
