using System.Text.Json.Nodes;

namespace FakeUpstream.Answers;

/// <summary>All that an answer is made from: who asked for what of which model, and what the script says.</summary>
internal sealed class Telling(FakeScript script, string model, Asked asked)
{
    private readonly Lazy<Turn[]> _turns = new(() => [.. Enumerable.Range(0, asked.Choices).Select(choice => Turn.Of(script, asked, choice))]);

    public FakeScript Script => script;

    public string Model => model;

    public Asked Asked => asked;

    public IReadOnlyList<Turn> Turns => _turns.Value;

    public bool IsUsageTwice => script.UsageForm == UsageForm.Twice && script.Usage != UsagePlace.Never;

    /// <summary>Usage after so many pieces; all of them when null.</summary>
    public Usage Usage(long? sent = null) => Answers.Usage.Of(script, sent ?? script.OutputTokens ?? Turns.Sum(static turn => turn.Tokens) + script.ReasoningTokens, HiddenReasoning());

    /// <summary>Adds what no specification has, when the script says so.</summary>
    public JsonObject WithUnknown(JsonObject json)
    {
        if (script.HasUnknownFields)
        {
            json["x_fake"] = new JsonObject { ["list"] = new JsonArray(1, null, "two"), ["flag"] = true };
            json["x_fake_text"] = "unknown";
        }

        return json;
    }

    /// <summary>Adds what hides an event's length, when the script says so.</summary>
    public JsonObject WithObfuscation(JsonObject json)
    {
        if (script.IsObfuscated && asked is { IsStream: true, IsObfuscationRefused: false })
        {
            json["obfuscation"] = new string('x', 3 + json.Count % 13);
        }

        return json;
    }

    private long HiddenReasoning() => script.ReasoningTokens > 0 ? script.ReasoningTokens : Turns.Sum(static turn => (long)turn.Reasoning.Count);
}
