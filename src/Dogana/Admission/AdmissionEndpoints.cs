using Dogana.Audit;
using Dogana.Authority;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Admission;

/// <summary>Projects, their channels, and what decides their calls, in the admin API.</summary>
public static class AdmissionEndpoints
{
    /// <summary>Maps <c>GET /projects</c>, <c>POST /projects/{id}/moves</c>, <c>DELETE /projects/{id}/moves/{at}</c> and <c>GET /admission/explain</c>.</summary>
    public static RouteGroupBuilder MapAdmission(this RouteGroupBuilder admin)
    {
        admin.MapGet("/projects", ListAsync).Produces<Page<ProjectRecord>>().WithSummary("The projects, each with its channel now and its moves, by id").NeedsInReach(Permission.ProjectRead);
        admin.MapPost("/projects/{id}/moves", MoveAsync).Produces<ProjectRecord>().WithSummary("Moves a project to another channel, now or at an instant; its keys go on").Needs(Permission.ProjectWrite);
        admin.MapDelete("/projects/{id}/moves/{at}", CancelAsync).Produces<ProjectRecord>().WithSummary("Takes back a move that lies in the future").Needs(Permission.ProjectWrite);
        admin.MapGet("/admission/explain", ExplainAsync).Produces<AdmissionExplanation>().WithSummary("Would a call be served, and why: release waves, retirement, channel, end customer, standing, markets and terms").Needs(Permission.AdmissionRead);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, TimeProvider time, HttpContext http, string? after, int? limit, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var parties = await store.ReadAsync(PartyRegister.ReadAsync, cancellation);
        var (now, reach) = (time.GetUtcNow(), http.GetReach());
        return Results.Json(Paging.Of(parties.Projects.Values.Where(project => parties.FindProject(project.Id, reach, now) is not null), after, rows, static project => project.Id, project => ToRecord(project, now)));
    }

    private static async Task<IResult> MoveAsync(Store store, TimeProvider time, HttpContext http, string id, MoveRequest request, CancellationToken cancellation)
    {
        var moved = await store.WriteAsync(
            session => ChannelMoves.MoveAsync(session, id, request.Channel, request.At, request.AcceptGaps, http.GetActor(), time.GetUtcNow()), cancellation);
        return moved.TryGet(out var project, out var problem) ? Results.Json(ToRecord(project, time.GetUtcNow())) : problem.ToHttp();
    }

    private static async Task<IResult> CancelAsync(Store store, TimeProvider time, HttpContext http, string id, string at, CancellationToken cancellation)
    {
        if (!InstantText.TryParse(at, out var instant))
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{at}' is not an instant such as 2026-01-31T08:00:00Z.", "at").ToHttp();
        }

        var cancelled = await store.WriteAsync(session => ChannelMoves.CancelAsync(session, id, instant, http.GetActor(), time.GetUtcNow()), cancellation);
        return cancelled.TryGet(out var project, out var problem) ? Results.Json(ToRecord(project, time.GetUtcNow())) : problem.ToHttp();
    }

    private static async Task<IResult> ExplainAsync(
        Store store, TimeProvider time, string project, string model, string? channel, [FromQuery(Name = "end_customer")] string? endCustomer, string? country, DateTimeOffset? at, CancellationToken cancellation)
    {
        var instant = at ?? time.GetUtcNow();
        return await store.ReadAsync(
            async session =>
            {
                var parties = await PartyRegister.ReadAsync(session);
                var catalog = await CatalogRegister.ReadAsync(session);
                if (!parties.Projects.TryGetValue(project, out var found))
                {
                    return NotFound("project", project);
                }

                // What callers write is a deployment; what rules are about is its model.
                var modelId = catalog.Deployments.GetValueOrDefault(model)?.Model ?? model;
                if (!catalog.Models.TryGetValue(modelId, out var called))
                {
                    return NotFound("model", model);
                }

                if (!parties.Channels.TryGetValue(channel ?? found.ChannelAt(instant), out var on))
                {
                    return NotFound("channel", channel!);
                }

                if (country is { } code && (code.Length != 2 || !code.All(char.IsAsciiLetterUpper)))
                {
                    return new Problem(ProblemCode.InvalidRequest, "'country' is two capital letters of ISO 3166-1 such as FR.", "country").ToHttp();
                }

                var table = await AdmissionTable.ReadAsync(session, parties, catalog, instant);
                var naming = endCustomer is null ? default
                    : parties.AgreementOn(called.Owner, on.Id)?.EndCustomers == EndCustomerNaming.Key ? EndCustomerNaming.Key : EndCustomerNaming.Header;
                var facts = new AdmissionFacts(found, on, called, endCustomer, naming, country);
                return Results.Json(ToExplanation(facts, table.Decide(facts), instant));
            },
            cancellation);
    }

    private static AdmissionExplanation ToExplanation(in AdmissionFacts facts, AdmissionDecision decision, DateTimeOffset at) => new(
        facts.Project.Id, facts.Project.Organisation, facts.Channel.Id, facts.Model.Id, facts.EndCustomer, facts.AddressCountry, at, EnumWords.Of(decision.Verdict), decision.Refusal is null,
        [.. decision.Findings.Select(static item => new FindingRecord(EnumWords.Of(item.Verdict), item.Rule, item.Text))],
        [.. decision.Measures.Select(static item => item.Measure.Id)],
        decision.Upstreams?.Order(StringComparer.Ordinal).ToArray(), decision.Regions?.Order(StringComparer.Ordinal).ToArray(), decision.Labels, decision.MayLog);

    private static IResult NotFound(string what, string id) => new Problem(ProblemCode.NotFound, $"No {what} has the id '{id}'.", what).ToHttp();

    private static ProjectRecord ToRecord(Project project, DateTimeOffset now) => new(
        project.Id, project.Organisation, project.ChannelAt(now), project.Country, project.Resells, [.. project.Moves.Select(static move => new MoveRecord(move.Channel, move.At))]);
}
