using System.Text.Json;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>A thing in a response's <c>output</c>, growing. Names: OpenAI API reference, <c>OutputItem</c>.</summary>
internal abstract class OutputItem(string id, int index)
{
    public string Id { get; } = id;

    /// <summary>Its place in <c>output</c>.</summary>
    public int Index { get; } = index;

    /// <summary><c>in_progress</c>, <c>completed</c> or <c>incomplete</c>.</summary>
    public string Status { get; set; } = "in_progress";

    /// <summary>Writes it as it stands.</summary>
    public abstract void Write(Utf8JsonWriter writer);

    /// <summary>Writes what follows its last delta, up to and without <c>output_item.done</c>.</summary>
    public abstract void WriteDone(ResponseEvents events);
}

/// <summary>
/// What the upstream showed of the model's reasoning (<c>ReasoningItem</c>): its text; for a caller who asked for a summary it stands in the summary's
/// place, which is the only one that such clients look at.
/// </summary>
internal sealed class ReasoningOutput(string id, int index, bool isSummary, TextBudget budget) : OutputItem(id, index)
{
    private readonly BoundedText _text = new(budget);
    private bool _isBegun;

    private string PlaceName => isSummary ? "summary_index" : "content_index";

    public void Add(string piece, ResponseEvents events)
    {
        if (!_isBegun)
        {
            Part(isSummary ? "response.reasoning_summary_part.added" : "response.content_part.added", events);
            _isBegun = true;
        }

        _text.Add(piece);
        if (events.BeginDelta(isSummary ? "response.reasoning_summary_text.delta" : "response.reasoning_text.delta", this, piece, out var writer))
        {
            writer.WriteNumber(PlaceName, 0);
            events.End();
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteString("type", "reasoning");
        writer.WriteString("status", Status);
        Parts("summary", isSummary, writer);
        Parts("content", !isSummary, writer);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override void WriteDone(ResponseEvents events)
    {
        if (events.Begin(isSummary ? "response.reasoning_summary_text.done" : "response.reasoning_text.done", this, out var writer))
        {
            writer.WriteNumber(PlaceName, 0);
            writer.WriteString("text", _text.Bytes);
            events.End();
        }

        Part(isSummary ? "response.reasoning_summary_part.done" : "response.content_part.done", events);
    }

    private void Parts(string name, bool isHere, Utf8JsonWriter writer)
    {
        writer.WriteStartArray(name);
        if (isHere && _isBegun)
        {
            WritePart(writer);
        }

        writer.WriteEndArray();
    }

    private void Part(string type, ResponseEvents events)
    {
        if (events.Begin(type, this, out var writer))
        {
            writer.WriteNumber(PlaceName, 0);
            writer.WritePropertyName("part");
            WritePart(writer);
            events.End();
        }
    }

    private void WritePart(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type", isSummary ? "summary_text" : "reasoning_text");
        writer.WriteString("text", _text.Bytes);
        writer.WriteEndObject();
    }
}

/// <summary>A call of the client's own tool (<c>FunctionToolCall</c>, <c>CustomToolCall</c>).</summary>
internal sealed class CallOutput(string id, int index, bool isCustom, string callId, string name, TextBudget budget) : OutputItem(id, index)
{
    private readonly BoundedText _input = new(budget);

    public void Add(string piece, ResponseEvents events)
    {
        _input.Add(piece);
        if (events.BeginDelta(isCustom ? "response.custom_tool_call_input.delta" : "response.function_call_arguments.delta", this, piece, out _))
        {
            events.End();
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        writer.WriteString("type", isCustom ? "custom_tool_call" : "function_call");
        writer.WriteString("status", Status);
        writer.WriteString("call_id", callId);
        writer.WriteString("name", name);
        writer.WriteString(isCustom ? "input" : "arguments", _input.Bytes);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override void WriteDone(ResponseEvents events)
    {
        if (events.Begin(isCustom ? "response.custom_tool_call_input.done" : "response.function_call_arguments.done", this, out var writer))
        {
            if (!isCustom)
            {
                writer.WriteString("name", name);
            }

            writer.WriteString(isCustom ? "input" : "arguments", _input.Bytes);
            events.End();
        }
    }
}
