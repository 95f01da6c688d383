using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Conduct.Cases;
using Dogana.Protection;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Conduct;

/// <summary>Cases in the admin API.</summary>
public static class CaseEndpoints
{
    /// <summary>Maps <c>/cases</c>.</summary>
    public static RouteGroupBuilder MapCases(this RouteGroupBuilder admin)
    {
        admin.MapGet("/cases", ListAsync).Produces<Page<CaseRecord>>().WithSummary("The cases in pages; ?state chooses").NeedsInReach(Permission.CaseRead);
        admin.MapPost("/cases", TriageAsync).Produces<CaseRecord>().WithSummary("Puts a signal into triage by hand").Needs(Permission.CaseWrite);
        admin.MapGet("/cases/{id}", (CaseDoor door, string id, CancellationToken cancellation) => door.ShowAsync(id, cancellation))
            .Produces<CaseDetail>().WithSummary("A case with its signals, answers, evidence and events").NeedsInReach(Permission.CaseRead);
        admin.MapGet("/cases/{id}/page", (CaseDoor door, string id, string? view, CancellationToken cancellation) => door.PageAsync(id, view, cancellation))
            .Produces<string>(contentType: "text/html").WithSummary("The evidence page; ?view=customer gives what the customer reads").NeedsInReach(Permission.CaseRead);
        admin.MapGet("/cases/{id}/evidence", (CaseDoor door, string id, CancellationToken cancellation) => door.EvidenceAsync(id, cancellation))
            .Produces<string>(contentType: "application/json").WithSummary("The frozen evidence, canonical JSON whose SHA-256 is on record").NeedsInReach(Permission.CaseRead);
        admin.MapGet("/cases/{id}/verify", (CaseDoor door, string id, CancellationToken cancellation) => door.VerifyAsync(id, cancellation))
            .Produces<CaseVerification>().WithSummary("Hashes the evidence again").Needs(Permission.CaseRead);
        Step<CaseReasonRequest>("open", Permission.CaseWrite, "Looks into it: evidence is gathered", static r => new CaseCommand.Open(r.Reason));
        Step<CaseReasonRequest>("dismiss", Permission.CaseWrite, "Dismisses it", static r => new CaseCommand.Dismiss(r.Reason));
        Step<ThrottleCaseRequest>("throttle", Permission.CaseWrite, "Slows calls down for some hours", static r => new CaseCommand.Throttle(r.RequestsPerMinute, r.Hours, r.Reason));
        Step<CaseNoticeRequest>("hold", Permission.MeasureSuspend, "Suspends at once, by one person with a recorded ground, and tells the customer", static r => new CaseCommand.Hold(r.Urgency ?? "", Statement(r.Facts, r.Terms, r.Clause, r.Models, r.Channels)));
        Step<CaseNoticeRequest>("notice", Permission.CaseWrite, "Freezes the evidence and tells the customer", static r => r.Urgency is null
            ? new CaseCommand.Notice(Statement(r.Facts, r.Terms, r.Clause, r.Models, r.Channels))
            : new Problem(ProblemCode.InvalidRequest, "A notice gives time. For what cannot wait: POST /cases/{id}/hold.", "urgency"));
        Step<ExtendCaseRequest>("extend", Permission.CaseWrite, "Gives the customer more time", static r => new CaseCommand.Extend(r.Until.ToUniversalTime(), r.Reason));
        Step<CaseReasonRequest>("withdraw", Permission.CaseWrite, "Takes the notice back and closes the case", static r => new CaseCommand.Withdraw(r.Reason));
        Step<ProposeDecisionRequest>("propose", Permission.CaseWrite, "Proposes a decision, which another person approves", static r => EnumWords.Find<CaseOutcome>(r.Outcome) is { } outcome
            ? new CaseCommand.Propose(outcome, Statement(r.Facts, r.Terms, r.Clause, r.Models, r.Channels) with { Until = r.Until is { } until ? Measures.Stored(until.ToUniversalTime()) : null }, r.RequestsPerMinute, r.TokensPerDay)
            : new Problem(ProblemCode.InvalidRequest, $"There is no outcome '{r.Outcome}'. Write one of {string.Join(", ", Enum.GetValues<CaseOutcome>().Select(EnumWords.Of))}.", "outcome"));
        Step<CaseReasonRequest>("reject", Permission.CaseApprove, "Rejects what is proposed", static r => new CaseCommand.Reject(r.Reason));
        Step<DecideAppealRequest>("decide-appeal", Permission.AppealDecide, "Decides the appeal; neither who proposed nor who approved", static r => r.Decision is "grant" or "uphold"
            ? new CaseCommand.DecideAppeal(r.Decision == "grant", r.Reason)
            : new Problem(ProblemCode.InvalidRequest, $"There is no decision '{r.Decision}'. Write grant or uphold.", "decision"));
        Step<CaseReasonRequest>("lift", Permission.MeasureLift, "Takes back what was decided: what was before holds again", static r => new CaseCommand.Lift(r.Reason));
        admin.MapPost("/cases/{id}/approve", (CaseDoor door, string id, CancellationToken cancellation) => door.DoAsync(id, new CaseCommand.Approve(), CaseSide.Platform, cancellation))
            .Produces<CaseRecord>().WithSummary("Approves what another person proposed").Needs(Permission.CaseApprove);
        admin.MapPost("/cases/{id}/close", (CaseDoor door, string id, CancellationToken cancellation) => door.DoAsync(id, new CaseCommand.Close(), CaseSide.Platform, cancellation))
            .Produces<CaseRecord>().WithSummary("Closes what is reinstated or upheld").Needs(Permission.CaseWrite);
        admin.MapPost("/cases/{id}/answer", (CaseDoor door, string id, CaseAnswerRequest request, CancellationToken cancellation) => door.AnswerAsync(id, request, cancellation))
            .Produces<CaseRecord>().WithSummary("Keeps what the customer says, or with a channel what its seller says").NeedsInReach(Permission.CaseAnswer);
        admin.MapPost("/cases/{id}/appeal", (CaseDoor door, string id, AppealCaseRequest request, CancellationToken cancellation) => door.AppealAsync(id, request.Text, cancellation))
            .Produces<CaseRecord>().WithSummary("Appeals against the decision").NeedsInReach(Permission.CaseAppeal);
        return admin;

        void Step<T>(string name, Permission permission, string summary, Func<T, Outcome<CaseCommand>> read) => admin
            .MapPost("/cases/{id}/" + name, async (CaseDoor door, string id, T request, CancellationToken cancellation) =>
                read(request).TryGet(out var command, out var problem) ? await door.DoAsync(id, command, CaseSide.Platform, cancellation) : problem.ToHttp())
            .Produces<CaseRecord>().WithSummary(summary).Needs(permission);
    }

