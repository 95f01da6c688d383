using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Dogana.Gateway.Requests;

/// <summary>
/// Reads from a body what the way of a call needs, and refuses what no upstream should see: invalid UTF-8, repeated names
/// (two readers could see two models), deep nesting, limits that are not positive.
/// </summary>
internal static class RequestReader
{
    public const int DepthMax = 64;

    private static readonly string[] Deciding = ["model", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "best_of", "messages", "input"];

    public static Outcome<CallRequest> Read(ReadOnlyMemory<byte> body, Operation operation, int choicesMax)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return new Problem(ProblemCode.InvalidJson, "The body is not valid UTF-8.");
        }

        try
        {
            return ReadFields(body).TryGet(out var fields, out var problem) ? Check(body, fields, operation, choicesMax) : problem;
        }
        catch (JsonException fault)
        {
            return new Problem(
                ProblemCode.InvalidJson,
                string.Create(CultureInfo.InvariantCulture, $"We could not parse the JSON body of your request: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}. It must be an object nested at most {DepthMax} levels deep."));
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair written as an escape: JSON by its grammar, text by no standard.
            return new Problem(ProblemCode.InvalidJson, "A string in the body holds half of a surrogate pair, which is no character.");
        }
    }

    private static Outcome<Dictionary<string, Range>> ReadFields(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = DepthMax });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return new Problem(ProblemCode.InvalidJson, "The body must be a JSON object.");
        }

        var fields = new Dictionary<string, Range>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            Pass(ref reader);
            if (Shadowed(name) is { } decided)
            {
                return new Problem(ProblemCode.InvalidRequest, $"The field '{Shorten(name)}' could be read as '{decided}' by some servers. Write '{decided}', or leave it out.", Shorten(name));
            }

            if (!fields.TryAdd(name, start..(int)reader.BytesConsumed))
            {
                return new Problem(ProblemCode.InvalidRequest, $"The field '{Shorten(name)}' stands in the body twice.", Shorten(name));
            }
        }

        // What follows the object must be nothing.
        while (reader.Read())
        {
        }

        return fields;
    }

    // Skips a value as Utf8JsonReader.Skip does, and looks at every escaped text on the way: half a surrogate pair throws here, not at some later reader.
    private static void Pass(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                _ = reader.GetString();
            }
        }
        while ((reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray || reader.CurrentDepth > depth) && reader.Read());
    }

    private static Outcome<CallRequest> Check(ReadOnlyMemory<byte> body, Dictionary<string, Range> fields, Operation operation, int choicesMax)
    {
        using var facts = new RequestFacts(body);
        if ((facts.Text("model", out var model) ?? facts.Number("temperature", 0, 2) ?? facts.Number("top_p", 0, 1)
            ?? facts.Number("frequency_penalty", -2, 2) ?? facts.Number("presence_penalty", -2, 2)) is { } first)
        {
            return first;
        }

        // One by one: an out value is only set by a check that ran.
        if (facts.Flag("stream", out var stream) is { } second)
        {
            return second;
        }

        if (facts.Count("max_tokens", long.MaxValue, out var maxTokens) is { } third)
        {
            return third;
        }

        if (facts.Count("max_completion_tokens", long.MaxValue, out var maxCompletionTokens) is { } fourth)
        {
            return fourth;
        }

        if (facts.Count("n", choicesMax, out var choices) is { } fifth)
        {
            return fifth;
        }

        if (facts.StreamOptions(out var includeUsage) is { } sixth)
        {
            return sixth;
        }

        if (maxTokens is not null && maxCompletionTokens is not null && maxTokens != maxCompletionTokens)
        {
            return new Problem(ProblemCode.InvalidRequest, "'max_tokens' and 'max_completion_tokens' differ. Send one of them.", "max_completion_tokens");
        }

        if (includeUsage is not null && !stream)
        {
            return new Problem(ProblemCode.InvalidRequest, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
        }

        return (operation == Operation.ChatCompletions ? facts.Messages() : facts.Input()) ?? (Outcome<CallRequest>)new CallRequest
        {
            Operation = operation,
            Body = body,
            Fields = fields,
            Model = model,
            Stream = stream && operation == Operation.ChatCompletions,
            IncludeUsage = includeUsage ?? false,
            MaxOutputTokens = maxCompletionTokens ?? maxTokens,
            Choices = (int)(choices ?? 1),
        };
    }

    // Some servers match names without regard to case, or have a second name for the output limit: a field that decides what a call may cost has one spelling.
    private static string? Shadowed(string name)
    {
        var folded = name.Replace('\u017F', 's').Replace('\u212A', 'k');
        return folded == "n_predict"
            ? "max_tokens"
            : Array.Find(Deciding, field => field != name && string.Equals(field, folded, StringComparison.OrdinalIgnoreCase));
    }

    private static string Shorten(string name) => name.Length <= 64 ? name : string.Concat(name.AsSpan(0, 64), "…");
}
