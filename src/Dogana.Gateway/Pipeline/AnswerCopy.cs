using System.Buffers;

namespace Dogana.Gateway.Pipeline;

/// <summary>A copy of an answer as it leaves, for who keeps it: for repeats, or for equal calls. One that is too large is given up.</summary>
internal sealed class AnswerCopy
{
    /// <summary>The largest answer that is kept, in bytes.</summary>
    public const int BytesMax = Metering.IdempotencyClaims.AnswerBytesMax;

    private ArrayBufferWriter<byte>? _bytes;
    private bool _isWhole;

    /// <summary>What the answer is.</summary>
    public string ContentType { get; private set; } = "";

    /// <summary>The answer; null where it is not whole, or too large.</summary>
    public byte[]? Whole => _isWhole ? _bytes!.WrittenSpan.ToArray() : null;

    /// <summary>Takes a whole answer.</summary>
    public void Take(string contentType, ReadOnlySpan<byte> answer)
    {
        if (answer.Length <= BytesMax)
        {
            _bytes = new ArrayBufferWriter<byte>(Math.Max(1, answer.Length));
            _bytes.Write(answer);
            (ContentType, _isWhole) = (contentType, true);
        }
    }

    /// <summary>Copies what is written to an answer that comes in pieces, until it is too large.</summary>
    /// <param name="contentType">What the answer is.</param>
    /// <param name="output">Where it goes besides; null where the client has left.</param>
    public IBufferWriter<byte> Over(string contentType, IBufferWriter<byte>? output)
    {
        _bytes ??= new ArrayBufferWriter<byte>(4 * 1024);
        ContentType = contentType;
        return new CopyingWriter(output, _bytes);
    }

    /// <summary>The answer that came in pieces is complete.</summary>
    public void IsComplete() => _isWhole = _bytes?.WrittenCount <= BytesMax;

    /// <summary>Writes to a response and to a copy of at most <see cref="BytesMax"/> and a little; to the copy alone where the client has left.</summary>
    private sealed class CopyingWriter(IBufferWriter<byte>? output, ArrayBufferWriter<byte> copy) : IBufferWriter<byte>
    {
        private readonly IBufferWriter<byte> _first = output ?? new ArrayBufferWriter<byte>();
        private Memory<byte> _given;

        public Memory<byte> GetMemory(int sizeHint = 0) => _given = _first.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public void Advance(int count)
        {
            if (copy.WrittenCount <= BytesMax)
            {
                copy.Write(_given.Span[..count]); // beyond that it is not kept, and the copy grows no more
            }

            _first.Advance(count);
            if (output is null)
            {
                ((ArrayBufferWriter<byte>)_first).ResetWrittenCount();
            }
        }
    }
}
