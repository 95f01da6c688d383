using System.Text.Json;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>The model's message: parts of text or of refusal, one after the other (<c>OutputMessage</c>).</summary>
internal sealed class MessageOutput(string id, int index, TextBudget budget) : OutputItem(id, index)
{
    // What a part weighs beside its text: parts by turns must end too.
    private const int PartBytes = 1024;

    private readonly List<Part> _parts = [];

    /// <summary>Adds a piece of text and the log probabilities of its tokens.</summary>
    public void AddText(string piece, JsonElement.ArrayEnumerator logProbabilities, ResponseEvents events)
    {
        var part = Begin(isRefusal: false, events);
        part.Text.Add(piece);
        foreach (var token in logProbabilities)
        {
            part.LogProbabilities.AddLogProbability(token);
        }

        if (events.BeginDelta("response.output_text.delta", this, piece, out var writer))
        {
            writer.WriteNumber("content_index", part.Index);
            writer.WriteStartArray("logprobs");
            foreach (var token in logProbabilities)
            {
                LogProbability.Write(writer, token);
            }

            writer.WriteEndArray();
            events.End();
        }
    }

    /// <summary>Adds a piece of a refusal.</summary>
    public void AddRefusal(string piece, ResponseEvents events)
    {
        var part = Begin(isRefusal: true, events);
        part.Text.Add(piece);
        if (events.BeginDelta("response.refusal.delta", this, piece, out var writer))
        {
            writer.WriteNumber("content_index", part.Index);
            events.End();
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteString("type", "message");
        writer.WriteString("status", Status);
        writer.WriteString("role", "assistant");
        writer.WriteStartArray("content");
        foreach (var part in _parts)
        {
            part.Write(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override void WriteDone(ResponseEvents events)
    {
        if (_parts.Count > 0)
        {
            End(_parts[^1], events);
        }
    }

    private Part Begin(bool isRefusal, ResponseEvents events)
    {
        if (_parts.Count > 0 && _parts[^1].IsRefusal == isRefusal)
        {
            return _parts[^1];
        }

        budget.Take(PartBytes);
        WriteDone(events);
        var part = new Part(_parts.Count, isRefusal, new BoundedText(budget), new BoundedText(budget));
        Write("response.content_part.added", part, events);
        _parts.Add(part);
        return part;
    }

    private void End(Part part, ResponseEvents events)
    {
        if (events.Begin(part.IsRefusal ? "response.refusal.done" : "response.output_text.done", this, out var writer))
        {
            writer.WriteNumber("content_index", part.Index);
            part.WriteContent(writer);
            events.End();
        }

        Write("response.content_part.done", part, events);
    }

    private void Write(string type, Part part, ResponseEvents events)
    {
        if (events.Begin(type, this, out var writer))
        {
            writer.WriteNumber("content_index", part.Index);
            writer.WritePropertyName("part");
            part.Write(writer);
            events.End();
        }
    }

    private sealed record Part(int Index, bool IsRefusal, BoundedText Text, BoundedText LogProbabilities)
    {
        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteString("type", IsRefusal ? "refusal" : "output_text");
            if (!IsRefusal)
            {
                writer.WriteStartArray("annotations");
                writer.WriteEndArray();
            }

            WriteContent(writer);
            writer.WriteEndObject();
        }

        public void WriteContent(Utf8JsonWriter writer)
        {
            writer.WriteString(IsRefusal ? "refusal" : "text", Text.Bytes);
            if (!IsRefusal)
            {
                writer.WriteStartArray("logprobs");
                if (LogProbabilities.Bytes.Length > 0)
                {
                    writer.WriteRawValue(LogProbabilities.Bytes, skipInputValidation: true);
                }

                writer.WriteEndArray();
            }
        }
    }
}
