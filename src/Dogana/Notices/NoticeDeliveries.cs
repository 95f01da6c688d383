using System.Globalization;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Storage;

namespace Dogana.Notices;

/// <summary>What became of the notices, and the dead-letter list: what failed for good waits there to be retried or dismissed.</summary>
public static class NoticeDeliveries
{
    private const string Select = """
        select d.id as Id, d.notice as Notice, n.topic as Topic, n.organisation as Organisation, n.subject as Subject, d.target as Target, d.state as State,
            d.attempts as Attempts, n.created_at as CreatedAt, d.next_attempt_at as NextAttemptAt, d.last_error as LastError, d.delivered_at as DeliveredAt
        from notice_delivery d join notice n on n.id = d.notice
        """;

    /// <summary>At most <paramref name="limit"/> deliveries, newest first.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="state">Of this state only; null for all.</param>
    /// <param name="before">Older than the one with this id; null to begin with the newest.</param>
    /// <param name="limit">The most rows.</param>
    /// <param name="reach">To targets of this reach only; null for all.</param>
    public static async Task<IReadOnlyList<NoticeDelivery>> ListAsync(StoreSession session, NoticeDeliveryState? state, string? before, int limit, Reach? reach = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (byState, byPlace) = (state is null ? "" : " and d.state = @State", before is null ? "" : " and d.id < @before");
        var byReach = reach is null or { IsAll: true } ? "1 = 1" : $"d.target in (select id from notice_target where {reach.Condition(session, "organisation")})";
        var rows = await session.QueryAsync<Row>(
            $"{Select} where {byReach}{byState}{byPlace} order by d.id desc limit @limit",
            new { State = state?.ToString(), before, limit, Organisations = reach?.Organisations(session) });
        return [.. rows.Select(static row => row.ToDelivery())];
    }

    /// <summary>The delivery, or a problem that says where to look; it is where its target is, and not there outside of a reach where one is given.</summary>
    public static async Task<Outcome<NoticeDelivery>> FindAsync(StoreSession session, string id, Reach? reach = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var row = await session.FindAsync<Row>(Select + " where d.id = @id", new { id });
        return row is null || (reach is { IsAll: false } && (await NoticeTargets.FindAsync(session, row.Target, reach)).Problem is not null) ? new Problem(ProblemCode.NotFound, $"No delivery has the id '{id}'. 'dogana notice list' shows them.", "id") : row.ToDelivery();
    }

    /// <summary>Sends a delivery that is not delivered at once, and as often again as a new one.</summary>
    public static async Task<Outcome<NoticeDelivery>> RetryAsync(StoreSession session, string id, string actor, DateTimeOffset now)
    {
        if (!(await FindAsync(session, id)).TryGet(out var delivery, out var problem))
        {
            return problem;
        }

        if (delivery.State == NoticeDeliveryState.Delivered)
        {
            return new Problem(ProblemCode.Conflict, $"'{id}' is delivered. To try the target, use 'dogana notice test {delivery.Target}'.", "id");
        }

        if ((await NoticeTargets.FindAsync(session, delivery.Target)).Value.DisabledBecause is { } because)
        {
            return new Problem(ProblemCode.Conflict, $"The target '{delivery.Target}' is disabled: {because}. Enable it first: dogana notice enable {delivery.Target}", "id");
        }

        await session.ExecuteAsync(
            "update notice_delivery set state = @Pending, attempts = 0, next_attempt_at = @Now, last_error = null where id = @Id",
            new { Pending = nameof(NoticeDeliveryState.Pending), Now = now.ToMicros(), Id = id });
        await AuditLog.WriteAsync(session, now, actor, "notice_delivery.retry", id);
        return (await FindAsync(session, id)).Value;
    }

    /// <summary>Sends everything that is dead again, but for disabled targets; gives how many.</summary>
    public static async Task<int> RetryDeadAsync(StoreSession session, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var count = await session.ExecuteAsync(
            """
            update notice_delivery set state = @Pending, attempts = 0, next_attempt_at = @Now, last_error = null
            where state = @Dead and target in (select id from notice_target where is_disabled = 0)
            """,
            new { Pending = nameof(NoticeDeliveryState.Pending), Dead = nameof(NoticeDeliveryState.Dead), Now = now.ToMicros() });
        if (count > 0)
        {
            await AuditLog.WriteAsync(session, now, actor, "notice_delivery.retry", "all dead", string.Create(CultureInfo.InvariantCulture, $"{count} deliveries"));
        }

        return count;
    }

    /// <summary>Gives a delivery up: it is deleted, and never tried again.</summary>
    public static async Task<Outcome<NoticeDelivery>> DismissAsync(StoreSession session, string id, string actor, DateTimeOffset now)
    {
        if (!(await FindAsync(session, id)).TryGet(out var delivery, out var problem))
        {
            return problem;
        }

        if (delivery.State == NoticeDeliveryState.Delivered)
        {
            return new Problem(ProblemCode.Conflict, $"'{id}' is delivered: there is nothing to give up. It is deleted by itself after {NoticeSender.KeptFor.Days} days.", "id");
        }

        await session.ExecuteAsync("delete from notice_delivery where id = @id", new { id });
        await AuditLog.WriteAsync(session, now, actor, "notice_delivery.dismiss", id, $"{delivery.Topic} to {delivery.Target}");
        return delivery;
    }

    private sealed record Row(
        string Id, string Notice, string Topic, string Organisation, string Subject, string Target, string State, long Attempts, long CreatedAt, long NextAttemptAt,
        string? LastError, long? DeliveredAt)
    {
        public NoticeDelivery ToDelivery()
        {
            var state = Enum.Parse<NoticeDeliveryState>(State);
            return new NoticeDelivery(
                Id, Notice, Topic, Organisation, Subject, Target, state, (int)Attempts, StoredTime.FromMicros(CreatedAt),
                state == NoticeDeliveryState.Pending ? StoredTime.FromMicros(NextAttemptAt) : null, LastError, DeliveredAt is { } at ? StoredTime.FromMicros(at) : null);
        }
    }
}
