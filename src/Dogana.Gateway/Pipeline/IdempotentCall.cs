using Dogana.Metering;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// A call with an <c>Idempotency-Key</c>. Where it has taken the key, its claim is settled once: with the call's closing, or when it was never opened.
/// </summary>
internal sealed class IdempotentCall(Idempotency idempotency, IdempotencyClaim claim, EarlierCall? earlier, bool keepsAnswer)
{
    private bool _isOpened;

    /// <summary>The call that has the key already: this one is a repeat, and is not served.</summary>
    public EarlierCall? Earlier => earlier;

    /// <summary>Is the answer to be kept, as far as it is known now?</summary>
    public bool KeepsAnswer => keepsAnswer;

    /// <summary>From now on the journal decides: only the closing of the call settles the claim.</summary>
    public void Opened() => _isOpened = true;

    /// <summary>The call was closed.</summary>
    public Task ClosedAsync(CallEnding ending, TokenUsage usage, AnswerCopy? copy)
    {
        var isCharged = IdempotencyClaims.MayBeCharged(ending, usage);
        return idempotency.SettleAsync(claim, isCharged, copy?.ContentType, isCharged && keepsAnswer ? copy?.Whole : null);
    }

    /// <summary>The call was refused before it was opened: a repeat is served.</summary>
    public Task ReleaseUnopenedAsync() => _isOpened || earlier is not null ? Task.CompletedTask : idempotency.SettleAsync(claim, isCharged: false, null, null);
}
