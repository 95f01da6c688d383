using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Filtering;

/// <summary>What filters found, in the admin API.</summary>
public static class FilterEndpoints
{
    private const int PageRows = 100;

    private static readonly TimeSpan Usual = TimeSpan.FromDays(7);

    /// <summary>Maps <c>GET /filter/findings</c>.</summary>
    public static RouteGroupBuilder MapFiltering(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/filter/findings", ListAsync).Produces<Page<FilterFindingRecord>>()
            .WithSummary("What content filters found, as counts of calls by hour, project, policy, category and severity; the last seven days, or ?from and ?to; ?project and ?policy choose").Needs(Permission.UsageRead);
        return admin;
    }

    private static async Task<IResult> ListAsync(
        Store store, TimeProvider time, string? project, string? policy, string? from, string? to, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, PageRows).TryGet(out var rows, out var problem)
            || !Instant("from", from).TryGet(out var first, out problem) || !Instant("to", to).TryGet(out var last, out problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(session => FilterCounts.ListAsync(session, project, policy, first ?? time.GetUtcNow() - Usual, last), cancellation);
        return Results.Json(Paging.Of(found.Select(Record), after, rows, static item => item.Id, static item => item));
    }

    private static Outcome<DateTimeOffset?> Instant(string name, string? text) => text is null ? (Outcome<DateTimeOffset?>)(DateTimeOffset?)null
        : InstantText.TryParse(text, out var at) ? (DateTimeOffset?)at
        : new Problem(ProblemCode.InvalidRequest, $"{name} must be a date or an instant in UTC such as 2026-01-31T08:00:00Z.", name);

    private static FilterFindingRecord Record(KeptFilterCount kept)
    {
        var (hour, of) = (InstantText.Format(kept.Hour), kept.Of);
        var (source, severity) = (EnumWords.Of(of.Source), EnumWords.Of(of.Severity));
        return new FilterFindingRecord(
            string.Join('/', hour, of.Project, of.Policy, source, of.Category, severity, of.IsFiltered ? "filtered" : "passed"),
            kept.Hour, of.Project, of.Policy, source, of.Category, severity, of.IsFiltered, kept.Count);
    }
}
