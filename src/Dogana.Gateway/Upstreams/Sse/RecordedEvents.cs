using System.Buffers;
using Dogana.Gateway.Translations;

namespace Dogana.Gateway.Upstreams.Sse;

/// <summary>Keeps events to be handed on later.</summary>
internal sealed class RecordedEvents : IEventSink
{
    private readonly ArrayBufferWriter<byte> _bytes = new(4 * 1024);
    private readonly List<(int Name, int Data)> _lengths = [];

    /// <summary>Is there none?</summary>
    public bool IsEmpty => _lengths.Count == 0;

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        _bytes.Write(name);
        _bytes.Write(data);
        _lengths.Add((name.Length, data.Length));
    }

    /// <summary>Hands them on in order.</summary>
    public void Replay(IEventSink sink)
    {
        var rest = _bytes.WrittenSpan;
        foreach (var (name, data) in _lengths)
        {
            sink.Write(rest[..name], rest.Slice(name, data));
            rest = rest[(name + data)..];
        }
    }
}

/// <summary>Takes events that nobody wants.</summary>
internal sealed class NoEvents : IEventSink
{
    public static NoEvents Instance { get; } = new();

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
    }
}
