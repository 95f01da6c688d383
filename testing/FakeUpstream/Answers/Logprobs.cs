using System.Text;
using System.Text.Json.Nodes;

namespace FakeUpstream.Answers;

/// <summary>Plausible logarithms of probabilities: the same for the same token.</summary>
internal static class Logprobs
{
    /// <summary>As chat says them, for a piece of text; null when nobody asked.</summary>
    public static JsonNode? OfChat(Asked asked, IEnumerable<string> text, IEnumerable<string> refusal) => asked.TopLogprobs is not { } top ? null : new JsonObject
    {
        ["content"] = List(text, top),
        ["refusal"] = List(refusal, top) is { Count: > 0 } refused ? refused : null,
    };

    /// <summary>As responses say them: an empty list when nobody asked.</summary>
    public static JsonArray OfResponse(Asked asked, IEnumerable<string> text) => asked.TopLogprobs is { } top ? List(text, top) : [];

    /// <summary>As completions say them; null when nobody asked.</summary>
    public static JsonNode? OfCompletion(Asked asked, IReadOnlyList<string> text, int offset)
    {
        if (asked.TopLogprobs is not { } top)
        {
            return null;
        }

        var offsets = new JsonArray();
        foreach (var token in text)
        {
            offsets.Add(offset);
            offset += token.Length;
        }

        return new JsonObject
        {
            ["tokens"] = new JsonArray([.. text.Select(static token => JsonValue.Create(token))]),
            ["token_logprobs"] = new JsonArray([.. text.Select(static token => JsonValue.Create(Value(token)))]),
            ["top_logprobs"] = top == 0 ? null : new JsonArray([.. text.Select(token => new JsonObject(Others(token, top).Select(static other => KeyValuePair.Create(other.Token, (JsonNode?)other.Value))))]),
            ["text_offset"] = offsets,
        };
    }

    private static JsonArray List(IEnumerable<string> tokens, int top) => new([.. tokens.Select(token =>
    {
        var item = One(token, Value(token));
        item["top_logprobs"] = new JsonArray([.. Others(token, top).Select(static other => One(other.Token, other.Value))]);
        return item;
    })]);

    private static JsonObject One(string token, double value) => new()
    {
        ["token"] = token,
        ["logprob"] = value,
        ["bytes"] = new JsonArray([.. Encoding.UTF8.GetBytes(token).Select(static one => JsonValue.Create((int)one))]),
    };

    private static IEnumerable<(string Token, double Value)> Others(string token, int top) =>
        Enumerable.Range(0, top).Select(index => (index == 0 ? token : $"{token}{index}", Math.Round(Value(token) - index, 3)));

    private static double Value(string token) => Math.Round(-0.001 * (1 + token.Sum(static letter => letter) % 97), 3);
}
