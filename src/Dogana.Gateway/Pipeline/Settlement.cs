using Dogana.Gateway.Telemetry;
using Dogana.Metering;

namespace Dogana.Gateway.Pipeline;

/// <summary>Closes a call in the journal once, whoever comes first, and then settles its <c>Idempotency-Key</c>, if it has one.</summary>
internal sealed class Settlement(UsageJournal journal, OpenedCall opened, IdempotentCall? claim, CallTelemetry telemetry, TimeProvider time)
{
    private bool _isClosed;

    public string CallId => opened.Id;

    public CallTelemetry Telemetry => telemetry;

    /// <summary>What it was closed with.</summary>
    public TokenUsage Used { get; private set; }

    public bool IsFailed { get; private set; }

    public IdempotentCall? Claim { get; } = claim;

    /// <summary>Closes where nobody is left to be told that the journal failed; the journal itself refuses every later call.</summary>
    public async Task TryCloseAsync(CallEnding ending, TokenUsage usage, ProblemCode? problem = null)
    {
        try
        {
            await CloseAsync(ending, usage, problem);
        }
        catch (IOException)
        {
            // Said by IsFailed, by readiness and by every call after this one.
        }
    }

    public async Task CloseAsync(CallEnding ending, TokenUsage usage, ProblemCode? problem = null)
    {
        if (_isClosed)
        {
            return;
        }

        (_isClosed, Used) = (true, usage);
        try
        {
            await journal.CloseAsync(opened.Close(journal.Node, time.GetUtcNow(), ending, usage));
        }
        catch (IOException)
        {
            IsFailed = true; // and the claim stays: what is on disk is known at the next start
            problem = ProblemCode.JournalUnavailable;
            throw;
        }
        finally
        {
            telemetry.End(ending, usage, problem);
        }

        await (Claim?.ClosedAsync(ending, usage) ?? Task.CompletedTask);
    }
}
