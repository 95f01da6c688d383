using System.Text.Json.Nodes;

namespace FakeUpstream.Answers;

/// <summary>What an answer says that it used; each dialect has its words for it.</summary>
internal sealed record Usage(long Input, long Cached, long Written, long Output, long Reasoning, long Total, UsageForm Form)
{
    public static Usage Of(FakeScript script, long output, long reasoning)
    {
        var usage = new Usage(script.InputTokens, script.CachedInputTokens, script.WrittenInputTokens, output, reasoning, script.InputTokens + output, script.UsageForm);
        return script.UsageForm switch
        {
            UsageForm.Zero => usage.Each(0),
            UsageForm.Negative => usage.Each(-7),
            UsageForm.Huge => usage.Each(long.MaxValue),
            UsageForm.Contradictory => usage with { Cached = usage.Input * 2 + 1, Reasoning = usage.Output * 2 + 1, Total = usage.Total + 1_000 },
            _ => usage,
        };
    }

    /// <summary>Other numbers, for what is said first and does not count.</summary>
    public Usage Untrue() => this with { Input = Input + 900, Output = Output + 90, Total = Total + 990 };

    /// <summary>As chat and completions say it.</summary>
    public JsonObject AsChat()
    {
        var prompt = new JsonObject { ["cached_tokens"] = Say(Cached), ["audio_tokens"] = Say(0) };
        if (Written != 0)
        {
            prompt["cache_write_tokens"] = Say(Written);
        }

        return new JsonObject
        {
            ["prompt_tokens"] = Say(Input),
            ["completion_tokens"] = Say(Output),
            ["total_tokens"] = Say(Total),
            ["prompt_tokens_details"] = prompt,
            ["completion_tokens_details"] = new JsonObject
            {
                ["reasoning_tokens"] = Say(Reasoning),
                ["audio_tokens"] = Say(0),
                ["accepted_prediction_tokens"] = Say(0),
                ["rejected_prediction_tokens"] = Say(0),
            },
        };
    }

    /// <summary>As responses say it.</summary>
    public JsonObject AsResponse() => new()
    {
        ["input_tokens"] = Say(Input),
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = Say(Cached), ["cache_write_tokens"] = Say(Written) },
        ["output_tokens"] = Say(Output),
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = Say(Reasoning) },
        ["total_tokens"] = Say(Total),
    };

    /// <summary>As Anthropic says it: its input tokens are those that no cache had a part in.</summary>
    public JsonObject AsMessage() => new()
    {
        ["input_tokens"] = Say(Form is UsageForm.Zero or UsageForm.Negative or UsageForm.Huge ? Input : Input - Cached - Written),
        ["cache_creation_input_tokens"] = Say(Written),
        ["cache_read_input_tokens"] = Say(Cached),
        ["output_tokens"] = Say(Output),
    };

    private Usage Each(long value) => this with { Input = value, Cached = value, Written = value, Output = value, Reasoning = value, Total = value };

    private JsonValue Say(long value) => Form == UsageForm.Text ? JsonValue.Create($"{value}") : JsonValue.Create(value);
}
