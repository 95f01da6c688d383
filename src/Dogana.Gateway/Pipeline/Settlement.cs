using Dogana.Gateway.Routing;
using Dogana.Gateway.Telemetry;
using Dogana.Limits;
using Dogana.Metering;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// Closes a call in the journal once, whoever comes first; gives back what it held of its limits and did not use; and tells who keeps its answer.
/// </summary>
/// <param name="journal">The node's journal.</param>
/// <param name="opened">The call.</param>
/// <param name="routed">Where it is sent; null where no upstream answers it.</param>
/// <param name="price">By what it is priced.</param>
/// <param name="reservation">What it holds of its limits.</param>
/// <param name="laterLimits">The limits that were declared while it was open, among others.</param>
/// <param name="keeping">Who keeps its answer.</param>
/// <param name="telemetry">What is told of it.</param>
/// <param name="observation">Offers it to conduct.</param>
/// <param name="time">The clock.</param>
internal sealed class Settlement(
    UsageJournal journal, OpenedCall opened, RoutedCall? routed, CallPrice price, Reservation reservation, Func<LimitSet> laterLimits, AnswerKeeping keeping, CallTelemetry telemetry, Observation observation, TimeProvider time)
{
    private bool _isClosed;

    public string CallId => opened.Id;

    public CallTelemetry Telemetry => telemetry;

    public Observation Observation => observation;

    public bool IsFailed { get; private set; }

    public AnswerKeeping Keeping => keeping;

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

        _isClosed = true;
        var charge = ending is CallEnding.Completed or CallEnding.ClientClosed or CallEnding.Cut ? price.Of(usage) : Money.Zero(price.Held.Currency);
        try
        {
            var closedAt = time.GetUtcNow();
            await journal.CloseAsync(opened.Close(journal.Node, closedAt, ending, usage, charge, routed?.Tries > 0 ? routed.Current.Upstream.Id : null));
            var used = price.DemandOf(usage, charge);
            reservation.Settle(used, opened.OpenedAt, closedAt);
            LeaseKeeper.Add(laterLimits(), reservation, used, opened.OpenedAt, closedAt);
            observation.Offer(ending, usage);
        }
        catch (IOException)
        {
            IsFailed = true; // the claim stays, and what was reserved: what is on disk is known at the next start
            problem = ProblemCode.JournalUnavailable;
            throw;
        }
        finally
        {
            telemetry.End(ending, usage, problem, isOverrun: charge > price.Held);
        }

        await keeping.ClosedAsync(ending, usage, observation.Answer);
    }
}
