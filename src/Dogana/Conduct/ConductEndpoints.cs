using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Conduct.Register;
using Dogana.Conduct.Reports;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Conduct;

/// <summary>Measures and standing in the admin API.</summary>
public static class ConductEndpoints
{
    /// <summary>Maps <c>/measures</c> and <c>/standing/{organisation}</c>.</summary>
    public static RouteGroupBuilder MapConduct(this RouteGroupBuilder admin)
    {
        admin.MapGet("/measures", ListAsync).Produces<IReadOnlyList<MeasureRecord>>()
            .WithSummary("Measures, whatever became of them, the last 1,000 to begin; ?organisation, ?owner and ?state choose; with ?limit or ?after all, in pages, by id").Needs(Permission.MeasureRead);
        admin.MapPost("/measures", SuspendAsync).Produces<MeasureRecord>().WithSummary("Suspends a family from an owner's models at once, by one person with a recorded ground").Needs(Permission.MeasureSuspend);
        admin.MapPost("/measures/propose", ProposeAsync).Produces<MeasureRecord>().WithSummary("Proposes a measure, which another person approves").Needs(Permission.MeasurePropose);
        admin.MapGet("/measures/{id}", ShowAsync).Produces<MeasureDetail>().WithSummary("A measure with its members, channels and decisions").Needs(Permission.MeasureRead);
        admin.MapPost("/measures/{id}/approve", (Store store, TimeProvider time, IPersons persons, HttpContext http, string id, CancellationToken cancellation) =>
                WriteAsync(store, time, session => Measures.ApproveAsync(session, id, http.GetActor(), time.GetUtcNow(), persons), cancellation))
            .Produces<MeasureRecord>().WithSummary("Puts a proposed measure in force; not by whoever proposed it").Needs(Permission.MeasureApprove);
        admin.MapPost("/measures/{id}/reject", (Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation) =>
                WriteAsync(store, time, session => Measures.RejectAsync(session, id, http.GetActor(), time.GetUtcNow()), cancellation))
            .Produces<MeasureRecord>().WithSummary("Rejects a proposed measure").Needs(Permission.MeasureReject);
        admin.MapPost("/measures/{id}/lift", LiftAsync).Produces<MeasureRecord>().WithSummary("Lifts a measure").Needs(Permission.MeasureLift);
        admin.MapPost("/measures/{id}/release", ReleaseAsync).Produces<MeasureMemberRecord>().WithSummary("Releases a member that left the family").Needs(Permission.MeasureLift);
        admin.MapPost("/measures/{id}/decide", DecideAsync).Produces<MeasureDecisionRecord>().WithSummary("Records whether a channel's seller adopts or declines a measure").Needs(Permission.MeasureDecide);
        admin.MapGet("/standing/{organisation}", StandAsync).Produces<StandingRecord>().WithSummary("How an organisation stands with every model owner, and why").NeedsInReach(Permission.StandingRead);
        return admin;
    }

    private static async Task<IResult> ListAsync(
        Store store, TimeProvider time, string? organisation, string? owner, string? state, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var wanted = MeasureNames.Find<MeasureState>(state);
        if (state is not null && wanted is null)
        {
            var states = string.Join(", ", Enum.GetValues<MeasureState>().Select(MeasureNames.Of));
            return new Problem(ProblemCode.InvalidRequest, $"There is no state '{state}'. The states are {states}.", "state").ToHttp();
        }

        var (now, isPaged) = (time.GetUtcNow(), limit is not null || after is not null);
        return await store.ReadAsync(
            async session =>
            {
                var records = await MeasureRecords.ReadAsync(session, now);
                var measures = await MeasureRows.ListAsync(session, organisation, owner, wanted, now, isPaged, after, isPaged ? rows + 1 : PageLimit.Max);
                return isPaged
                    ? Results.Json(new Page<MeasureRecord>([.. measures.Take(rows).Select(records.ToRecord)], measures.Count > rows ? measures[rows - 1].Id : null))
                    : Results.Json(measures.Select(records.ToRecord).ToArray());
            },
            cancellation);
    }

    private static async Task<IResult> SuspendAsync(Store store, TimeProvider time, HttpContext http, SuspendRequest request, CancellationToken cancellation) =>
        request.Level is not (null or "suspend")
            ? new Problem(ProblemCode.InvalidRequest, $"One person alone can suspend, not {request.Level}. Propose it with POST /measures/propose.", "level").ToHttp()
            : await WriteAsync(
                store, time,
                session => Measures.SuspendAsync(
                    session, request.Organisation, request.Owner, request.Reason, http.GetActor(), time.GetUtcNow(), request.Urgency, request.Models, request.Channels),
                cancellation);