    private static StatementOfReasons Statement(string facts, string terms, string clause, IReadOnlyList<string>? models, IReadOnlyList<string>? channels) =>
        new(facts, terms, clause) { Models = models ?? [Measure.All], Channels = channels ?? [Measure.All] };

    private static async Task<IResult> TriageAsync(Store store, TimeProvider time, HttpContext http, TriageRequest request, CancellationToken cancellation)
    {
        var made = await store.WriteAsync(session => ConductSignals.TriageAsync(session, request.Signal, request.Reason, http.GetActor(), time.GetUtcNow()), cancellation);
        return made.TryGet(out var item, out var problem) ? Results.Json(CaseView.ToRecord(item)) : problem.ToHttp();
    }

    private static async Task<IResult> ListAsync(Store store, TimeProvider time, HttpContext http, string? state, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var wanted = EnumWords.Find<CaseState>(state);
        if (state is not null && wanted is null)
        {
            return new Problem(ProblemCode.InvalidRequest, $"There is no state '{state}'. The states are {string.Join(", ", Enum.GetValues<CaseState>().Select(EnumWords.Of))}.", "state").ToHttp();
        }

        var found = await store.ReadAsync(
            async session =>
            {
                var view = await CaseView.ReadAsync(session, http.GetReach(), time.GetUtcNow());
                return await SignalEndpoints.FilteredAsync(last => ConductCases.ListAsync(session, wanted, last, SignalEndpoints.BatchRows), view.Knows, static item => item.Id, after, rows + 1);
            },
            cancellation);
        return Results.Json(Paging.Of(found, rows, static item => item.Id, CaseView.ToRecord));
    }
}

/// <summary>What a request for one case needs, in one parameter.</summary>
/// <param name="Store">The store.</param>
/// <param name="Ring">Decrypts excerpts.</param>
/// <param name="Time">The clock.</param>
/// <param name="Persons">Who is behind an actor.</param>
/// <param name="Http">The request.</param>
public sealed record CaseDoor(Store Store, KeyRing Ring, TimeProvider Time, IPersons Persons, HttpContext Http)
{
    /// <summary>Binds it from the request.</summary>
    public static ValueTask<CaseDoor?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult<CaseDoor?>(new CaseDoor(Get<Store>(), Get<KeyRing>(), Get<TimeProvider>(), Get<IPersons>(), context));

