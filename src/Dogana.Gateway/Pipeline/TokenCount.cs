using System.Globalization;
using System.Text;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Routing;
using Dogana.Gateway.Snapshots;
using Dogana.Gateway.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// Anthropic's <c>/v1/messages/count_tokens</c>: what a prompt would count, by the tokenizer that the call itself would be held by. Free, and nothing is
/// sent anywhere; who may not call the model may not count with it.
/// </summary>
internal sealed class TokenCount(SnapshotKeeper snapshots, Router router, Identification identification, OpenCalls openCalls, RefusalPace refusals, GatewayOptions options, TimeProvider time)
{
    // Anthropic's clients send no output limit here.
    private static readonly (string, ReadOnlyMemory<byte>)[] WithLimit = [("max_tokens", "1"u8.ToArray())];

    public async Task AnswerAsync(HttpContext http)
    {
        var callId = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        Dialect.Anthropic.NameCall(http, callId);
        var (counted, family) = await CountAsync(http, callId);
        if (!counted.TryGet(out var tokens, out var problem))
        {
            if (family is null || await refusals.HoldAsync(http, family))
            {
                await Dialect.Anthropic.WriteErrorAsync(http.Response, problem, callId);
            }

            return;
        }

        var body = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"input_tokens":{{tokens}}}"""));
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body);
    }

    private async Task<(Outcome<long> Tokens, string? Family)> CountAsync(HttpContext http, string callId)
    {
        if (!(await identification.IdentifyAsync(http, Dialect.Anthropic)).TryGet(out var identified, out var problem))
        {
            return (problem, null);
        }

        var (snapshot, origin, caller) = identified;
        var family = snapshot.Admission.FamilyOf(caller.Organisation.Id);
        if (openCalls.Enter(family) is { } busy)
        {
            return (busy, family);
        }

        try
        {
            return (await ReadAndCountAsync(http, origin, callId), family);
        }
        finally
        {
            openCalls.Leave(family);
        }
    }

    private async Task<Outcome<long>> ReadAndCountAsync(HttpContext http, CallOrigin origin, string callId)
    {
        // A body takes its time: what holds when it is here decides, as for a call.
        if (!(await BodyReader.ReadAsync(http, options.BodyBytesMax)).TryGet(out var body, out var problem)
            || !Read(body).TryGet(out var request, out problem)
            || !snapshots.Current.TryGet(out var snapshot, out problem)
            || !CallSteps.Identify(snapshot, origin, time.GetUtcNow()).TryGet(out var caller, out problem)
            || !CallSteps.Resolve(snapshot, caller, request, null).TryGet(out var resolved, out problem))
        {
            return problem;
        }

        var (deployment, model, decision) = resolved;
        if (decision.Refusal is { } closed)
        {
            return closed;
        }

        var call = new UpstreamCall(callId, request, deployment, model, time.GetUtcNow(), 1, PromptTokens.Count(request, model));
        return router.Route(call, snapshot.Catalog, snapshot.UpstreamKeys, decision).TryGet(out var routed, out problem) ? routed.Current.Prepared.PromptTokensMax : problem;
    }

    private Outcome<CallRequest> Read(ReadOnlyMemory<byte> body)
    {
        var read = RequestReader.Read(body, Operation.Messages, options.ChoicesMax);
        if (read.Problem is not { Param: "max_tokens" })
        {
            return read;
        }

        return BodyFields.Read(body.Span).TryGet(out var fields, out var problem)
            ? RequestReader.Read(BodySplice.Apply(body, fields, WithLimit), Operation.Messages, options.ChoicesMax)
            : problem;
    }
}
