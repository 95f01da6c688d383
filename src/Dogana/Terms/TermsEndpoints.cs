using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Terms;

/// <summary>Terms and their acceptance in the admin API. Terms, exceptions and uses are declared by applying a world file.</summary>
public static class TermsEndpoints
{
    /// <summary>Maps <c>GET /terms</c>, <c>GET /terms/{id}</c>, and <c>GET</c> and <c>POST</c> of <c>/terms/{id}/acceptances</c>.</summary>
    public static RouteGroupBuilder MapTerms(this RouteGroupBuilder admin)
    {
        admin.MapGet("/terms", ListAsync).Produces<Page<TermsRecord>>().WithSummary("The terms with their versions and exceptions, in pages").NeedsInReach(Permission.TermsRead);
        admin.MapGet("/terms/{id}", ShowAsync).Produces<TermsRecord>().WithSummary("Terms with their versions and exceptions").NeedsInReach(Permission.TermsRead);
        admin.MapGet("/terms/{id}/acceptances", ListAcceptancesAsync).Produces<Page<AcceptanceRecord>>().WithSummary("Who accepted which version, in pages").NeedsInReach(Permission.TermsRead);
        admin.MapPost("/terms/{id}/acceptances", AcceptAsync).Produces<AcceptanceRecord>().WithSummary("Records that an organisation accepts a version; again gives what is there").NeedsInReach(Permission.TermsAccept);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, HttpContext http, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        return Results.Json(Paging.Of(await ReadAsync(store, http.GetReach(), cancellation), after, rows, static item => item.Id, static item => item));
    }

    private static async Task<IResult> ShowAsync(Store store, HttpContext http, string id, CancellationToken cancellation) =>
        (await ReadAsync(store, http.GetReach(), cancellation)).FirstOrDefault(item => item.Id == id) is { } found ? Results.Json(found) : NoTerms(id).ToHttp();

    private static async Task<IResult> ListAcceptancesAsync(Store store, TimeProvider time, HttpContext http, string id, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        if ((after ?? "/").Split('/') is not [var organisation, var version])
        {
            return new Problem(ProblemCode.InvalidRequest, "'after' is what the page before gave as 'next': ORGANISATION/VERSION.", "after").ToHttp();
        }

        var found = await store.ReadAsync(
            async session =>
            {
                var (reach, now) = (http.GetReach(), time.GetUtcNow());
                var parties = reach.IsAll ? null : await PartyRegister.ReadAsync(session);
                return (await TermsRegister.ReadTermsAsync(session)).Any(item => item.Id == id)
                    ? await Acceptances.ListAsync(session, id, organisation, version, rows + 1, parties?.Organisations.Keys.Where(party => parties.IsIn(party, reach, now)))
                    : null;
            },
            cancellation);
        return found is null ? NoTerms(id).ToHttp() : Results.Json(Paging.Of(found, rows, static item => $"{item.Organisation}/{item.Version}", ToRecord));
    }

    private static async Task<IResult> AcceptAsync(Store store, TimeProvider time, HttpContext http, string id, AcceptTermsRequest request, CancellationToken cancellation)
    {
        if (!http.GetReach().HasOrganisation(request.Organisation))
        {
            return new Problem(ProblemCode.NotFound, $"No organisation has the id '{request.Organisation}'.", "organisation").ToHttp();
        }

        var accepted = await store.WriteAsync(
            session => Acceptances.AcceptAsync(session, id, request.Version, request.Organisation, request.AcceptedBy, http.GetActor(), time.GetUtcNow()), cancellation);
        return accepted.TryGet(out var acceptance, out var problem) ? Results.Json(ToRecord(acceptance)) : problem.ToHttp();
    }

    // Of which models and channels is the platform's: a tenant would read of models that are not open to it.
    private static async Task<IEnumerable<TermsRecord>> ReadAsync(Store store, Reach reach, CancellationToken cancellation)
    {
        var (all, exceptions) = await store.ReadAsync(
            async session => (await TermsRegister.ReadTermsAsync(session), await TermsRegister.ReadExceptionsAsync(session)), cancellation);
        return all.Select(terms => new TermsRecord(
            terms.Id, terms.Name, terms.Owner, reach.IsAll ? terms.Models : [], reach.IsAll ? terms.Channels : [], [.. terms.Versions.Select(ToRecord)],
            [.. exceptions.Where(item => item.Terms == terms.Id && reach.HasOrganisation(item.Organisation)).Select(ToRecord)]));
    }

    private static Problem NoTerms(string id) => new(ProblemCode.NotFound, $"No terms have the id '{id}'. 'dogana terms list' shows them.", "id");

    private static AcceptanceRecord ToRecord(Acceptance item) => new(item.Terms, item.Version, item.Organisation, item.AcceptedBy, item.AcceptedAt, item.Actor);

    private static TermsVersionRecord ToRecord(TermsVersion item) => new(
        item.Version, item.EffectiveFrom, item.AcceptBy, item.TextUrl, item.TextSha256, item.Serve, item.Log, item.Evaluate, item.Train,
        item.AllowsCompetingModels ? "allowed" : "prohibited", item.Note);

    private static LicenceExceptionRecord ToRecord(LicenceGrant item) => new(
        item.Id, item.Organisation, [.. Enum.GetValues<LicenceScope>().Where(grant => (item.Grants & grant) != LicenceScope.None).Select(EnumWords.Of)],
        item.From, item.To, item.ApprovedBy, item.Reason);
}
