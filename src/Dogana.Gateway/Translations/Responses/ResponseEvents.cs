using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>Writes a response's typed events, numbered without a gap. Without a sink nothing is written: a whole answer is built the same way.</summary>
#pragma warning disable CA1001 // the writer writes to a buffer: it holds nothing that must be given back
internal sealed class ResponseEvents
#pragma warning restore CA1001
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly Utf8JsonWriter _writer;
    private string _type = "";
    private long _next;

    public ResponseEvents() => _writer = new Utf8JsonWriter(_buffer, WireJson.Options);

    /// <summary>Where the events go.</summary>
    public IEventSink? Sink { get; set; }

    /// <summary>What pads the chunk at hand against guesses from its size; the events made of it carry it on.</summary>
    public string? Obfuscation { get; set; }

    /// <summary>Begins an event: its type and number are written.</summary>
    public bool Begin(string type, [NotNullWhen(true)] out Utf8JsonWriter? writer)
    {
        if (Sink is null)
        {
            writer = null;
            return false;
        }

        _type = type;
        _buffer.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        _writer.WriteString("type", type);
        _writer.WriteNumber("sequence_number", _next++);
        writer = _writer;
        return true;
    }

    /// <summary>Begins an event on an item.</summary>
    public bool Begin(string type, OutputItem item, [NotNullWhen(true)] out Utf8JsonWriter? writer)
    {
        if (!Begin(type, out writer))
        {
            return false;
        }

        writer.WriteString("item_id", item.Id);
        writer.WriteNumber("output_index", item.Index);
        return true;
    }

    /// <summary>Begins an event that carries a piece of text.</summary>
    public bool BeginDelta(string type, OutputItem item, string delta, [NotNullWhen(true)] out Utf8JsonWriter? writer)
    {
        if (!Begin(type, item, out writer))
        {
            return false;
        }

        writer.WriteString("delta", delta);
        if (Obfuscation is not null)
        {
            writer.WriteString("obfuscation", Obfuscation);
        }

        return true;
    }

    /// <summary>Ends the event and hands it over.</summary>
    public void End()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        Span<byte> name = stackalloc byte[64];
        Sink!.Write(name[..Encoding.UTF8.GetBytes(_type, name)], _buffer.WrittenSpan);
    }
}
