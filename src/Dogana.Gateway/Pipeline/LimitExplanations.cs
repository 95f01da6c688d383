using Dogana.Access;
using Dogana.Admission;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Limits;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>Says which limits a call would count against, and what it would be told: from what nodes told the store, so it works on any node and without one.</summary>
internal static class LimitExplanations
{
    public static Task<IResult> ExplainAsync(Store store, TimeProvider time, string project, string deployment, string? key, long? tokens, CancellationToken cancellation) =>
        store.ReadAsync(
            async session => (await ExplainAsync(session, store.IsShared, project, deployment, key, tokens, time.GetUtcNow())).ToHttp(),
            cancellation);

    private static async Task<Outcome<LimitExplanation>> ExplainAsync(
        StoreSession session, bool isShared, string project, string deployment, string? key, long? tokens, DateTimeOffset now)
    {
        var (parties, catalog) = (await PartyRegister.ReadAsync(session), await CatalogRegister.ReadAsync(session));
        if (!parties.Projects.TryGetValue(project, out var calling))
        {
            return new Problem(ProblemCode.NotFound, $"No project has the id '{project}'. 'dogana project list' shows them.", "project");
        }

        if (!catalog.Deployments.TryGetValue(deployment, out var called))
        {
            return new Problem(ProblemCode.NotFound, $"No deployment has the name '{deployment}'.", "deployment");
        }

        if (key is not null && (await ApiKeys.ListAsync(session)).All(known => known.Id != key || known.Project != project))
        {
            return new Problem(ProblemCode.NotFound, $"The project '{project}' has no key '{key}'. 'dogana key list' shows them.", "key");
        }

        if (tokens < 0)
        {
            return new Problem(ProblemCode.InvalidRequest, "tokens is 0 or more, prompt and output together.", "tokens");
        }

        // As the pipeline does it: measures of the family, then what is declared.
        var model = catalog.Models[called.Model];
        var channel = parties.Channels[calling.ChannelAt(now)];
        var admission = await AdmissionTable.ReadAsync(session, parties, catalog, now);
        var decision = admission.Decide(new AdmissionFacts(calling, channel, model, null, default, null));
        var asked = tokens ?? called.DefaultOutputCap;
        var cost = await CostAsync(session, calling, channel, model, asked, now);
        var declared = (await LimitRegister.ReadAsync(session)).Find(
            new LimitFacts(calling, parties.Organisations[calling.Organisation], key ?? "", called, model, cost.Currency));
        var states = await LimitState.ReadAsync(session, [.. CallLimits.Of(decision.Measures), .. declared], isShared, now);

        // The first that refuses, in their order.
        var demand = Demand.OfCall(asked, asked, cost);
        var refusals = states.ToDictionary(static state => state.Limit.Id, state => state.Refusal(demand.Of(state.Limit.Unit), now), StringComparer.Ordinal);
        var refusing = states.FirstOrDefault(state => state.Limit.Mode == LimitMode.Enforce && refusals[state.Limit.Id] is not null);
        var problem = refusing is null ? null : refusals[refusing.Limit.Id];
        return new LimitExplanation(
            calling.Id, calling.Organisation, called.Name, model.Id, called.Region, key, asked, now, problem is null, refusing?.Limit.Id, problem?.Message, now + problem?.RetryAfter,
            await LimitRecords.OfAsync(session, states, state => refusals[state.Limit.Id]));
    }

    // The most that so many tokens can cost, whichever they are.
    private static async Task<Money> CostAsync(StoreSession session, Project project, Channel channel, Model model, long tokens, DateTimeOffset now)
    {
        var (contracts, prices) = (await Contracts.ReadAsync(session), await PriceBooks.ReadAsync(session));
        var books = contracts.InForce(project.Organisation, channel.Id, now)?.Prices;
        var tier = EnumWords.Find<ServiceTier>(project.ServiceTier) ?? ServiceTier.Standard;
        Money[] bounds = books is not { } list ? [] : [.. new[] { prices.UpperBound(list, model.Id, now, tokens, 0, tier), prices.UpperBound(list, model.Id, now, 0, tokens, tier) }.OfType<Money>()];
        return bounds.Length == 0 ? Money.Zero(Currency.Of("USD")) : bounds.MaxBy(Limit.Parts);
    }
}
