using System.Buffers;
using System.Text;
using FakeUpstream.Answers;

namespace FakeUpstream.Wire;

/// <summary>Writes an event as lines, in the form that the script says.</summary>
internal sealed class EventFrame(Framing framing)
{
    private readonly byte[] _end = framing.HasFlag(Framing.Crlf) ? "\r\n"u8.ToArray() : framing.HasFlag(Framing.Cr) ? "\r"u8.ToArray() : "\n"u8.ToArray();
    private readonly byte[] _colon = framing.HasFlag(Framing.NoSpace) ? ":"u8.ToArray() : ": "u8.ToArray();
    private int _events;

    public void Write(IBufferWriter<byte> writer, ServerEvent item, long number)
    {
        if (_events == 0 && framing.HasFlag(Framing.Bom))
        {
            writer.Write("\uFEFF"u8);
        }

        if (framing.HasFlag(Framing.Comments))
        {
            writer.Write(": ping"u8);
            writer.Write(_end);
            writer.Write(_end);
        }

        if (framing.HasFlag(Framing.Ids))
        {
            Line(writer, "id", $"{number}-{_events}");
            if (_events == 0)
            {
                Line(writer, "retry", "3000");
            }
        }

        if (item.Name is not null)
        {
            Line(writer, "event", item.Name);
        }

        Data(writer, item.Data, number);
        writer.Write(_end);
        _events++;
    }

    // A line break between the tokens of JSON is no change: after the first brace and before the last.
    private void Data(IBufferWriter<byte> writer, Template data, long number)
    {
        if (framing.HasFlag(Framing.MultiLine) && data.ToText(number) is { Length: > 2 } text && text[0] == '{' && text[^1] == '}')
        {
            Line(writer, "data", "{");
            Line(writer, "data", text[1..^1]);
            Line(writer, "data", "}");
            return;
        }

        writer.Write("data"u8);
        writer.Write(_colon);
        data.WriteTo(writer, number);
        writer.Write(_end);
    }

    private void Line(IBufferWriter<byte> writer, string field, string value)
    {
        Encoding.UTF8.GetBytes(field, writer);
        writer.Write(_colon);
        Encoding.UTF8.GetBytes(value, writer);
        writer.Write(_end);
    }
}
