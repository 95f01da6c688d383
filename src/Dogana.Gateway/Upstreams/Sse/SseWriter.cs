using System.Buffers;
using Dogana.Gateway.Translations;

namespace Dogana.Gateway.Upstreams.Sse;

/// <summary>Writes payloads as they are, one right behind the other: an answer of plain bytes.</summary>
internal sealed class BytesWriter(IBufferWriter<byte> output) : IEventSink
{
    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => output.Write(data);
}

/// <summary>Frames events as server-sent events.</summary>
internal sealed class SseWriter(IBufferWriter<byte> output) : IEventSink
{
    /// <summary>How many it has framed.</summary>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (!name.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(name);
            output.Write("\n"u8);
        }

        // A payload of several lines came in several data fields, and leaves so.
        for (int end; (end = data.IndexOf((byte)'\n')) >= 0; data = data[(end + 1)..])
        {
            WriteLine(data[..end]);
        }

        WriteLine(data);
        output.Write("\n"u8);
        Count++;
    }

    private void WriteLine(ReadOnlySpan<byte> line)
    {
        var span = output.GetSpan(line.Length + 7);
        "data: "u8.CopyTo(span);
        line.CopyTo(span[6..]);
        span[line.Length + 6] = (byte)'\n';
        output.Advance(line.Length + 7);
    }
}
