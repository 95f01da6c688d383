using System.Globalization;
using Dogana.Storage;

namespace Dogana.Catalog.Provisioned;

/// <summary>What is provisioned, in the store.</summary>
internal static class ProvisionedRows
{
    public static async Task<IReadOnlyList<(string Model, ProvisionedOffer Offer)>> ReadOffersAsync(StoreSession session)
    {
        var rows = await session.QueryAsync<OfferRow>(
            "select model as Model, type as Type, minimum as Minimum, increment as Increment, tokens_per_minute as TokensPerMinute, output_ratio as OutputRatio from provisioned_offer");
        return [.. rows.Select(static row => (row.Model, row.ToOffer())).OrderBy(static item => item.Item2.Type)];
    }

    public static async Task WriteOffersAsync(StoreSession session, Model model)
    {
        await session.ExecuteAsync("delete from provisioned_offer where model = @Id", new { model.Id });
        await session.ExecuteAsync(
            """
            insert into provisioned_offer(model, type, minimum, increment, tokens_per_minute, output_ratio)
            values(@Model, @Type, @Minimum, @Increment, @TokensPerMinute, @OutputRatio)
            """,
            model.Provisioned.Select(offer => new OfferRow(
                model.Id, offer.Type.ToString(), offer.Minimum, offer.Increment, offer.InputTokensPerMinute, offer.OutputRatio.ToString(CultureInfo.InvariantCulture))).ToArray());
    }

    /// <summary>The spans that lie in a time, in whole or in part; those that go on where <paramref name="to"/> is the last instant.</summary>
    public static async Task<IReadOnlyList<ProvisionedSpan>> ReadSpansAsync(StoreSession session, DateTimeOffset from, DateTimeOffset to)
    {
        var rows = await session.QueryAsync<SpanRow>(
            """
            select deployment as Deployment, project as Project, model as Model, type as Type, region as Region, units as Units, from_at as FromAt, to_at as ToAt
            from provisioned_span where from_at < @to and (to_at is null or to_at > @from) order by from_at, deployment
            """, new { from = from.ToMicros(), to = to.ToMicros() });
        return [.. rows.Select(static row => row.ToSpan())];
    }

    public static Task<int> BeginAsync(StoreSession session, ProvisionedSpan span) => session.ExecuteAsync(
        """
        insert into provisioned_span(deployment, project, model, type, region, units, from_at) values(@Deployment, @Project, @Model, @Type, @Region, @Units, @at)
        """, new { span.Deployment, span.Project, span.Model, Type = span.Type.ToString(), span.Region, span.Units, at = span.From.ToMicros() });

    /// <summary>Ends a span; one that began at that very instant has never been.</summary>
    public static async Task EndAsync(StoreSession session, ProvisionedSpan span, DateTimeOffset at)
    {
        var end = new { span.Deployment, at = at.ToMicros() };
        await session.ExecuteAsync("delete from provisioned_span where deployment = @Deployment and from_at >= @at", end);
        await session.ExecuteAsync("update provisioned_span set to_at = @at where deployment = @Deployment and to_at is null", end);
    }

    private sealed record OfferRow(string Model, string Type, long Minimum, long Increment, long TokensPerMinute, string OutputRatio)
    {
        public ProvisionedOffer ToOffer() =>
            new(Enum.Parse<DeploymentType>(Type), Minimum, Increment, TokensPerMinute, decimal.Parse(OutputRatio, CultureInfo.InvariantCulture));
    }

    private sealed record SpanRow(string Deployment, string Project, string Model, string Type, string Region, long Units, long FromAt, long? ToAt)
    {
        public ProvisionedSpan ToSpan() => new(
            Deployment, Project, Model, Enum.Parse<DeploymentType>(Type), Region, Units, StoredTime.FromMicros(FromAt), ToAt is { } to ? StoredTime.FromMicros(to) : null);
    }
}
