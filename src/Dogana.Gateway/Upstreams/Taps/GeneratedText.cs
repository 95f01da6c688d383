using System.Buffers;
using System.Text.Json;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams.Taps;

/// <summary>
/// The text that an upstream generated, kept to count its tokens where the upstream does not say what was used, and for conduct to look at. Bounded: what is
/// beyond the limit is counted and let go.
/// </summary>
internal sealed class GeneratedText(TokenCounter counter) : IDisposable
{
    private const int KeptMax = 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1024);
    private int _length;
    private long _counted;

    /// <summary>Is there any?</summary>
    public bool IsEmpty => _length == 0 && _counted == 0;

    /// <summary>Adds the string that the reader stands on; other values add nothing.</summary>
    public void Add(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return;
        }

        var size = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        if (_length + size > KeptMax)
        {
            _counted = Count();
            _length = 0;
        }

        if (_buffer.Length < _length + size)
        {
            var larger = ArrayPool<byte>.Shared.Rent((_length + size) * 2);
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _length += reader.CopyString(_buffer.AsSpan(_length));
    }

    /// <summary>A copy of what is kept, of at most so many bytes; its last character may be cut.</summary>
    public ReadOnlyMemory<byte> Copy(int bytesMax) => _buffer.AsSpan(0, Math.Min(_length, bytesMax)).ToArray();

    /// <summary>Its tokens.</summary>
    public long Count() => _counted + counter.Count(_buffer.AsSpan(0, _length));

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }
}