        T Get<T>() => (T)(context.RequestServices.GetService(typeof(T)) ?? throw new InvalidOperationException($"There is no {typeof(T).Name}."));
    }

    internal Task<IResult> ShowAsync(string id, CancellationToken cancellation) => ReadAsync(
        id, forCustomer: false, async (session, view, item) => Results.Json(await view.DetailAsync(session, Ring, item)), cancellation);

    internal async Task<IResult> PageAsync(string id, string? view, CancellationToken cancellation) => view is not (null or "customer")
        ? new Problem(ProblemCode.InvalidRequest, $"There is no view '{view}'. Write customer, or leave it out.", "view").ToHttp()
        : await ReadAsync(
            id, view is not null, async (session, shown, item) => Results.Text(CasePage.Write(await shown.DetailAsync(session, Ring, item), isFull: view is null && Reach.IsAll), "text/html; charset=utf-8"), cancellation);

    internal Task<IResult> EvidenceAsync(string id, CancellationToken cancellation) => ReadAsync(
        id, forCustomer: false,
        async (session, _, _) => await CaseEvidence.ReadBundleAsync(session, id, forCustomer: !Reach.IsAll) is { } bundle
            ? Results.Text(bundle, "application/json")
            : new Problem(ProblemCode.EvidenceClosed, $"The case '{id}' has no evidence to show: nothing is frozen yet, or it was erased.").ToHttp(),
        cancellation);

    internal async Task<IResult> VerifyAsync(string id, CancellationToken cancellation) =>
        (await Store.ReadAsync(session => CaseEvidence.VerifyAsync(session, Ring, id), cancellation)).TryGet(out var check, out var problem)
            ? Results.Json(new CaseVerification(check.Case, check.IsIntact, check.Hash, check.Words))
            : problem.ToHttp();

    internal Task<IResult> AnswerAsync(string id, CaseAnswerRequest request, CancellationToken cancellation)
    {
        if (request.Channel is null)
        {
            return AsTenantAsync(id, new CaseCommand.Answer(request.Text), CaseSide.Customer, static (view, item) => view.IsCustomer(item.Account), cancellation);
        }

        return EnumWords.Find<ChannelDecision>(request.Decision) is not { } decision
            ? Task.FromResult(new Problem(ProblemCode.InvalidRequest, $"There is no decision '{request.Decision}'. Write adopt or decline.", "decision").ToHttp())
            : AsTenantAsync(id, new CaseCommand.SellerAnswer(request.Channel, decision, request.Text), CaseSide.Seller, (_, _) => Reach.HasChannel(request.Channel), cancellation);
    }

    internal Task<IResult> AppealAsync(string id, string text, CancellationToken cancellation) =>
        AsTenantAsync(id, new CaseCommand.Appeal(text), CaseSide.Customer, static (view, item) => view.IsCustomer(item.Account), cancellation);

    internal async Task<IResult> DoAsync(string id, CaseCommand command, CaseSide side, CancellationToken cancellation)
    {
        var done = await Store.WriteAsync(session => ConductCases.DoAsync(session, id, command, Http.GetActor(), side, Time.GetUtcNow(), Persons), cancellation);
        return done.TryGet(out var item, out var problem) ? Results.Json(CaseView.ToRecord(item)) : problem.ToHttp();
    }

    private Reach Reach => Http.GetReach();

    // Whose it is not hears what whoever asks for nothing hears.
    private async Task<IResult> AsTenantAsync(string id, CaseCommand command, CaseSide side, Func<CaseView, ConductCase, bool> isTheirs, CancellationToken cancellation)
    {
        var isThere = await Store.ReadAsync(
            async session => await CaseRows.FindAsync(session, id) is { } item && await CaseView.ReadAsync(session, Reach, Time.GetUtcNow()) is { } view && view.Knows(item) && isTheirs(view, item), cancellation);
        return isThere ? await DoAsync(id, command, side, cancellation) : Missing(id).ToHttp();
    }

    private Task<IResult> ReadAsync(string id, bool forCustomer, Func<StoreSession, CaseView, ConductCase, Task<IResult>> read, CancellationToken cancellation) => Store.ReadAsync(
        async session =>
        {
            var view = await CaseView.ReadAsync(session, Reach, Time.GetUtcNow(), forCustomer);
            return await CaseRows.FindAsync(session, id) is { } item && view.Knows(item) ? await read(session, view, item) : Missing(id).ToHttp();
        },
        cancellation);

    private static Problem Missing(string id) => new(ProblemCode.NotFound, $"No case has the id '{id}'.", "id");
}
