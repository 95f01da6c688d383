using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.DataRetention;

/// <summary>For how long what is kept, in the admin API.</summary>
public static class RetentionEndpoints
{
    /// <summary>Maps <c>GET /retention</c> and <c>PUT /retention/{name}</c>.</summary>
    public static RouteGroupBuilder MapRetention(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/retention", ListAsync).Produces<Page<RetentionRuleRecord>>().WithSummary("What is kept for how many days, in pages by name").Needs(Permission.RetentionRead);
        admin.MapPut("/retention/{name}", SetAsync).Produces<RetentionRuleRecord>().WithSummary("Sets for how many days something is kept").Needs(Permission.RetentionWrite);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, IEnumerable<IKeptData> kinds, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var rules = await store.ReadAsync(RetentionRules.ReadAsync, cancellation);
        return Results.Json(Paging.Of(kinds, after, rows, static kind => kind.Name, kind => ToRecord(kind, rules)));
    }

    private static async Task<IResult> SetAsync(Store store, IEnumerable<IKeptData> kinds, TimeProvider time, HttpContext http, string name, RetentionRequest request, CancellationToken cancellation)
    {
        if (kinds.FirstOrDefault(kind => kind.Name == name) is not { } kind)
        {
            return new Problem(ProblemCode.NotFound, $"Nothing that is kept is called '{name}'. These are: {string.Join(", ", kinds.Select(static kind => kind.Name).Order(StringComparer.Ordinal))}.", "name").ToHttp();
        }

        var refused = await store.WriteAsync(session => RetentionRules.SetAsync(session, kind, request.Days, http.GetActor(), time.GetUtcNow()), cancellation);
        return refused is { } problem ? problem.ToHttp() : Results.Json(ToRecord(kind, await store.ReadAsync(RetentionRules.ReadAsync, cancellation)));
    }

    private static RetentionRuleRecord ToRecord(IKeptData kind, IReadOnlyDictionary<string, int> rules) =>
        new(kind.Name, kind.What, rules.GetValueOrDefault(kind.Name, kind.DefaultDays), kind.DefaultDays, kind.DaysMax);
}
