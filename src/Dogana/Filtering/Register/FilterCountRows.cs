using Dogana.Storage;

namespace Dogana.Filtering.Register;

/// <summary>Counts of findings as rows.</summary>
internal static class FilterCountRows
{
    private static readonly string[] Columns = ["hour_at", "project", "policy", "source", "category", "severity", "is_filtered", "count"];

    public static Task AddAsync(StoreSession session, IReadOnlyList<KeptFilterCount> counts) => session.InsertAsync(
        "filter_finding", Columns, counts,
        static item => [item.Hour.ToMicros(), item.Of.Project, item.Of.Policy, item.Of.Source.ToString(), item.Of.Category, item.Of.Severity.ToString(), item.Of.IsFiltered ? 1L : 0L, item.Count],
        "on conflict(hour_at, project, policy, source, category, severity, is_filtered) do update set count = filter_finding.count + excluded.count");

    public static Task<int> ClearAsync(StoreSession session, DateTimeOffset before) => session.ExecuteAsync("delete from filter_finding where hour_at < @before", new { before = before.ToMicros() });

    public static async Task<IReadOnlyList<KeptFilterCount>> ListAsync(StoreSession session, string? project, string? policy, DateTimeOffset? from, DateTimeOffset? to)
    {
        (bool IsAsked, string Condition)[] conditions = [(project is not null, "project = @project"), (policy is not null, "policy = @policy"), (from is not null, "hour_at >= @first"), (to is not null, "hour_at < @last")];
        var asked = string.Join(" and ", conditions.Where(static item => item.IsAsked).Select(static item => item.Condition).DefaultIfEmpty("1 = 1"));
        var rows = await session.QueryAsync<Row>(
            $"""
            select hour_at as HourAt, project as Project, policy as Policy, source as Source, category as Category, severity as Severity, is_filtered as IsFiltered, count as Count
            from filter_finding where {asked} order by hour_at desc, project, policy, source, category, severity, is_filtered
            """, new { project, policy, first = from?.ToMicros(), last = to?.ToMicros() });
        return [.. rows.Select(static row => new KeptFilterCount(
            StoredTime.FromMicros(row.HourAt),
            new FilterCount(row.Project, row.Policy, Enum.Parse<FilterSource>(row.Source), row.Category, Enum.Parse<FilterSeverity>(row.Severity), row.IsFiltered == 1), row.Count))];
    }

    private sealed record Row(long HourAt, string Project, string Policy, string Source, string Category, string Severity, long IsFiltered, long Count);
}
