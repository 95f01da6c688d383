namespace FakeUpstream.Answers;

/// <summary>What one choice says, in pieces.</summary>
internal sealed record Turn(IReadOnlyList<string> Reasoning, IReadOnlyList<string> Text, IReadOnlyList<string> Refusal, IReadOnlyList<FakeToolCall> ToolCalls, string Finish)
{
    private const int ArgumentPiece = 8;

    /// <summary>A token for each piece that is seen; a huge text is no more than the usual one.</summary>
    public long Tokens { get; private init; }

    public static Turn Of(FakeScript script, Asked asked, int choice)
    {
        var budget = script.IsLimitKept ? asked.Limit ?? int.MaxValue : int.MaxValue;
        var reasoning = Within(ref budget, Pieces(script.ReasoningText), out var isCut);
        var refusal = Within(ref budget, Pieces(script.Refusal), out var isRefusalCut);
        var text = Within(ref budget, Pieces(TextOf(script, asked, choice)), out var isTextCut);
        isCut |= isRefusalCut || isTextCut;
        var calls = isCut ? [] : script.ToolCalls;
        return new Turn(reasoning, Enlarged(script, asked, text), refusal, calls, FinishOf(script, calls, isCut))
        {
            Tokens = (script.ReasoningTokens > 0 ? 0 : reasoning.Length) + refusal.Length + text.Length + calls.Sum(static call => 1L + PiecesOf(call).Count()),
        };
    }

    /// <summary>The arguments in pieces of a few characters.</summary>
    public static IEnumerable<string> PiecesOf(FakeToolCall call)
    {
        for (var start = 0; start < call.Arguments.Length;)
        {
            var end = Math.Min(start + ArgumentPiece, call.Arguments.Length);
            end -= end < call.Arguments.Length && char.IsHighSurrogate(call.Arguments[end - 1]) ? 1 : 0; // a character stays whole
            yield return call.Arguments[start..end];
            start = end;
        }
    }

    private static string? TextOf(FakeScript script, Asked asked, int choice)
    {
        if (choice < script.Texts.Count)
        {
            return script.Texts[choice];
        }

        if ((script.ToolCalls.Count > 0 || script.Refusal is not null) && script.Text == FakeScript.UsualText)
        {
            return null;
        }

        return asked.Choices > 1 ? $"{script.Text} ({choice})" : script.Text;
    }

    private static string FinishOf(FakeScript script, IReadOnlyList<FakeToolCall> calls, bool isCut)
    {
        if (isCut)
        {
            return "length";
        }

        return calls.Count > 0 && script.FinishReason == "stop" ? "tool_calls" : script.FinishReason;
    }

    private static string[] Pieces(string? text) => text?.Split(' ').Select(static (word, index) => index == 0 ? word : " " + word).ToArray() ?? [];

    private static string[] Within(ref int budget, string[] pieces, out bool isCut)
    {
        isCut = pieces.Length > budget;
        var kept = isCut ? pieces[..Math.Max(budget, 0)] : pieces;
        budget -= kept.Length;
        return kept;
    }

    private static string[] Enlarged(FakeScript script, Asked asked, string[] text)
    {
        if (script.Fault != Fault.HugeBody)
        {
            return text;
        }

        var huge = new string('x', script.HugeBytes);
        return asked.IsStream ? [huge, .. text] : [huge];
    }
}
