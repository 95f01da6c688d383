using Dogana.Authority;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Rating;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Billing;

/// <summary>Says by which contract, book, version and price a quantity is charged, and what each part of it costs.</summary>
public static class PriceExplanations
{
    /// <summary>Maps <c>GET /prices/explain</c>.</summary>
    public static RouteGroupBuilder MapPriceExplanations(this RouteGroupBuilder admin)
    {
        admin.MapGet("/prices/explain", ExplainAsync).Produces<PriceExplanation>()
            .WithSummary("By which price a quantity is charged (?organisation, ?channel, ?model, ?meter, ?quantity, ?at, ?tier, ?prompt)").Needs(Permission.PriceRead);
        return admin;
    }

    private static async Task<IResult> ExplainAsync(
        Store store, TimeProvider time, string organisation, string channel, string model, string meter, long quantity, DateTimeOffset? at, string? tier, long? prompt,
        CancellationToken cancellation)
    {
        if (MeterNames.Find(meter) is not { } counted)
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{meter}' is no meter. Write one such as input_tokens.", "meter").ToHttp();
        }

        if (quantity < 0 || prompt < 0)
        {
            return new Problem(ProblemCode.InvalidRequest, $"The {(quantity < 0 ? "quantity" : "prompt")} is below zero. Write 0 or more.", quantity < 0 ? "quantity" : "prompt").ToHttp();
        }

        var served = ServiceTier.Standard;
        if (tier is not null)
        {
            if (EnumWords.Find<ServiceTier>(tier) is not { } named)
            {
                return new Problem(ProblemCode.InvalidRequest, $"'{tier}' is no service tier. Write standard, batch or priority.", "tier").ToHttp();
            }

            served = named;
        }

        var when = at?.ToUniversalTime() ?? time.GetUtcNow();
        var (contracts, prices) = await store.ReadAsync(static async session => (await Contracts.ReadAsync(session), await PriceBooks.ReadAsync(session)), cancellation);
        if (contracts.InForce(organisation, channel, when) is not { } contract)
        {
            return new Problem(ProblemCode.NotFound, $"No contract of '{organisation}' on channel '{channel}' is in force at {InstantText.Format(when)}.", "organisation").ToHttp();
        }

        if (!prices.Rate(contract.Prices, model, counted, quantity, when, served, prompt ?? 0).TryGet(out var amount, out var problem)
            || prices.FindInForce(contract.Prices, model, counted, when, served, prompt ?? 0) is not { } found)
        {
            return problem!.ToHttp();
        }

        return Results.Json(new PriceExplanation(
            organisation, channel, contract.Id, PriceEndpoints.ToRecord(found), counted.ToName(), when, quantity,
            [.. PricedPart.Of(found.Price, quantity, found.Currency).Select(static part => new PricedPartRecord(
                part.UpTo, part.Quantity, PriceFiles.AmountText(part.Amount), PriceFiles.AmountText(part.Flat), part.Cost.ToAmountText()))],
            amount.ToAmountText()));
    }
}
