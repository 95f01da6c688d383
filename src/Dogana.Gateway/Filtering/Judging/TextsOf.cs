using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Filtering.Judging;

/// <summary>Finds what is text in requests and answers: of all roles, tools' outputs and arguments, instructions, descriptions of tools. Pictures, files and sound are not looked at.</summary>
internal static class TextsOf
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "content", "text", "input", "output", "arguments", "instructions", "prompt", "suffix", "system", "refusal", "description", "thinking", "query", "summary", "reasoning",
        "reasoning_content", "partial_json", "code", "title", "context",
    };

    private static readonly string[] ChatFields = ["messages", "tools", "functions", "prediction"];
    private static readonly string[] CompletionFields = ["prompt", "suffix"];
    private static readonly string[] ResponseFields = ["input", "instructions", "tools", "prompt"];
    private static readonly string[] MessageFields = ["messages", "system", "tools"];
    private static readonly string[] PromptField = ["prompt"];
    private static readonly string[] SpeechFields = ["input", "instructions"];
    private static readonly string[] EmbeddingFields = ["input"];

    /// <summary>The texts of a request, or why they cannot be read.</summary>
    public static Outcome<IReadOnlyList<string>> Request(CallRequest request)
    {
        var texts = new List<string>();
        foreach (var field in request.Operation switch
        {
            Operation.ChatCompletions => ChatFields,
            Operation.Completions => CompletionFields,
            Operation.Responses => ResponseFields,
            Operation.Messages => MessageFields,
            Operation.ImageGenerations or Operation.Transcriptions => PromptField,
            Operation.Speech => SpeechFields,
            _ => EmbeddingFields,
        })
        {
            using var value = request.Parse(field);
            if (value is null)
            {
                continue;
            }

            if (request.Operation is Operation.Embeddings or Operation.Completions && HasNumbers(value.RootElement))
            {
                return new Problem(ProblemCode.InvalidRequest, $"'{field}' holds tokens as numbers, which the content filter of this deployment cannot read. Send text.", field);
            }

            Collect(value.RootElement, field, texts);
        }

        return texts;
    }

    /// <summary>The texts of a part of an answer.</summary>
    public static IReadOnlyList<string> Answer(JsonElement part, string name)
    {
        var texts = new List<string>();
        Collect(part, name, texts);
        return texts;
    }

    private static bool HasNumbers(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(HasNumbers));

    private static void Collect(JsonElement value, string name, List<string> texts, bool isAll = false)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when isAll || Names.Contains(name):
                if (value.GetString() is { Length: > 0 } text)
                {
                    texts.Add(text);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Collect(item, name, texts, isAll);
                }

                break;
            case JsonValueKind.Object:
                var isText = value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("text");
                foreach (var property in value.EnumerateObject())
                {
                    // What a tool is called with has names of its own; a document of plain text stands under data.
                    var isFree = property.Name is "input" or "arguments" or "variables" && property.Value.ValueKind == JsonValueKind.Object;
                    Collect(property.Value, property.Name, texts, isAll || isFree || (isText && property.Name == "data"));
                }

                break;
        }
    }
}
