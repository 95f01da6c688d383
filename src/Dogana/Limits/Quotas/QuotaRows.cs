using Dogana.Storage;

namespace Dogana.Limits.Quotas;

/// <summary>Quotas in the store.</summary>
internal static class QuotaRows
{
    public static async Task<IReadOnlyList<Quota>> ReadAsync(StoreSession session)
    {
        var allotments = (await session.QueryAsync<AllotmentRow>(
            "select quota as Quota, deployment as Deployment, project as Project, tokens_per_minute as TokensPerMinute from quota_allotment order by quota, position"))
            .ToLookup(static row => row.Quota, StringComparer.Ordinal);
        var quotas = await session.QueryAsync<QuotaRow>(
            """
            select id as Id, organisation as Organisation, model as Model, region as Region, tokens_per_minute as TokensPerMinute, window_kind as WindowKind,
                request_slice_seconds as RequestSliceSeconds, mode as Mode
            from quota order by id
            """);
        return [.. quotas.Select(row => row.ToQuota(allotments[row.Id]))];
    }

    private sealed record QuotaRow(string Id, string Organisation, string Model, string Region, long TokensPerMinute, string WindowKind, long RequestSliceSeconds, string Mode)
    {
        public Quota ToQuota(IEnumerable<AllotmentRow> allotments) => new(Id, Organisation, Model, Region, TokensPerMinute)
        {
            Window = Enum.Parse<QuotaWindow>(WindowKind),
            RequestSliceSeconds = (int)RequestSliceSeconds,
            Mode = Enum.Parse<LimitMode>(Mode),
            Allotments = [.. allotments.Select(static row => new QuotaAllotment(row.Deployment, row.Project, row.TokensPerMinute))],
        };
    }

    private sealed record AllotmentRow(string Quota, string Deployment, string? Project, long TokensPerMinute);
}
