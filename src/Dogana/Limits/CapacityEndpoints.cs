using Dogana.Authority;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Limits.Capacity;
using Dogana.Limits.Leasing;
using Dogana.Parties;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Limits;

/// <summary>Provisioned capacity in the admin API. It is declared by applying a world file.</summary>
public static class CapacityEndpoints
{
    private static readonly TimeSpan UsualTime = TimeSpan.FromHours(1);

    /// <summary>Maps <c>GET /capacity</c>, <c>/capacity/{deployment}</c>, <c>/capacity/{deployment}/minutes</c>, <c>/capacity-sizing</c> and <c>/reservations</c>.</summary>
    public static RouteGroupBuilder MapCapacity(this RouteGroupBuilder admin)
    {
        admin.MapGet("/capacity", ListAsync).Produces<Page<CapacityRecord>>().WithSummary("The provisioned deployments and how much of each is in use now, in pages").Needs(Permission.QuotaRead);
        admin.MapGet("/capacity/{deployment}", ShowAsync).Produces<CapacityRecord>().WithSummary("A provisioned deployment, and how much of it is in use now").Needs(Permission.QuotaRead);
        admin.MapGet("/capacity/{deployment}/minutes", ListMinutesAsync).Produces<Page<CapacityMinute>>()
            .WithSummary("What calls used of a provisioned deployment, for each minute in which some were accepted; the last hour where no time is given").Needs(Permission.QuotaRead);
        admin.MapGet("/capacity-sizing", SizeAsync).Produces<CapacitySizing>().WithSummary("How many units calls of one kind need").Needs(Permission.QuotaRead);
        admin.MapGet("/reservations", ListReservationsAsync).Produces<Page<ReservationRecord>>().WithSummary("The reservations of units, past and future ones too, in pages").Needs(Permission.QuotaRead);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, TimeProvider time, int? limit, string? after, CancellationToken cancellation) =>
        PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem)
            ? Results.Json(Paging.Of(await ReadAsync(store, time, cancellation), after, rows, static item => item.Deployment, static item => item))
            : problem.ToHttp();

    private static async Task<IResult> ShowAsync(Store store, TimeProvider time, string deployment, CancellationToken cancellation) =>
        (await ReadAsync(store, time, cancellation)).FirstOrDefault(item => item.Deployment == deployment) is { } found ? Results.Json(found) : NoCapacity(deployment).ToHttp();

    private static async Task<IResult> ListMinutesAsync(
        Store store, TimeProvider time, string deployment, string? from, string? to, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem) || !InstantOf(to, "to", time.GetUtcNow()).TryGet(out var end, out problem)
            || !InstantOf(from, "from", end - UsualTime).TryGet(out var start, out problem) || !InstantOf(after, "after", DateTimeOffset.MinValue).TryGet(out var last, out problem))
        {
            return problem.ToHttp();
        }

        start = after is not null && last.AddMinutes(1) > start ? last.AddMinutes(1) : start;
        var minutes = await store.ReadAsync(session => UtilisationReport.ReadAsync(session, deployment, start, end, rows + 1), cancellation);
        return minutes is null ? NoCapacity(deployment).ToHttp() : Results.Json(Paging.Of(minutes, rows, static minute => InstantText.Format(minute.At), static minute => minute));
    }

    private static async Task<IResult> SizeAsync(
        Store store, string model, long requests_per_minute, long input_tokens, long output_tokens, decimal? cached_share, CancellationToken cancellation)
    {
        foreach (var (name, value, max) in new[] { (nameof(requests_per_minute), requests_per_minute, 1_000_000_000L), (nameof(input_tokens), input_tokens, 100_000_000L), (nameof(output_tokens), output_tokens, 100_000_000L) })
        {
            if (value < 0 || value > max)
            {
                return new Problem(ProblemCode.InvalidRequest, $"{name} is 0 to {max}.", name).ToHttp();
            }
        }

        if (cached_share is < 0 or > 1)
        {
            return new Problem(ProblemCode.InvalidRequest, "cached_share is a part of 1, such as 0.25.", nameof(cached_share)).ToHttp();
        }

        var catalog = await store.ReadAsync(CatalogRegister.ReadAsync, cancellation);
        return catalog.Models.GetValueOrDefault(model) is not { Provisioned.Count: > 0 } found
            ? new Problem(ProblemCode.NotFound, $"There is no model '{model}' that is offered with provisioned capacity. Declare it under provisioned of a model in a world file.", nameof(model)).ToHttp()
            : Results.Json(new CapacitySizing(model, [.. found.Provisioned.Select(offer =>
            {
                var tokens = ProvisionedCapacity.Normalise(offer, requests_per_minute, input_tokens, output_tokens, cached_share ?? 0);
                return new CapacitySize(EnumWords.Of(offer.Type), tokens, decimal.Round(tokens / offer.InputTokensPerMinute, 2), offer.UnitsFor(tokens / offer.InputTokensPerMinute));
            })]));
    }

    private static async Task<IResult> ListReservationsAsync(Store store, int? limit, string? after, CancellationToken cancellation) =>
        PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem)
            ? Results.Json(Paging.Of(
                await store.ReadAsync(CapacityRegister.ReadReservationsAsync, cancellation), after, rows, static item => item.Id,
                static item => new ReservationRecord(item.Id, item.Organisation, item.Channel, EnumWords.Of(item.Type), item.Region, item.Units, item.From, item.To)))
            : problem.ToHttp();

    private static Task<CapacityRecord[]> ReadAsync(Store store, TimeProvider time, CancellationToken cancellation) => store.ReadAsync(
        async session =>
        {
            var (catalog, parties) = (await CatalogRegister.ReadAsync(session), await PartyRegister.ReadAsync(session));
            var deployments = catalog.Deployments.Values.Where(static item => item.IsProvisioned).ToArray();
            var buckets = await LeaseRows.ReadBucketsAsync(session, [.. deployments.Select(static item => ProvisionedCapacity.LimitIdOf(item.Name))]);
            return deployments.Select(deployment =>
            {
                var perMinute = ProvisionedCapacity.PerMinute(catalog.Models[deployment.Model].OfferOf(deployment.Type)!, deployment.Units);
                var used = buckets.TryGetValue(ProvisionedCapacity.LimitIdOf(deployment.Name), out var bucket) ? LeaseRules.Drain(bucket, perMinute, time.GetUtcNow()).Level : 0;
                return new CapacityRecord(
                    deployment.Name, deployment.Model, EnumWords.Of(deployment.Type), deployment.Region, deployment.Project!, parties.Projects[deployment.Project!].Organisation,
                    deployment.Units, UtilisationReport.Tokens(perMinute), UtilisationReport.Tokens(used), UtilisationReport.Percent(used, perMinute), deployment.Spillover);
            }).ToArray();
        }, cancellation);

    private static Outcome<DateTimeOffset> InstantOf(string? text, string name, DateTimeOffset otherwise) => text is null ? otherwise
        : InstantText.TryParse(text, out var at) ? at
        : new Problem(ProblemCode.InvalidRequest, $"{name} is an instant in UTC such as 2026-11-22T13:00:00Z.", name);

    private static Problem NoCapacity(string deployment) =>
        new(ProblemCode.NotFound, $"There is no provisioned deployment '{deployment}'. 'dogana capacity list' shows those that there are.", "deployment");
}
