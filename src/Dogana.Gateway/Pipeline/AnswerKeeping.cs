using Dogana.Gateway.Caching;
using Dogana.Gateway.Responses;
using Dogana.Gateway.Upstreams;
using Dogana.Metering;

namespace Dogana.Gateway.Pipeline;

/// <summary>Who keeps a call's answer: mostly nobody.</summary>
/// <param name="Claim">For repeats: the call's <c>Idempotency-Key</c>.</param>
/// <param name="Response">For conversations that go on from it.</param>
/// <param name="Cached">For equal calls: the project's response cache, which may also be what answers this one.</param>
internal readonly record struct AnswerKeeping(IdempotentCall? Claim, KeptResponse? Response, CachedCall? Cached)
{
    /// <summary>The answer's copy, as it leaves; null where none is kept.</summary>
    public AnswerCopy? Copy { get; } = Claim is { KeepsAnswer: true } || Cached is { Keeps: true } ? new AnswerCopy() : null;

    /// <summary>The call was closed: what is kept in the store by whom the client relies on is there before the last byte leaves.</summary>
    public async Task ClosedAsync(CallEnding ending, TokenUsage usage, UpstreamAnswer? answer)
    {
        await (Response?.ClosedAsync(ending) ?? Task.CompletedTask);
        await (Claim?.ClosedAsync(ending, usage, Copy) ?? Task.CompletedTask);
        Cached?.Closed(ending, usage, Copy, answer);
    }
}
