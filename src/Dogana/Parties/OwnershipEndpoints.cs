using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Parties.Ownership;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Parties;

/// <summary>Ownership and families in the admin API.</summary>
public static class OwnershipEndpoints
{
    /// <summary>Maps <c>GET /organisations/{id}/family</c>, <c>GET /ownership</c>, <c>GET /control-rules</c> and <c>POST /ownership/import</c>.</summary>
    public static RouteGroupBuilder MapOwnership(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapGet("/organisations/{id}/family", FamilyAsync).Produces<FamilyRecord>()
            .WithSummary("A party's affiliates by a model owner's rule (?owner=) or a rule (?rule=), at an instant (?at=), with the reasons (?why=true)").Needs(Permission.OwnershipRead);
        admin.MapGet("/ownership", ListAsync).Produces<Page<OwnershipStatementRecord>>().WithSummary("The statements of ownership, by id").Needs(Permission.OwnershipRead);
        admin.MapGet("/control-rules", ListRulesAsync).Produces<Page<ControlRuleRecord>>().WithSummary("The rules of control, by id; the one that holds where none is declared is called default").Needs(Permission.OwnershipRead);
        admin.MapPost("/ownership/import", ImportAsync).Produces<OwnershipImportReport>()
            .WithSummary("Takes in a file of statements: ?format=bods, gleif or gleif-names; ?dry_run=true only says what would change").Needs(Permission.OwnershipWrite);
        return admin;
    }

    private static async Task<IResult> FamilyAsync(
        Store store, TimeProvider time, string id, string? owner, string? rule, string? at, bool? why, CancellationToken cancellation)
    {
        var parties = await store.ReadAsync(PartyRegister.ReadAsync, cancellation);
        var entities = parties.OwnershipParties.ToDictionary(static item => item.Id, StringComparer.Ordinal);
        if (!parties.Organisations.ContainsKey(id) && !entities.ContainsKey(id))
        {
            return new Problem(ProblemCode.NotFound, $"No organisation or ownership party has the id '{id}'.", "id").ToHttp();
        }

        if (owner is not null && !parties.Organisations.ContainsKey(owner))
        {
            return new Problem(ProblemCode.NotFound, $"No organisation has the id '{owner}'.", "owner").ToHttp();
        }

        var instant = time.GetUtcNow();
        if (at is not null && !InstantText.TryParse(at, out instant))
        {
            return new Problem(ProblemCode.InvalidRequest, "The instant is a date (UTC) or an instant in UTC, such as 2026-01-31 or 2026-01-31T08:00:00Z.", "at").ToHttp();
        }

        var view = parties.Ownership.At(instant);
        if ((rule is null ? view.RuleFor(owner ?? "") : view.Rule(rule)) is not { } used)
        {
            return new Problem(ProblemCode.NotFound, $"No rule of control with the id '{rule}' is in force then. GET /admin/v1/control-rules lists them.", "rule").ToHttp();
        }

        var affiliates = view.AffiliatesOf(id, used).Values.OrderBy(static item => item.Party, StringComparer.Ordinal).Select(item => ToRecord(item, used, parties, entities, why ?? false));
        return Results.Json(new FamilyRecord(id, view.FamilyOf(id), instant, ToRecord(used), [.. affiliates]));
    }

    private static async Task<IResult> ListAsync(Store store, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(session => OwnershipStore.ReadPageAsync(session, after ?? "", rows + 1), cancellation);
        return Results.Json(Paging.Of(found, rows, static item => item.Id, ToRecord));
    }

    private static async Task<IResult> ListRulesAsync(Store store, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var declared = await store.ReadAsync(OwnershipStore.ReadRulesAsync, cancellation);
        var all = declared.Concat(declared.Any(static item => item.Id == ControlRule.Default.Id) ? [] : [ControlRule.Default]);
        return Results.Json(Paging.Of(all, after, rows, static item => item.Id, ToRecord));
    }

    private static async Task<IResult> ImportAsync(
        HttpContext http, Store store, TimeProvider time, string? format, [FromQuery(Name = "dry_run")] bool? dryRun, CancellationToken cancellation)
    {
        if (OwnershipImport.FindFormat(format ?? "") is not { } known)
        {
            return new Problem(ProblemCode.InvalidRequest, "The format is bods, gleif or gleif-names.", "format").ToHttp();
        }

        // A form or plain text can be posted by any web page; these cannot without the browser asking first.
        var type = http.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (type is not ("application/json" or "application/x-ndjson" or "text/csv"))
        {
            return new Problem(ProblemCode.InvalidRequest, "Send the file with the content type application/json, application/x-ndjson or text/csv.", "Content-Type").ToHttp();
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = OwnershipImport.BytesMax + 1; // one more: the import says itself what is too large
        }

        var imported = await OwnershipImport.RunAsync(store, known, http.Request.Body, time.GetUtcNow(), http.GetActor(), dryRun ?? false, cancellation);
        return imported.ToHttp();
    }

    private static AffiliateRecord ToRecord(
        Affiliate item, ControlRule rule, PartyTable parties, Dictionary<string, OwnershipParty> entities, bool why)
    {
        var (name, kind) = parties.Organisations.TryGetValue(item.Party, out var organisation) ? (organisation.Name, "organisation")
            : entities.TryGetValue(item.Party, out var party) ? (party.Name, EnumWords.Of(party.Kind))
            : (item.Party, "unknown");
        return new AffiliateRecord(
            item.Party, name, kind, EnumWords.Of(item.Certainty), EnumWords.Of(rule.Resolve(item.Certainty)),
            why ? [.. item.Why.Select(static link => new ControlLinkRecord(link.Controller, link.Controlled, link.Basis, EnumWords.Of(link.Certainty)))] : null);
    }

    private static OwnershipStatementRecord ToRecord(OwnershipStatement item)
    {
        var isShare = item.Interest is InterestKind.Shareholding or InterestKind.VotingRights;
        return new OwnershipStatementRecord(
            item.Id, item.Subject, item.InterestedParty, EnumWords.Of(item.Interest), isShare ? Percent(item.Share.Min) : null, isShare ? Percent(item.Share.Max) : null,
            item.From, item.To, item.Source);
    }

    private static ControlRuleRecord ToRecord(ControlRule rule) => new(
        rule.Id, rule.Owner, Percent(rule.Threshold), rule.IsInclusive, rule.Aggregates, EnumWords.Of(rule.Chain),
        EnumWords.Of(rule.Unknown), [.. rule.Links.Select(EnumWords.Of)], rule.From, rule.To);

    private static string Percent(long share) => StakeWords.Percent(share)[..^2];
}
