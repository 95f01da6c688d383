using System.Globalization;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Markets;

/// <summary>Market rules in the admin API. They are changed by applying a world file.</summary>
public static class MarketEndpoints
{
    /// <summary>Maps <c>GET /market-rules</c> and <c>GET /markets/explain</c>.</summary>
    /// <param name="admin">The admin API.</param>
    /// <param name="usesOf">What a project declared that it uses models for, at an instant: another module knows.</param>
    public static RouteGroupBuilder MapMarkets(this RouteGroupBuilder admin, Func<StoreSession, string, DateTimeOffset, Task<IReadOnlyList<string>>> usesOf)
    {
        admin.MapGet("/market-rules", ListAsync).Produces<Page<MarketRuleRecord>>().WithSummary("The markets and the market rules, past and future ones too, in pages");
        admin.MapGet("/markets/explain", (Store store, TimeProvider time, [AsParameters] Question question, CancellationToken cancellation) =>
                ExplainAsync(store, time.GetUtcNow(), usesOf, question, cancellation))
            .Produces<MarketExplanation>().WithSummary("What the market rules say of a sale, and why");
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var (catalog, rules) = await store.ReadAsync(async session => (await CatalogRegister.ReadAsync(session), await MarketRules.ReadAsync(session)), cancellation);
        MarketRule[] found = [.. catalog.Markets.Values.Select(MarketRule.Of).Concat(rules)
            .Where(rule => string.CompareOrdinal(rule.Name, after) > 0).OrderBy(static rule => rule.Name, StringComparer.Ordinal).Take(rows + 1)];
        return Results.Json(new Page<MarketRuleRecord>([.. found.Take(rows).Select(ToRecord)], found.Length > rows ? found[rows - 1].Name : null));
    }

    private static async Task<IResult> ExplainAsync(
        Store store, DateTimeOffset now, Func<StoreSession, string, DateTimeOffset, Task<IReadOnlyList<string>>> usesOf, Question question, CancellationToken cancellation)
    {
        var at = now;
        if (question.At is not null && !DateTimeOffset.TryParse(question.At, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at))
        {
            return new Problem(ProblemCode.InvalidRequest, "'at' is an instant such as 2026-01-31T08:00:00Z.", "at").ToHttp();
        }

        var explained = await store.ReadAsync(
            async session => Explain(
                question, at, await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session), await MarketRules.ReadAsync(session),
                await usesOf(session, question.Project ?? "", at)),
            cancellation);
        return explained.ToHttp();
    }

    private static Outcome<MarketExplanation> Explain(
        Question question, DateTimeOffset at, PartyTable parties, CatalogTable catalog, IReadOnlyList<MarketRule> rules, IReadOnlyList<string> uses)
    {
        if (parties.Projects.GetValueOrDefault(question.Project ?? "") is not { } project)
        {
            return Missing("project", question.Project);
        }

        if (parties.Organisations.GetValueOrDefault(question.Organisation ?? project.Organisation) is not { } organisation)
        {
            return Missing("organisation", question.Organisation);
        }

        if (catalog.Models.GetValueOrDefault(question.Model ?? "") is not { } model)
        {
            return Missing("model", question.Model);
        }

        var channel = question.Channel ?? project.ChannelAt(at);
        if (!parties.Channels.ContainsKey(channel))
        {
            return Missing("channel", channel);
        }

        // An end customer's own country counts; the country of the project's contract is the project's.
        var country = question.Country ?? (organisation.Id == project.Organisation ? project.Country : null) ?? organisation.Country;
        var decision = new MarketTable(catalog, rules, parties.Ownership.At(at), [.. parties.Organisations.Values], at)
            .Decide(new MarketFacts(country, organisation.Id, channel, model, uses));
        return new MarketExplanation(
            project.Id, organisation.Id, country, channel, model.Id, uses, at, Word(decision.Verdict),
            decision.Verdict == Verdict.Allow || (decision.Verdict == Verdict.Unknown && !model.IsRestricted),
            [.. decision.Findings.Select(static finding => new MarketFinding(Word(finding.Verdict), finding.Rule, finding.Text))], decision.Regions, decision.Labels);
    }

    private static Problem Missing(string kind, string? id) => id is null
        ? new Problem(ProblemCode.InvalidRequest, $"Say which {kind}: ?{kind}=ID.", kind)
        : new Problem(ProblemCode.NotFound, $"No {kind} has the id '{id}'.", kind);

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Allow => "allow",
        Verdict.Unknown => "unknown",
        _ => "deny",
    };

    private static MarketRuleRecord ToRecord(MarketRule rule) => new(
        rule.Name, rule.Effect switch { MarketEffect.Allow => "allow", MarketEffect.Deny => "deny", _ => "require" }, rule.Countries, rule.Models, rule.Owners, rule.Channels,
        rule.Uses, rule.OwnedFrom, rule.ControlRule, rule.OwnModel, rule.Regions, rule.Labels, rule.Reason, rule.Source, rule.From, rule.To);

    private sealed record Question(string? Project, string? Organisation, string? Model, string? Country, string? Channel, string? At);
}
