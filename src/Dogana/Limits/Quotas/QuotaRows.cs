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

    /// <summary>Adds and changes quotas that were checked.</summary>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<Quota> present, IReadOnlyList<Quota> wanted)
    {
        var changes = await session.DeclareAsync(
            "quota", [.. present.Select(Sorted)], [.. wanted.Select(Sorted)], static quota => quota.Id,
            """
            insert into quota(id, organisation, model, region, tokens_per_minute, window_kind, request_slice_seconds, mode)
            values(@Id, @Organisation, @Model, @Region, @TokensPerMinute, @WindowKind, @RequestSliceSeconds, @Mode)
            on conflict(id) do update set tokens_per_minute = excluded.tokens_per_minute, window_kind = excluded.window_kind,
                request_slice_seconds = excluded.request_slice_seconds, mode = excluded.mode
            """,
            static quota => new QuotaRow(
                quota.Id, quota.Organisation, quota.Model, quota.Region, quota.TokensPerMinute, quota.Window.ToString(), quota.RequestSliceSeconds, quota.Mode.ToString()));
        foreach (var (quota, _) in wanted.Select(Sorted).Zip(changes).Where(static pair => pair.Second.Kind != ChangeKind.Unchanged))
        {
            await session.ExecuteAsync("delete from quota_allotment where quota = @Id", new { quota.Id });
            await session.InsertAsync(
                "quota_allotment", ["quota", "position", "deployment", "project", "tokens_per_minute"], [.. quota.Allotments.Index()],
                item => [quota.Id, item.Index + 1, item.Item.Deployment, item.Item.Project, item.Item.TokensPerMinute]);
        }

        return changes;
    }

    // Whatever order somebody wrote them in.
    private static Quota Sorted(Quota quota) => quota with
    {
        Allotments = [.. quota.Allotments.OrderBy(static part => part.Deployment, StringComparer.Ordinal).ThenBy(static part => part.Project, StringComparer.Ordinal)],
    };

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