    private static async Task<IResult> ProposeAsync(Store store, TimeProvider time, HttpContext http, ProposeMeasureRequest request, CancellationToken cancellation)
    {
        if (MeasureNames.Find<MeasureLevel>(request.Level) is not { } level)
        {
            return new Problem(ProblemCode.InvalidRequest, $"There is no level '{request.Level}'. Write warn, throttle, limit, suspend or terminate.", "level").ToHttp();
        }

        var proposal = new MeasureProposal(request.Organisation, request.Owner, level, request.Reason)
        {
            Models = request.Models ?? [Measure.All],
            Channels = request.Channels ?? [Measure.All],
            RequestsPerMinute = request.RequestsPerMinute,
            TokensPerDay = request.TokensPerDay,
            From = request.From?.ToUniversalTime(),
            To = request.To?.ToUniversalTime(),
        };
        return await WriteAsync(store, time, session => Measures.ProposeAsync(session, proposal, http.GetActor(), time.GetUtcNow()), cancellation);
    }

    private static async Task<IResult> LiftAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation)
    {
        // Older clients send no body. Whose measure is nowhere hears that first.
        if ((await store.ReadAsync(session => Measures.FindAsync(session, id), cancellation)).Problem is { } missing)
        {
            return missing.ToHttp();
        }

        var request = http.Request.HasJsonContentType() && http.Request.ContentLength != 0 ? await http.Request.ReadFromJsonAsync<LiftMeasureRequest>(cancellation) : null;
        return await WriteAsync(store, time, session => Measures.LiftAsync(session, id, http.GetActor(), time.GetUtcNow(), request?.Reason), cancellation);
    }

    private static async Task<IResult> ReleaseAsync(Store store, TimeProvider time, HttpContext http, string id, ReleaseMemberRequest request, CancellationToken cancellation)
    {
        var released = await store.WriteAsync(
            session => Measures.ReleaseAsync(session, id, request.Organisation, request.Reason, http.GetActor(), time.GetUtcNow()), cancellation);
        return released.TryGet(out var member, out var problem) ? Results.Json(MeasureRecords.ToRecord(member)) : problem.ToHttp();
    }

    private static async Task<IResult> DecideAsync(Store store, TimeProvider time, HttpContext http, string id, DecideMeasureRequest request, CancellationToken cancellation)
    {
        if (MeasureNames.Find<ChannelDecision>(request.Decision) is not { } decision)
        {
            return new Problem(ProblemCode.InvalidRequest, $"There is no decision '{request.Decision}'. Write adopt or decline.", "decision").ToHttp();
        }

        var decided = await store.WriteAsync(
            session => MeasureDecisions.DecideAsync(session, id, request.Channel, decision, request.Reason, http.GetActor(), time.GetUtcNow()), cancellation);
        return decided.TryGet(out var made, out var problem) ? Results.Json(MeasureRecords.ToRecord(made)) : problem.ToHttp();
    }

    private static Task<IResult> ShowAsync(Store store, TimeProvider time, string id, CancellationToken cancellation) => store.ReadAsync(
        async session => (await Measures.FindAsync(session, id)).TryGet(out var measure, out var problem)
            ? Results.Json((await MeasureRecords.ReadAsync(session, time.GetUtcNow())).DetailOf(
                measure, await MeasureRows.ReadMembersAsync(session, id), await MeasureRows.ReadDecisionsAsync(session, id)))
            : problem.ToHttp(),
        cancellation);

    private static async Task<IResult> StandAsync(Store store, TimeProvider time, HttpContext http, string organisation, CancellationToken cancellation) =>
        await store.ReadAsync(session => StandingReport.ReadAsync(session, organisation, time.GetUtcNow(), http.GetReach()), cancellation) is { } standing
            ? Results.Json(standing)
            : new Problem(ProblemCode.NotFound, $"No organisation has the id '{organisation}'.", "organisation").ToHttp();

    private static async Task<IResult> WriteAsync(Store store, TimeProvider time, Func<StoreSession, Task<Outcome<Measure>>> write, CancellationToken cancellation)
    {
        var written = await store.WriteAsync(write, cancellation);
        if (!written.TryGet(out var measure, out var problem))
        {
            return problem.ToHttp();
        }

        var records = await store.ReadAsync(session => MeasureRecords.ReadAsync(session, time.GetUtcNow()), cancellation);
        return Results.Json(records.ToRecord(measure));
    }
}
