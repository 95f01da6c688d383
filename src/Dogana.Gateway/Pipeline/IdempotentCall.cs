using System.Buffers;
using Dogana.Metering;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// A call with an <c>Idempotency-Key</c>. Where it has taken the key, its claim is settled once: with the call's closing, or when it was never opened.
/// </summary>
internal sealed class IdempotentCall(Idempotency idempotency, IdempotencyClaim claim, EarlierCall? earlier, bool keepsAnswer)
{
    private string? _contentType;
    private ArrayBufferWriter<byte>? _answer;
    private bool _isWhole;
    private bool _isOpened;

    /// <summary>The call that has the key already: this one is a repeat, and is not served.</summary>
    public EarlierCall? Earlier => earlier;

    /// <summary>Is the answer to be kept, as far as it is known now?</summary>
    public bool KeepsAnswer => keepsAnswer;

    /// <summary>From now on the journal decides: only the closing of the call settles the claim.</summary>
    public void Opened() => _isOpened = true;

    /// <summary>Keeps a whole answer.</summary>
    public void Keep(string contentType, ReadOnlySpan<byte> answer)
    {
        if (keepsAnswer && answer.Length <= IdempotencyClaims.AnswerBytesMax)
        {
            _answer = new ArrayBufferWriter<byte>(Math.Max(1, answer.Length));
            _answer.Write(answer);
            (_contentType, _isWhole) = (contentType, true);
        }
    }

    /// <summary>Copies what is written to an answer that comes in pieces, until it is larger than what is kept.</summary>
    public IBufferWriter<byte> Copy(string contentType, IBufferWriter<byte>? output)
    {
        _answer ??= new ArrayBufferWriter<byte>(4 * 1024);
        _contentType = contentType;
        return new CopyingWriter(output, _answer);
    }

    /// <summary>The answer that came in pieces is complete.</summary>
    public void IsComplete() => _isWhole = _answer?.WrittenCount <= IdempotencyClaims.AnswerBytesMax;

    /// <summary>The call was closed.</summary>
    public Task ClosedAsync(CallEnding ending, TokenUsage usage)
    {
        var isCharged = IdempotencyClaims.MayBeCharged(ending, usage);
        return idempotency.SettleAsync(claim, isCharged, _contentType, isCharged && _isWhole ? _answer!.WrittenSpan.ToArray() : null);
    }

    /// <summary>The call was refused before it was opened: a repeat is served.</summary>
    public Task ReleaseUnopenedAsync() => _isOpened || earlier is not null ? Task.CompletedTask : idempotency.SettleAsync(claim, isCharged: false, null, null);

    /// <summary>Writes to a response and to a copy of at most <see cref="IdempotencyClaims.AnswerBytesMax"/> and a little; to the copy alone where the client has left.</summary>
    private sealed class CopyingWriter(IBufferWriter<byte>? output, ArrayBufferWriter<byte> copy) : IBufferWriter<byte>
    {
        private readonly IBufferWriter<byte> _first = output ?? new ArrayBufferWriter<byte>();
        private Memory<byte> _given;

        public Memory<byte> GetMemory(int sizeHint = 0) => _given = _first.GetMemory(sizeHint);

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public void Advance(int count)
        {
            if (copy.WrittenCount <= IdempotencyClaims.AnswerBytesMax)
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
