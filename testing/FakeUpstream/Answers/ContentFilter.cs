using System.Text.Json.Nodes;

namespace FakeUpstream.Answers;

/// <summary>What Azure says about the filtering of a text that passed.</summary>
internal static class ContentFilter
{
    private static readonly string[] Categories = ["hate", "self_harm", "sexual", "violence"];

    public static JsonObject Passed() => new(Categories.Select(static name =>
        KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["filtered"] = false, ["severity"] = "safe" })));

    public static JsonArray OfPrompt() => new(new JsonObject { ["prompt_index"] = 0, ["content_filter_results"] = Passed() });
}
