using Dogana.Catalog;
using Dogana.Gateway.Requests;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams;

/// <summary>Where calls are sent. One instance serves many calls at once.</summary>
internal interface IUpstream
{
    /// <summary>Reads the call as this upstream will serve it, once. A problem when it cannot be served at all (a feature that the upstream does not have).</summary>
    Outcome<PreparedCall> Prepare(UpstreamCall call);
}

/// <summary>A call that its upstream has read and can send.</summary>
/// <param name="PromptTokensMax">
/// The most prompt tokens that the call can count: by the model's own tokenizer where it is known, else one per byte of the body.
/// </param>
/// <param name="SendAsync">
/// Sends the call; the first token says that the client left, the second that the call's total time is over. Failures before the first byte are problems;
/// later ones come out of <see cref="StreamedAnswer.NextAsync"/>.
/// </param>
internal sealed record PreparedCall(long PromptTokensMax, Func<CancellationToken, CancellationToken, Task<Outcome<UpstreamAnswer>>> SendAsync);

/// <summary>A call on its way out.</summary>
/// <param name="Id">The call's id.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Deployment">What was called.</param>
/// <param name="OutputTokensMax">The output limit per choice: the caller's own, or the deployment's default.</param>
internal sealed record UpstreamCall(string Id, CallRequest Request, Deployment Deployment, long OutputTokensMax);

/// <summary>What came back.</summary>
internal abstract class UpstreamAnswer : IAsyncDisposable
{
    public abstract ValueTask DisposeAsync();
}

/// <summary>A whole answer and what it used.</summary>
internal sealed class WholeAnswer(ReadOnlyMemory<byte> body, TokenUsage usage) : UpstreamAnswer
{
    public ReadOnlyMemory<byte> Body { get; } = body;

    public TokenUsage Usage { get; } = usage;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>An answer that comes in pieces.</summary>
internal abstract class StreamedAnswer : UpstreamAnswer
{
    /// <summary>What was used up to now; final once <see cref="NextAsync"/> has given null.</summary>
    public abstract TokenUsage Usage { get; }

    /// <summary>
    /// The next event, or null when the answer is complete (the closing <c>[DONE]</c> is not an event).
    /// </summary>
    /// <exception cref="ProblemException">The upstream failed before the answer was whole.</exception>
    public abstract Task<StreamEvent?> NextAsync();

    /// <summary>Reads on for the usage after the client left, where that is worth it, at most so long. Never throws for a failing upstream.</summary>
    public virtual Task DrainAsync(TimeSpan limit) => Task.CompletedTask;
}

/// <summary>One event of a stream.</summary>
/// <param name="Data">The JSON payload.</param>
/// <param name="IsUsageOnly">Is it the extra chunk with no choices that only carries the usage?</param>
internal readonly record struct StreamEvent(ReadOnlyMemory<byte> Data, bool IsUsageOnly);
