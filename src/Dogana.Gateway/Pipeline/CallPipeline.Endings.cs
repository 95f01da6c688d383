using Dogana.Gateway.Upstreams;
using Dogana.Metering;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>Which ending a call has, and what of it is charged, where it did not just complete.</summary>
internal sealed partial class CallPipeline
{
    // What the client received until a rule broke it off is charged; what this node broke off for want of knowledge is not.
    private static TokenUsage CutUsage(Problem cut, UpstreamAnswer answer) => cut.Code == ProblemCode.StaleSnapshot ? default : answer.Usage;

    // Refused without work done, for the caller's fault or for want of room.
    private static bool IsRefusal(ProblemCode code) => code is ProblemCode.UpstreamRejected or ProblemCode.Busy or ProblemCode.QueueFull or ProblemCode.QueueTimeout or ProblemCode.ContextLengthExceeded
        or ProblemCode.InvalidRequest or ProblemCode.OperationNotSupported;

    // A connection that this server broke off itself, at the end of its drain, is not the client's doing.
    private CallEnding GoneEnding() => lifetime.ApplicationStopping.IsCancellationRequested ? CallEnding.Interrupted : CallEnding.ClientClosed;

    // Nor is one that was broken off because the call may be served no longer.
    private Task CloseGoneAsync(Settlement settlement, UpstreamAnswer answer, CallLife life) => life.CutBy is { } cut
        ? settlement.CloseAsync(CallEnding.Cut, CutUsage(cut, answer), cut.Code)
        : settlement.CloseAsync(GoneEnding(), answer.Usage);

    private static Problem Abandon(HttpContext http, Problem problem)
    {
        // What was written to a stream and not flushed would follow an error's headers.
        if (HasBegun(http))
        {
            http.Abort();
        }

        return problem;
    }
}
