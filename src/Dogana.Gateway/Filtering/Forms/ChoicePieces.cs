using System.Text;
using System.Text.Json;

namespace Dogana.Gateway.Filtering.Forms;

/// <summary>One choice of an answer or a chunk: where it stands, and what it says.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Start">Where its object begins.</param>
/// <param name="End">Behind its closing brace.</param>
internal sealed record ChoicePiece(int Index, int Start, int End)
{
    /// <summary>Its texts with what they are: pieces of the same kind go on where the last one ended.</summary>
    public required IReadOnlyList<(int Kind, string Text)> Texts { get; init; }

    /// <summary>Does it end here?</summary>
    public bool IsEnded { get; init; }

    /// <summary>Has the upstream annotated it itself?</summary>
    public bool IsAnnotated { get; init; }
}

/// <summary>A chat completion or a completion, whole or a chunk, read for its choices; its bytes stay as they are.</summary>
internal sealed class ChoicePieces
{
    private readonly List<ChoicePiece> _choices = [];

    private ChoicePieces(byte[] json) => Json = json;

    public byte[] Json { get; }

    public IReadOnlyList<ChoicePiece> Choices => _choices;

    /// <summary>Where the list of choices begins and ends; both 0 where there is none.</summary>
    public (int Start, int End) List { get; private set; }

    /// <summary>Where the closing brace stands.</summary>
    public int ObjectEnd { get; private set; }

    /// <summary>Does it say what was used?</summary>
    public bool HasUsage { get; private set; }

    /// <summary>Has the upstream annotated the prompt itself?</summary>
    public bool IsPromptAnnotated { get; private set; }

    /// <summary>Reads a JSON object.</summary>
    public static ChoicePieces Read(ReadOnlySpan<byte> json)
    {
        var pieces = new ChoicePieces(json.ToArray());
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                pieces.ReadChoices(ref reader);
                continue;
            }

            var (isUsage, isPrompt) = (reader.ValueTextEquals("usage"u8), reader.ValueTextEquals("prompt_filter_results"u8));
            reader.Read();
            pieces.HasUsage |= isUsage && reader.TokenType == JsonTokenType.StartObject;
            pieces.IsPromptAnnotated |= isPrompt && reader.TokenType == JsonTokenType.StartArray;
            reader.Skip();
        }

        pieces.ObjectEnd = (int)reader.TokenStartIndex;
        return pieces;
    }

    /// <summary>The same with other choices.</summary>
    /// <param name="choices">Their JSON.</param>
    public byte[] With(IReadOnlyList<byte[]> choices)
    {
        var json = new List<byte>(Json.Length + 256);
        json.AddRange(Json.AsSpan(0, List.Start));
        json.Add((byte)'[');
        foreach (var (position, choice) in choices.Index())
        {
            json.AddRange(position == 0 ? ""u8 : ","u8);
            json.AddRange(choice);
        }

        json.Add((byte)']');
        json.AddRange(Json.AsSpan(List.End));
        return [.. json];
    }

    /// <summary>A choice's own JSON.</summary>
    public byte[] JsonOf(ChoicePiece choice) => Json[choice.Start..choice.End];

    private void ReadChoices(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                _choices.Add(ReadChoice(ref reader));
            }
            else
            {
                reader.Skip();
            }
        }

        List = (start, (int)reader.BytesConsumed);
    }

    private static ChoicePiece ReadChoice(ref Utf8JsonReader reader)
    {
        var (start, index, isEnded, isAnnotated) = ((int)reader.TokenStartIndex, 0, false, false);
        var texts = new List<(int, string)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                ReadMessage(ref reader, texts);
                continue;
            }

            var name = reader.ValueTextEquals("text"u8) ? 't' : reader.ValueTextEquals("finish_reason"u8) ? 'f' : reader.ValueTextEquals("index"u8) ? 'i' : reader.ValueTextEquals("content_filter_results"u8) ? 'c' : ' ';
            reader.Read();
            switch (name, reader.TokenType)
            {
                case ('t', JsonTokenType.String): texts.Add((0, reader.GetString()!)); break;
                case ('f', JsonTokenType.String): isEnded = true; break;
                case ('i', JsonTokenType.Number): _ = reader.TryGetInt32(out index); break;
                case ('c', JsonTokenType.StartObject): isAnnotated = true; break;
            }

            reader.Skip();
        }

        return new ChoicePiece(index, start, (int)reader.BytesConsumed) { Texts = texts, IsEnded = isEnded, IsAnnotated = isAnnotated };
    }

    // Text, refusals and reasoning have a kind each; each tool call has one, by its number.
    private static void ReadMessage(ref Utf8JsonReader reader, List<(int, string)> texts)
    {
        var depth = reader.CurrentDepth;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var tool = 0;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var kind = reader.ValueTextEquals("content"u8) || reader.ValueTextEquals("text"u8) ? 0
                : reader.ValueTextEquals("refusal"u8) ? 1
                : reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8) ? 2
                : reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("name"u8) ? 3
                : reader.ValueTextEquals("index"u8) ? -1 : -2;
            reader.Read();
            if (kind == -1 && reader.TokenType == JsonTokenType.Number)
            {
                _ = reader.TryGetInt32(out tool);
            }
            else if (kind >= 0 && reader.TokenType == JsonTokenType.String)
            {
                texts.Add((kind == 3 ? 3 + tool : kind, reader.GetString()!));
            }
        }
    }

    /// <summary>The texts of a choice as one: where the kind changes, a new line begins.</summary>
    public static string Join(IReadOnlyList<(int Kind, string Text)> texts)
    {
        var joined = new StringBuilder();
        var last = -1;
        foreach (var (kind, text) in texts)
        {
            _ = joined.Length > 0 && kind != last ? joined.Append('\n') : joined;
            joined.Append(text);
            last = kind;
        }

        return joined.ToString();
    }
}
