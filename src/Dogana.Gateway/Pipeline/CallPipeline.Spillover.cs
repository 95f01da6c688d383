using System.Globalization;
using Dogana.Catalog;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// What a provisioned deployment has no room for, or fails at before its first byte, is served by a standard one: decided anew, at the standard's price. Where that
/// fails too, the first answer is the answer. Source: Microsoft Learn, "Manage traffic with spillover for provisioned deployments".
/// </summary>
internal sealed partial class CallPipeline
{
    private const string SpilloverHeader = "x-ms-spillover-deployment";
    private const string SpilloverError = "x-ms-spillover-error";

    // Capacity in use, a context that is too long here, or a failure of what serves it; not what the caller did wrong or may not do.
    private static bool MaySpill(ProblemCode code) => code is ProblemCode.CapacityExceeded or ProblemCode.ContextLengthExceeded or ProblemCode.Busy
        or ProblemCode.QueueFull or ProblemCode.QueueTimeout
        or ProblemCode.UpstreamFailed or ProblemCode.UpstreamKeyRefused or ProblemCode.UpstreamMisconfigured;

    // The standard deployment that a call is to be tried at; the deployment's own word comes before the caller's.
    private static string? SpilloverOf(HttpContext http, Deployment deployment, Problem? problem) =>
        problem is not null && deployment.IsProvisioned && MaySpill(problem.Code) && !HasBegun(http) && !http.RequestAborted.IsCancellationRequested
        && (deployment.Spillover ?? http.Request.Headers[SpilloverHeader].ToString()) is { Length: > 0 } standard
            ? standard
            : null;

    private async Task<Ended> SpillAsync(
        HttpContext http, Dialect dialect, CallRequest request, Decided first, string standard, CallOrigin origin, CallStart start, Ended ended)
    {
        // What was opened has its record, and has given its Idempotency-Key back: the spilled call is one of its own.
        var spilled = start with { SpilledFrom = first.Deployment.Name };
        if (ended.WasOpened)
        {
            var callId = Guid.CreateVersion7(time.GetUtcNow()).ToString();
            var taken = start.Claim is null ? (Outcome<IdempotentCall?>)(IdempotentCall?)null
                : await idempotency.TakeAsync(http, first.Caller.Project, start.Claim.KeepsAnswer, first.Caller.EndCustomer, request.BodyAsCame.IsEmpty ? request.Body : request.BodyAsCame, callId);
            if (!taken.TryGet(out var claim, out var busy))
            {
                return Unspilled(http, dialect, start, ended, new Ended(busy, WasOpened: false));
            }

            spilled = spilled with { CallId = callId, Claim = claim };
        }

        LogSpilled(start.CallId, first.Deployment.Name, standard, spilled.CallId, ended.Problem!.Code);
        dialect.NameCall(http, spilled.CallId);
        try
        {
            var second = await ServeByAsync(http, dialect, request, first, standard, origin, spilled);
            if (second.Problem is not null && !HasBegun(http))
            {
                return Unspilled(http, dialect, start, ended, second);
            }

            if (!ended.WasOpened)
            {
                instruments.Refusals.Add(1, new KeyValuePair<string, object?>(GenAi.ErrorType, ended.Problem.Code.ToString())); // though it was served
            }

            return second;
        }
        finally
        {
            if (ended.WasOpened && spilled.Claim is { } own)
            {
                await own.ReleaseUnopenedAsync();
            }
        }
    }

    private async Task<Ended> ServeByAsync(HttpContext http, Dialect dialect, CallRequest request, Decided first, string standard, CallOrigin origin, CallStart start)
    {
        if (start.Claim?.Earlier is { } earlier)
        {
            return new Problem(ProblemCode.IdempotencyConflict, $"Another request with this {Idempotency.Header}, {earlier.Id}, came in between.", Idempotency.Header);
        }

        if (!Decide(request, standard, origin).TryGet(out var decided, out var problem))
        {
            return problem;
        }

        return decided.Deployment.IsProvisioned || decided.Model.Id != first.Model.Id
            ? new Problem(ProblemCode.InvalidRequest, $"'{first.Deployment.Name}' can spill over to a standard deployment of '{first.Model.Id}' only.", SpilloverHeader)
            : await ReserveAndSendAsync(http, dialect, request, decided, start);
    }

    // The first answer, under the first id, and a word about what became of the second.
    private static Ended Unspilled(HttpContext http, Dialect dialect, CallStart start, Ended first, Ended second)
    {
        dialect.NameCall(http, start.CallId);
        http.Response.Headers[SpilloverError] = ProblemTable.Of(second.Problem!.Code).Status.ToString(CultureInfo.InvariantCulture);
        return first with { WasOpened = first.WasOpened || second.WasOpened };
    }

    private static bool HasBegun(HttpContext http) => http.Response.HasStarted || http.Response.ContentType is not null; // an error's is set with its body

    [LoggerMessage(2701, LogLevel.Information, "Call {CallId} to {Provisioned} spilled over to {Standard} as {SpilledId}: {Code}.")]
    private partial void LogSpilled(string callId, string provisioned, string standard, string spilledId, ProblemCode code);
}
