using System.IO.Pipelines;
using Dogana.Admission;
using Dogana.Catalog;
using Dogana.Conduct;
using Dogana.Gateway.Caching;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Filtering;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Responses;
using Dogana.Gateway.Routing;
using Dogana.Gateway.Snapshots;
using Dogana.Gateway.Telemetry;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Upstreams;
using Dogana.Gateway.Upstreams.Sse;
using Dogana.Limits;
using Dogana.Metering;
using Dogana.Parties;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// The way of a call, top to bottom, in ten numbered steps. Steps 1 to 7 touch memory and the node's own journal only; the store is not asked, but for
/// calls with an <c>Idempotency-Key</c> and projects with a response cache. Every ending settles exactly once: whoever opened the call in step 5 closes it in step 9.
/// </summary>
/// <remarks>
/// <code>
///  client ─► 1 Read ─► 2 Identify ─► 3 Standing ─► 4 Market ─► 5 Reserve (opened) ─► 6 Route ─► 7 Send ─► upstream
///  client ◄─ 10 End ◄─ 9 Settle (closed, on disk) ◄─────────────────────────────────── 8 Relay ◄───────── upstream
/// </code>
/// Identify comes before the body is read in, so that a stranger cannot make the server buffer megabytes (docs/decisions/0004).
/// </remarks>
internal sealed partial class CallPipeline(
    SnapshotKeeper snapshots, Identification identification, OpenCalls openCalls, RefusalPace refusals, UsageJournal journal, Router router, CallLimits limits, LeaseKeeper leases, Idempotency idempotency, ResponseKeeping responses, CacheKeys cacheKeys, ResponseCaching caching, CallFilters filters, ConductFeed feed, GatewayInstruments instruments, GatewayOptions options,
    TimeProvider time, IHostApplicationLifetime lifetime, ILogger<CallPipeline> log)
{
    private const string EventStream = "text/event-stream; charset=utf-8";

    private static readonly TimeSpan CutDelay = TimeSpan.FromMilliseconds(100);

    // For a reason or a last event to reach a client that takes what comes.
    private static readonly TimeSpan LastWordTime = TimeSpan.FromSeconds(5);

    private int _openCalls;

    /// <summary>Runs one call to its end. Never throws for anything that a client, an upstream or the disk can do.</summary>
    public async Task RunAsync(HttpContext http, Dialect dialect, Operation operation, string? pathDeployment = null)
    {
        var callId = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        dialect.NameCall(http, callId);
        Ended ended;
        try
        {
            ended = Interlocked.Increment(ref _openCalls) > options.OpenCallsMax
                ? new Problem(ProblemCode.Busy, "This node has as many calls open as it takes. Try again shortly.")
                : await ServeAsync(http, dialect, operation, pathDeployment, callId);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return; // nobody is there to answer
        }
        finally
        {
            Interlocked.Decrement(ref _openCalls);
        }

        if (ended.Problem is not { } problem)
        {
            return;
        }

        if (!ended.WasOpened)
        {
            instruments.Refusals.Add(1, new KeyValuePair<string, object?>(GenAi.ErrorType, problem.Code.ToString()));
            if (ended.Family is { } family && !await refusals.HoldAsync(http, family))
            {
                return;
            }
        }

        if (ProblemTable.Of(problem.Code).Status >= 500)
        {
            LogFailed(callId, problem.Code, problem.Message);
        }
        else
        {
            LogRefused(callId, problem.Code);
        }

        if (!HasBegun(http))
        {
            await dialect.WriteErrorAsync(http.Response, problem, callId);
        }
    }

    private async Task<Ended> ServeAsync(HttpContext http, Dialect dialect, Operation operation, string? pathDeployment, string callId)
    {
        var arrived = time.GetTimestamp();

        // 2 Identify: credential → key → project → organisation → family → channel.
        if (!(await identification.IdentifyAsync(http, dialect)).TryGet(out var identified, out var problem))
        {
            return problem;
        }

        var (snapshot, origin, caller) = identified;

        // A family that floods this node takes no room from the others.
        var family = snapshot.Admission.FamilyOf(caller.Organisation.Id);
        if (openCalls.Enter(family) is { } busy)
        {
            return new Ended(busy, WasOpened: false, family);
        }

        try
        {
            return await ReadAndDecideAsync(http, dialect, operation, pathDeployment, origin, caller.Project, new CallStart(callId, arrived, null)) with { Family = family };
        }
        finally
        {
            openCalls.Leave(family);
        }
    }

    private async Task<Ended> ReadAndDecideAsync(
        HttpContext http, Dialect dialect, Operation operation, string? pathDeployment, CallOrigin origin, Project project, CallStart start)
    {
        // 1 Read: the body stays bytes; only what decides the call is looked at.
        if (!(await BodyReader.ReadCallAsync(http, operation, options)).TryGet(out var request, out var problem))
        {
            return problem;
        }

        if (KeptCall.Of(http) is not null && !KeptCall.Admit(request).TryGet(out request, out problem))
        {
            return problem;
        }

        // What would be refused anyway takes no key, and does not touch the store.
        var (keepsAnswer, endCustomer) = (project.StoresAnswers, (string?)null);
        if (http.Request.Headers.ContainsKey(Idempotency.Header))
        {
            if (!Decide(request, pathDeployment, origin).TryGet(out var first, out problem))
            {
                return problem;
            }

            keepsAnswer &= first.Decision.MayLog;
            endCustomer = first.Caller.EndCustomer;
        }

        // A key for repeats is taken before the call is decided: the store may be slow, and what decides the call is what holds behind it.
        if (!(await idempotency.TakeAsync(http, project, keepsAnswer, endCustomer, request.Body, start.CallId)).TryGet(out var claim, out problem))
        {
            return problem;
        }

        try
        {
            return await DecideAndSendAsync(http, dialect, request, pathDeployment, origin, start with { Claim = claim });
        }
        finally
        {
            await (claim?.ReleaseUnopenedAsync() ?? Task.CompletedTask);
        }
    }

    private async Task<Ended> DecideAndSendAsync(HttpContext http, Dialect dialect, CallRequest request, string? pathDeployment, CallOrigin origin, CallStart start)
    {
        // 3 Standing, 4 Market.
        if (!Decide(request, pathDeployment, origin).TryGet(out var decided, out var problem))
        {
            return problem;
        }

        if (KeptCall.Of(http) is not null && KeptCall.FindRefusal(decided.Caller.Project, decided.Decision) is { } unkept)
        {
            return unkept;
        }

        // A repeat is not served: it is answered as the first call was, or refused.
        if (start.Claim?.Earlier is { } earlier)
        {
            var project = decided.Caller.Project;
            return new Ended(await idempotency.AnswerAgainAsync(http, project, project.StoresAnswers && decided.Decision.MayLog, earlier), WasOpened: false);
        }

        // A conversation that is kept goes on with what was said before it.
        var mayLog = decided.Decision.MayLog;
        if (!(await responses.ContinueAsync(request, decided.Caller, mayLog)).TryGet(out request, out problem))
        {
            return problem;
        }

        start = start with { Kept = responses.Begin(request, decided.Caller, mayLog, start.CallId) };
        var ended = await ReserveAndSendAsync(http, dialect, request, decided, start);
        return SpilloverOf(http, decided.Deployment, ended.Problem) is { } standard ? await SpillAsync(http, dialect, request, decided, standard, origin, start, ended) : ended;
    }

    private async Task<Ended> ReserveAndSendAsync(HttpContext http, Dialect dialect, CallRequest request, Decided decided, CallStart start)
    {
        var (snapshot, caller, deployment, model, decision, now) = decided;

        // What the project's response cache has for it goes the same way, and is sent to no upstream.
        var cached = await FindCachedAsync(http, dialect, request, decided, start);
        var hit = cached?.Hit;

        // 6 Route comes before the reservation can be counted: the bound on prompt tokens is the upstream's own where it has one.
        var call = CallOf(http, request, decided, start, isCounted: hit is null);
        if (hit is null && CallSteps.FindUnpriceable(call) is { } unpriceable)
        {
            return unpriceable;
        }

        RoutedCall? routed = null;
        if (hit is null && !router.Route(call, snapshot.Catalog, snapshot.UpstreamKeys, decision).TryGet(out routed, out var problem))
        {
            return problem;
        }

        // 5 Reserve: requests, tokens, capacity and money, of all limits or of none; the most that it can cost is in the journal before anything is sent.
        var most = routed is null ? default : call.MostOf(routed.Current.Prepared.PromptTokensMax);
        if (!(hit?.Price ?? CallSteps.Price(snapshot, caller, deployment, model, most, call.Units, call.Share.Tier, now)).TryGet(out var price, out problem))
        {
            return problem;
        }

        var facts = new LimitFacts(caller.Project, caller.Organisation, caller.Key.Id, deployment, model, price.Held.Currency);
        if (!limits.Find(snapshot, facts, decision.Measures).TryGet(out var set, out problem))
        {
            return problem;
        }

        var demand = price.DemandOf(most, price.Held) with { By = new LimitedCall(call.Id, caller.Project.Id, deployment.Name) };
        var observed = new ObservedCall(call.Id, caller.ConductWith(model), caller.Project.Id, model.Id, now, request.Media is null ? request.Body : default) { MayLog = decision.MayLog };
        if (!(await leases.ReserveAsync(set, demand, http.RequestAborted)).TryGet(out var reservation, out problem))
        {
            if (KeptCall.Of(http) is null) // to wait for room is what a batch does, and no sign of anything
            {
                Observation.OfferRefused(feed, observed, problem);
            }

            return problem;
        }

        // The prompt is looked at once it is counted as a request, and before anything is sent; where no policy applies this is nothing.
        var filter = filters.For(snapshot, caller.Project, deployment, request, dialect);
        if (filter is not null && await filter.FindRefusalAsync(reservation, price.DemandOf(default, Money.Zero(price.Held.Currency)), http.RequestAborted) is { } withheld)
        {
            return withheld;
        }

        cached?.Filter = filter;
        var opened = OpenedOf(decided, start, call.Share.Tier, price.Held, isProvisioned: deployment.IsProvisioned && hit is null); // the cache's answers take no capacity, and are charged
        if (Open(opened, reservation, start) is { } unwritten)
        {
            return unwritten;
        }

        var telemetry = new CallTelemetry(instruments, call, routed, caller.Project.Id, caller.Project.TracesContent && decision.MayLog, time);
        var observation = new Observation(feed, observed, http.Connection.RemoteIpAddress, http.Request.Headers.UserAgent);
        var settlement = new Settlement(journal, opened, routed, price, reservation, () => limits.FindLater(snapshot, facts), new AnswerKeeping(start.Claim, start.Kept, cached), telemetry, observation, time);
        return new Ended(await SendAndSettleAsync(
            http, dialect, request, hit is null ? routed!.SendAsync : hit.SendAsync, settlement, (new OpenCall(caller.FactsOf(model), caller.Key.Id), snapshot), hit is null ? filter : null, () => new AnswerFacts(
                deployment.Name, caller.Organisation.Id, routed?.Current.Upstream.Region, time.GetElapsedTime(start.Arrived), RateLimitState.Of(reservation, time.GetUtcNow()), decision, call.Share.Tier, start.SpilledFrom)
            {
                Cache = caller.Project.HasResponseCache ? new CacheUse(hit?.AgeAt(now)) : null,
            }), WasOpened: true);
    }

    // A body may take hours to arrive: what decides the call is what holds now.
    private Outcome<Decided> Decide(CallRequest request, string? pathDeployment, CallOrigin origin)
    {
        var now = time.GetUtcNow();
        if (!snapshots.Current.TryGet(out var snapshot, out var problem)
            || !CallSteps.Identify(snapshot, origin, now).TryGet(out var caller, out problem)
            || !CallSteps.Resolve(snapshot, caller, request, pathDeployment).TryGet(out var resolved, out problem))
        {
            return problem;
        }

        var (deployment, model, decision) = resolved;
        return decision.Refusal is { } closed ? closed : new Decided(snapshot, caller, deployment, model, decision, now);
    }

    private async Task<Problem?> SendAndSettleAsync(HttpContext http, Dialect dialect, CallRequest request, Func<CallLife, Task<Outcome<UpstreamAnswer>>> send, Settlement settlement, (OpenCall Call, GatewaySnapshot By) admitted, CallFilter? filter, Func<AnswerFacts> facts)
    {
        using var life = new CallLife(options, time, http.RequestAborted);
        try
        {
            openCalls.Remember(life, admitted.Call, admitted.By);

            // 7 Send.
            var sent = await send(life);
            if (!sent.TryGet(out var answer, out var problem))
            {
                var isGone = http.RequestAborted.IsCancellationRequested;
                problem = life.CutBy ?? problem;
                await settlement.CloseAsync(life.CutBy is not null ? CallEnding.Cut : isGone ? GoneEnding() : IsRefusal(problem.Code) ? CallEnding.Refused : CallEnding.UpstreamFailed, default, problem.Code);
                return isGone ? null : problem;
            }

            await using (answer)
            {
                // 8 Relay, 9 Settle, 10 End.
                settlement.Observation.Answer = answer;
                if (!(filter is null ? answer : await filter.LookAtAsync(answer, life)).TryGet(out var shown, out problem))
                {
                    await settlement.CloseAsync(CallEnding.UpstreamFailed, default, problem.Code);
                    return problem;
                }

                shown = settlement.Keeping.Response?.Wrap(shown) ?? shown;
                dialect.Describe(http.Response, facts());
                return shown is StreamedAnswer stream
                    ? await RelayStreamAsync(http, dialect, request.Operation, stream, settlement, life)
                    : await RelayWholeAsync(http, (WholeAnswer)shown, settlement, life);
            }
        }
        catch (IOException fault) when (settlement.IsFailed)
        {
            // Closed could not be written: the answer must not look complete.
            LogJournalFailed(fault, settlement.CallId);
            return Abandon(http, new Problem(ProblemCode.JournalUnavailable, "The usage journal cannot be written. Nothing is served unmetered; try again shortly."));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            await settlement.TryCloseAsync(GoneEnding(), default);
            return null;
        }
#pragma warning disable CA1031 // whatever happened, the call is settled; the fault is logged and answered
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFault(fault, settlement.CallId);
            await settlement.TryCloseAsync(CallEnding.UpstreamFailed, default, ProblemCode.Internal);
            return Abandon(http, new Problem(ProblemCode.Internal, $"The server had an error while processing your request. Its id is {settlement.CallId}."));
        }
        finally
        {
            openCalls.Forget(life);
        }
    }

    private async Task<Problem?> RelayWholeAsync(HttpContext http, WholeAnswer answer, Settlement settlement, CallLife life)
    {
        settlement.Keeping.Copy?.Take(answer.ContentType, answer.Body.Span);
        if (http.RequestAborted.IsCancellationRequested)
        {
            // The client left while the upstream worked for it.
            await CloseGoneAsync(settlement, answer, life);
            return null;
        }

        // What nobody takes now is in the store before it is charged.
        if (KeptCall.Of(http) is { } kept && await kept.KeepAsync(settlement.CallId, answer.Body) is { } lost)
        {
            await settlement.CloseAsync(CallEnding.Interrupted, default, lost.Code);
            return lost;
        }

        // 9 Settle: on disk before the first byte, which for a whole answer is also the last.
        settlement.Telemetry.Answer(answer.Body);
        await settlement.CloseAsync(CallEnding.Completed, answer.Usage);

        // 10 End.
        http.Response.ContentType = answer.ContentType;
        http.Response.ContentLength = answer.Body.Length;
        await HandOverAsync(http, http.Response.BodyWriter.WriteAsync(answer.Body, http.RequestAborted), life);
        return null;
    }

    private async Task<Problem?> RelayStreamAsync(HttpContext http, Dialect dialect, Operation operation, StreamedAnswer answer, Settlement settlement, CallLife life)
    {
        var response = http.Response;
        var copy = settlement.Keeping.Copy;
        var type = answer.ContentType ?? EventStream;
        var output = copy?.Over(type, response.BodyWriter) ?? response.BodyWriter;
        IEventSink sink = answer.ContentType is null ? new SseWriter(output) : new BytesWriter(output);
        response.ContentType = type;
        response.Headers.CacheControl = "no-cache";
        try
        {
            // 8 Relay: each event's bytes as they came, as soon as they came.
            while (await answer.NextAsync(sink))
            {
                settlement.Telemetry.First();
                await HandOverAsync(http, response.BodyWriter.FlushAsync(http.RequestAborted), life);
                http.RequestAborted.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left: what was generated for it is charged, by the upstream's own count where it still comes.
            var rest = copy?.Over(type, output: null);
            var isWhole = await answer.DrainAsync(rest is null ? NoEvents.Instance : sink is SseWriter ? new SseWriter(rest) : new BytesWriter(rest));
            if (isWhole && !life.Token.IsCancellationRequested)
            {
                copy?.IsComplete();
            }

            await CloseGoneAsync(settlement, answer, life);
            return null;
        }
        catch (ProblemException failure)
        {
            if (http.RequestAborted.IsCancellationRequested)
            {
                await CloseGoneAsync(settlement, answer, life);
                return null;
            }

            // 9 Settle, 10 End: the client sees an error event and a broken connection, never a complete stream.
            var (ending, usage, problem) = life.CutBy is { } cut ? (CallEnding.Cut, CutUsage(cut, answer), cut) : (CallEnding.UpstreamFailed, default, failure.Problem);
            await settlement.CloseAsync(ending, usage, problem.Code);
            if (sink is SseWriter events)
            {
                dialect.WriteStreamError(events, operation, problem);
            }

            await HandOverAsync(http, response.BodyWriter.FlushAsync(http.RequestAborted), life: null);
            await Task.Delay(CutDelay, time); // a flush ends before the socket has the bytes; cut at once, the reason would be lost with them
            return Abandon(http, problem);
        }

        // 9 Settle: on disk before the last event leaves.
        settlement.Telemetry.First();
        copy?.IsComplete();
        await settlement.CloseAsync(http.RequestAborted.IsCancellationRequested ? GoneEnding() : CallEnding.Completed, answer.Usage);

        // 10 End.
        await HandOverAsync(http, response.BodyWriter.FlushAsync(http.RequestAborted), life);
        return null;
    }

    // A client that does not take what comes is waited for no longer than the call may go on: then its connection is broken, as if it had left.
    private async ValueTask HandOverAsync(HttpContext http, ValueTask<FlushResult> writing, CallLife? life)
    {
        if (writing.IsCompletedSuccessfully)
        {
            _ = writing.Result;
            return;
        }

        try
        {
            var limit = life?.Remaining > LastWordTime ? life.Remaining : LastWordTime;
            await writing.AsTask().WaitAsync(limit, time, life?.CutToken ?? CancellationToken.None);
        }
        catch (Exception over) when (over is TimeoutException || (over is OperationCanceledException && life?.CutBy is not null && !http.RequestAborted.IsCancellationRequested))
        {
            http.Abort();
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted); // that it is gone is told a moment later
        }
    }

    /// <summary>How a call came to its end here; without a problem it was answered.</summary>
    private readonly record struct Ended(Problem? Problem, bool WasOpened, string? Family = null)
    {
        public static implicit operator Ended(Problem problem) => new(problem, WasOpened: false);
    }

    /// <summary>What was decided of a call, and by what.</summary>
    private readonly record struct Decided(GatewaySnapshot Snapshot, Caller Caller, Deployment Deployment, Model Model, AdmissionDecision Decision, DateTimeOffset Now);

    /// <summary>What is known of a call before it is decided.</summary>
    private readonly record struct CallStart(string CallId, long Arrived, IdempotentCall? Claim)
    {
        /// <summary>The provisioned deployment that had no room for it, where it is served by another one in its place.</summary>
        public string? SpilledFrom { get; init; }

        /// <summary>What keeps its response; null where it is not kept.</summary>
        public KeptResponse? Kept { get; init; }
    }

    [LoggerMessage(2101, LogLevel.Debug, "Call {CallId} ended with {Code}.")]
    private partial void LogRefused(string callId, ProblemCode code);

    [LoggerMessage(2104, LogLevel.Warning, "Call {CallId} failed with {Code}: {Message}")]
    private partial void LogFailed(string callId, ProblemCode code, string message);

    [LoggerMessage(2102, LogLevel.Error, "The usage journal failed; call {CallId} was not served.")]
    private partial void LogJournalFailed(Exception fault, string callId);

    [LoggerMessage(2103, LogLevel.Error, "Call {CallId} met a fault.")]
    private partial void LogFault(Exception fault, string callId);
}
