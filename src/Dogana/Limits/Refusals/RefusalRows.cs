using Dogana.Limits.Leasing;
using Dogana.Storage;

namespace Dogana.Limits.Refusals;

/// <summary>Refusals in the store.</summary>
internal static class RefusalRows
{
    private static readonly string[] Columns =
    [
        "id", "call_id", "project", "deployment", "at", "limit_id", "unit", "currency", "amount", "amount_parts", "asked", "asked_parts", "remaining", "remaining_parts", "window_end", "code",
        "is_observed",
    ];

    /// <summary>Writes them; one that was written before is written again, so that a batch whose fate is unknown can be repeated.</summary>
    public static async Task WriteAsync(StoreSession session, IReadOnlyList<LimitRefusal> refusals)
    {
        LimitRefusal[] unique = [.. refusals.DistinctBy(Id, StringComparer.Ordinal)];
        await session.ExecuteAsync($"delete from limit_refusal where {session.IsOneOf("id", "ids")}", new { ids = session.List([.. unique.Select(Id)]) });
        await session.InsertAsync("limit_refusal", Columns, unique, static item =>
        {
            var (amount, asked) = (LeaseRows.Split(item.Limit.Amount), LeaseRows.Split(item.Asked));
            var left = item.Left is { } known ? LeaseRows.Split(known) : ((long, long)?)null;
            return
            [
                Id(item), item.Call.Id, item.Call.Project, item.Call.Deployment, item.At.ToMicros(), item.Limit.Id, item.Limit.Unit.ToString(), item.Limit.Currency?.Code,
                amount.Whole, amount.Parts, asked.Whole, asked.Parts, left?.Item1, left?.Item2, item.WindowEnd?.ToMicros(), item.Code.ToString(), item.IsObserved ? 1L : 0L,
            ];
        });
    }

    /// <summary>Clears away what is older than an instant, and all but the newest.</summary>
    public static async Task<int> ClearAsync(StoreSession session, DateTimeOffset before, int kept) =>
        await session.ExecuteAsync("delete from limit_refusal where at < @before", new { before = before.ToMicros() })
        + await session.ExecuteAsync(
            "delete from limit_refusal where id < (select id from limit_refusal order by id desc limit 1 offset @last)", new { last = kept - 1 });

    /// <summary>Newest first.</summary>
    public static async Task<IReadOnlyList<KeptRefusal>> ListAsync(StoreSession session, string? call, string? project, string? limit, string? after, int count)
    {
        (string? Value, string Condition)[] conditions =
            [(call, "call_id = @call"), (project, "project = @project"), (limit, "limit_id = @limit"), (after, "id < @after")];
        var asked = string.Join(" and ", conditions.Where(static item => item.Value is not null).Select(static item => item.Condition).DefaultIfEmpty("1 = 1"));
        var rows = await session.QueryAsync<Row>(
            $"""
            select id as Id, call_id as CallId, project as Project, deployment as Deployment, at as At, limit_id as LimitId, unit as Unit, currency as Currency,
                amount as Amount, amount_parts as AmountParts, asked as Asked, asked_parts as AskedParts, remaining as Remaining, remaining_parts as RemainingParts,
                window_end as WindowEnd, code as Code, is_observed as IsObserved
            from limit_refusal where {asked} order by id desc limit @count
            """, new { call, project, limit, after, count });
        return [.. rows.Select(static row => row.ToRefusal())];
    }

    /// <summary>Counts by limit.</summary>
    public static async Task<IReadOnlyList<(string Limit, bool IsObserved, long Count)>> CountAsync(StoreSession session)
    {
        var rows = await session.QueryAsync<CountRow>(
            "select limit_id as LimitId, is_observed as IsObserved, count(*) as Number from limit_refusal group by limit_id, is_observed order by limit_id, is_observed");
        return [.. rows.Select(static row => (row.LimitId, row.IsObserved == 1, row.Number))];
    }

    // The ids of calls rise with time.
    private static string Id(LimitRefusal refusal) => $"{refusal.Call.Id}#{refusal.Limit.Id}";

    // No record: without a row SQLite knows no type of a count, and nothing could be made by it.
    private sealed class CountRow
    {
        public string LimitId { get; init; } = "";

        public long IsObserved { get; init; }

        public long Number { get; init; }
    }

    private sealed record Row(
        string Id, string CallId, string Project, string Deployment, long At, string LimitId, string Unit, string? Currency, long Amount, long AmountParts,
        long Asked, long AskedParts, long? Remaining, long? RemainingParts, long? WindowEnd, string Code, long IsObserved)
    {
        public KeptRefusal ToRefusal() => new(
            Id, new LimitedCall(CallId, Project, Deployment), StoredTime.FromMicros(At), LimitId, Enum.Parse<LimitUnit>(Unit), Currency, LeaseRows.Join(Amount, AmountParts),
            LeaseRows.Join(Asked, AskedParts), Remaining is { } left ? LeaseRows.Join(left, RemainingParts ?? 0) : null,
            WindowEnd is { } end ? StoredTime.FromMicros(end) : null, Enum.Parse<ProblemCode>(Code), IsObserved == 1);
    }
}
