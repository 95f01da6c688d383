using Dogana.Catalog;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Routing;
using Dogana.Gateway.Upstreams;
using Dogana.Limits;
using Dogana.Metering;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>What a decided call is made into: one for an upstream, and one in the journal.</summary>
internal sealed partial class CallPipeline
{
    // The prompt of a call that is sent nowhere needs no counting.
    private static UpstreamCall CallOf(HttpContext http, CallRequest request, Decided decided, CallStart start, bool isCounted)
    {
        var (snapshot, caller, deployment, model, _, now) = decided;
        var tier = CallSteps.TierOf(request, caller.Project);
        var units = CallSteps.UnitsOf(snapshot, caller, model, request, tier, now);
        return new UpstreamCall(start.CallId, request, deployment, model, now, CallSteps.OutputMaxOf(request, deployment, model, units), isCounted ? PromptTokens.Count(request, model) : 0)
        {
            PassedHeaders = PassedHeaders.Of(http.Request, request.Operation),
            Share = new CallShare(caller.Organisation.Id, caller.Organisation.Weight, tier),
            Units = units,
        };
    }

    private static OpenedCall OpenedOf(Decided decided, CallStart start, ServiceTier tier, Money held, bool isProvisioned)
    {
        var (_, caller, deployment, model, _, now) = decided;
        return new OpenedCall(start.CallId, caller.Project.Id, caller.Organisation.Id, caller.Channel.Id, caller.Key.Id, deployment.Name, model.Id, now, held)
        {
            EndCustomer = caller.EndCustomer,
            Tags = caller.Tags,
            ServiceTier = tier,
            SpilledFrom = start.SpilledFrom,
            IsProvisioned = isProvisioned,
        };
    }

    // In the journal before anything is sent; what cannot be written is not served.
    private Problem? Open(OpenedCall opened, Reservation reservation, CallStart start)
    {
        try
        {
            journal.Open(opened);
            start.Claim?.Opened();
            return null;
        }
        catch (IOException fault)
        {
            LogJournalFailed(fault, opened.Id);
            reservation.Release();
            return new Problem(ProblemCode.JournalUnavailable, "The usage journal cannot be written. Nothing is served unmetered; try again shortly.");
        }
    }
}
