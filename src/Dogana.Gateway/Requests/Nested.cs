using System.Text.Json;

namespace Dogana.Gateway.Requests;

/// <summary>What <see cref="Unmetered"/> refuses, where it stands within messages and input items, at any depth.</summary>
internal static class Nested
{
    private static readonly string[] Places = ["messages", "input", "system"];

    // Most bodies hold none of these, and are not walked. A name may be written with escapes.
    private static readonly byte[][] Suspects =
    [
        "file_id"u8.ToArray(), "input_audio"u8.ToArray(), "item_reference"u8.ToArray(), "additional_tools"u8.ToArray(), "tool_addition"u8.ToArray(),
        "tool_definition"u8.ToArray(), "\"tools\""u8.ToArray(), "\"1h\""u8.ToArray(), "\\u"u8.ToArray(),
    ];

    public static Problem? Find(in RequestFacts facts)
    {
        foreach (var place in Places)
        {
            if (facts.Find(place, out var reader) && reader.TokenType is JsonTokenType.StartArray && IsSuspect(facts.Raw(place)) && Walk(ref reader, place) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static bool IsSuspect(ReadOnlySpan<byte> json)
    {
        foreach (var suspect in Suspects)
        {
            if (json.IndexOf(suspect) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static Problem? Walk(ref Utf8JsonReader reader, string place)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case "input" or "arguments":
                    reader.Skip(); // what a tool was called with is the caller's own, whatever it looks like
                    break;
                case "type" when reader.TokenType == JsonTokenType.String && TypeProblem(reader.GetString()!, place) is { } refused:
                    return refused;
                case "tools" when reader.TokenType == JsonTokenType.StartArray:
                    return Unmetered.Hosted($"{place}[].tools");
                case "file_id" when reader.TokenType == JsonTokenType.String:
                    return new Problem(ProblemCode.OperationNotSupported, "Files are not kept here, so 'file_id' names nothing. Send the content itself.", $"{place}[].file_id");
                case "ttl" when reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("1h"u8):
                    return new Problem(ProblemCode.PriceUnknown, "A cache of one hour costs more to write than the prompt's price, and has no price here. Leave 'ttl' out.", $"{place}[].cache_control.ttl");
                default:
                    break;
            }
        }

        return null;
    }

    private static Problem? TypeProblem(string type, string place) => type switch
    {
        "input_audio" => new Problem(ProblemCode.OperationNotSupported, "Sound is not served here: its tokens have a price of their own. Send text or pictures.", $"{place}[].content"),
        "item_reference" => new Problem(ProblemCode.OperationNotSupported, "Responses are not kept here, so a reference names nothing. Send the item itself.", $"{place}[].type"),
        "additional_tools" or "tool_addition" or "tool_definition" => Unmetered.Hosted($"{place}[].type"),
        _ => null,
    };
}
