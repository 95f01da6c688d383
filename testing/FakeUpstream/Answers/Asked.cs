using System.Text;
using System.Text.Json;

namespace FakeUpstream.Answers;

/// <summary>What of a request shapes its answer. Two requests that ask alike get the same bytes, but for the number in ids.</summary>
internal sealed record Asked
{
    private const int MostChoices = 128;

    public bool IsStream { get; private init; }

    public bool IsUsageAsked { get; private init; }

    public bool IsObfuscationRefused { get; private init; }

    /// <summary>Tokens, which are pieces, for each choice.</summary>
    public int? Limit { get; private init; }

    public int Choices { get; private init; } = 1;

    /// <summary>How many other tokens each logprob has beside it; null: logprobs are not asked for.</summary>
    public int? TopLogprobs { get; private init; }

    public string StopSequence { get; private init; } = "END";

    /// <summary>Fields that the answer repeats, as a JSON object; empty when there are none.</summary>
    public string Echo { get; private init; } = "";

    public static Asked Of(JsonElement request, IReadOnlyList<string> echoed)
    {
        var options = request.Field("stream_options");
        var prompts = request.Field("prompt") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 && list[0].ValueKind != JsonValueKind.Number ? list.GetArrayLength() : 1;
        return new Asked
        {
            IsStream = request.IsTrue("stream"),
            IsUsageAsked = options?.IsTrue("include_usage") ?? false,
            IsObfuscationRefused = options?.Field("include_obfuscation") is { ValueKind: JsonValueKind.False },
            Limit = request.Number("max_completion_tokens") ?? request.Number("max_tokens") ?? request.Number("max_output_tokens"),
            Choices = Math.Clamp((request.Number("n") ?? 1) * prompts, 1, MostChoices),
            TopLogprobs = Logprobs(request),
            StopSequence = request.Field("stop_sequences") is { ValueKind: JsonValueKind.Array } stops && stops.GetArrayLength() > 0 ? stops[0].ToString() : "END",
            Echo = Repeat(request, echoed),
        };
    }

    // chat: true; completions: how many; responses: among what to include
    private static int? Logprobs(JsonElement request) => request.Field("logprobs") switch
    {
        { ValueKind: JsonValueKind.True } => request.Number("top_logprobs") ?? 0,
        { ValueKind: JsonValueKind.Number } => request.Number("logprobs"),
        _ when request.Field("include") is { ValueKind: JsonValueKind.Array } included
            && included.EnumerateArray().Any(static item => item.ValueEquals("message.output_text.logprobs")) => request.Number("top_logprobs") ?? 0,
        _ => null,
    };

    private static string Repeat(JsonElement request, IReadOnlyList<string> names)
    {
        StringBuilder? text = null;
        foreach (var name in names)
        {
            if (request.Field(name) is { } field)
            {
                text = (text is null ? new StringBuilder("{") : text.Append(',')).Append('"').Append(name).Append("\":").Append(field.GetRawText());
            }
        }

        return text?.Append('}').ToString() ?? "";
    }
}
