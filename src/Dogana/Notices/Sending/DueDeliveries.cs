using Dogana.Storage;

namespace Dogana.Notices.Sending;

/// <summary>
/// Takes what is due, by lease, and writes what came of it. A lease names a node and an end: a node that dies loses no more than its leases. One
/// delivery of a target is under way at a time, over all nodes: a slow receiver holds up nobody else.
/// </summary>
internal static class DueDeliveries
{
    /// <summary>Longer than any delivery may take, also when the nodes' clocks differ by some seconds.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    // The first one due of each target that nobody is sending to.
    private const string Due = """
        select due.id from notice_target t join notice_delivery due on due.id = (
            select d.id from notice_delivery d where d.target = t.id and d.state = 'Pending' and d.next_attempt_at <= @Now order by d.next_attempt_at, d.id limit 1)
        where t.kind = @Kind and t.is_disabled = 0 and (t.kind <> 'Webhook' or t.secret is not null) and coalesce(t.rests_until, 0) <= @Now
            and not exists (select 1 from notice_delivery busy where busy.target = t.id and busy.leased_until > @Now)
        order by due.next_attempt_at, due.id limit @Count
        """;

    // What cannot be sent yet, and does not say so.
    private const string Mute = """
        state = 'Pending' and last_error is null and target in (
            select id from notice_target where (kind = 'Webhook' and secret is null) or (kind = 'Email' and @HasSmtp = 0))
        """;

    /// <summary>Is there anything to take or to mark? A read: it keeps nobody from writing.</summary>
    public static async Task<bool> AnyAsync(StoreSession session, int webhooks, int emails, bool hasSmtp, DateTimeOffset now) =>
        (webhooks > 0 && (await FindAsync(session, NoticeTargetKind.Webhook, 1, now)).Count > 0)
        || (emails > 0 && (await FindAsync(session, NoticeTargetKind.Email, 1, now)).Count > 0)
        || await session.ScalarAsync<long>($"select count(*) from (select 1 from notice_delivery where {Mute} limit 1) mute", new { HasSmtp = hasSmtp ? 1 : 0 }) > 0;

    /// <summary>Takes a lease on at most so many deliveries.</summary>
    public static async Task<IReadOnlyList<DueDelivery>> TakeAsync(StoreSession session, NoticeTargetKind kind, int count, string node, DateTimeOffset now)
    {
        var taken = new List<DueDelivery>();
        foreach (var id in count > 0 ? await FindAsync(session, kind, count, now) : [])
        {
            await session.ExecuteAsync(
                "update notice_delivery set leased_until = @Until, leased_by = @Node where id = @Id", new { Until = (now + Lease).ToMicros(), Node = node, Id = id });
            taken.Add((await ReadAsync(session, id))!);
        }

        return taken;
    }

    /// <summary>A delivery with all that is needed to send it.</summary>
    public static async Task<DueDelivery?> ReadAsync(StoreSession session, string id) => (await session.FindAsync<Row>(
        """
        select d.id as Id, d.target as Target, t.kind as Kind, t.address as Address, t.secret as Secret, t.previous_secret as PreviousSecret,
            t.previous_until as PreviousUntil, d.attempts as Attempts, n.topic as Topic, n.organisation as Organisation, n.subject as Subject, n.body as Body,
            n.data as Data, n.created_at as CreatedAt, d.leased_until as LeasedUntil
        from notice_delivery d join notice_target t on t.id = d.target join notice n on n.id = d.notice where d.id = @id
        """,
        new { id }))?.ToDelivery();

    /// <summary>Says what deliveries wait for that no node, or not this one, can send.</summary>
    public static async Task MarkMuteAsync(StoreSession session, bool hasSmtp)
    {
        await session.ExecuteAsync(
            $"""
            update notice_delivery set last_error = (
                select case t.kind when 'Email' then 'Waits for a mail relay: set Notices:Smtp:Host and Notices:Smtp:From for the server.'
                    else 'Waits for a signing secret: dogana notice secret ' || t.id end
                from notice_target t where t.id = target)
            where {Mute}
            """,
            new { HasSmtp = hasSmtp ? 1 : 0 });
    }

    /// <summary>Writes what came of a delivery, unless its lease was lost meanwhile: then another node answers for it.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="node">Who holds the lease.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="wait">How long to wait for the next try; null for never.</param>
    /// <param name="now">Now.</param>
    public static async Task EndAsync(StoreSession session, DueDelivery delivery, string node, SendOutcome outcome, TimeSpan? wait, DateTimeOffset now)
    {
        var isDelivered = outcome.Error is null;
        var state = isDelivered ? NoticeDeliveryState.Delivered : wait is null || outcome.IsGone ? NoticeDeliveryState.Dead : NoticeDeliveryState.Pending;
        var rest = outcome.RestFor ?? TimeSpan.Zero;
        var next = state == NoticeDeliveryState.Dead ? now : now + (wait is { } planned && planned > rest ? planned : rest);
        var written = await session.ExecuteAsync(
            """
            update notice_delivery set state = @State, attempts = @Attempts, next_attempt_at = @Next, last_error = @Error, delivered_at = @DeliveredAt,
                leased_until = null, leased_by = null
            where id = @Id and state = 'Pending' and leased_by = @Node and leased_until = @LeasedUntil
            """,
            new
            {
                State = state.ToString(), Attempts = delivery.Attempts + 1, Next = next.ToMicros(), outcome.Error, DeliveredAt = isDelivered ? now.ToMicros() : (long?)null,
                delivery.Id, Node = node, delivery.LeasedUntil,
            });
        if (written == 0)
        {
            return;
        }

        if (outcome.IsGone)
        {
            await NoticeTargets.DisableAsync(session, delivery.Target, "the receiver answered with status 410, gone", "notices", now);
        }
        else if (rest > TimeSpan.Zero)
        {
            await session.ExecuteAsync("update notice_target set rests_until = @Until where id = @Target", new { Until = (now + rest).ToMicros(), delivery.Target });
        }
    }

    /// <summary>Gives up the leases that an earlier process of this node left.</summary>
    public static Task<int> ReleaseAsync(StoreSession session, string node) =>
        session.ExecuteAsync("update notice_delivery set leased_until = null, leased_by = null where leased_by = @node", new { node });

    /// <summary>Deletes at most so many old deliveries, and clears the text of at most so many old notices; gives how many rows that were.</summary>
    public static async Task<int> SweepAsync(StoreSession session, DateTimeOffset before, int limit)
    {
        var parameters = new { Before = before.ToMicros(), Limit = limit };
        var deleted = await session.ExecuteAsync("delete from notice_delivery where id in (select id from notice_delivery where delivered_at < @Before limit @Limit)", parameters);

        // Of what is dead, the next attempt is when it died.
        deleted += await session.ExecuteAsync(
            "delete from notice_delivery where id in (select id from notice_delivery where state = 'Dead' and next_attempt_at < @Before limit @Limit)", parameters);

        // The row stays, for its key: what was told is never told twice.
        return deleted + await session.ExecuteAsync(
            """
            update notice set subject = '', body = '', data = '{}', is_cleared = 1 where id in (
                select n.id from notice n where n.is_cleared = 0 and n.created_at < @Before and not exists (select 1 from notice_delivery d where d.notice = n.id) limit @Limit)
            """,
            parameters);
    }

    private static Task<IReadOnlyList<string>> FindAsync(StoreSession session, NoticeTargetKind kind, int count, DateTimeOffset now) =>
        session.QueryAsync<string>(Due, new { Kind = kind.ToString(), Count = count, Now = now.ToMicros() });

    private sealed record Row(
        string Id, string Target, string Kind, string Address, string? Secret, string? PreviousSecret, long? PreviousUntil, long Attempts,
        string Topic, string Organisation, string Subject, string Body, string Data, long CreatedAt, long? LeasedUntil)
    {
        public DueDelivery ToDelivery() => new(
            Id, Target, Enum.Parse<NoticeTargetKind>(Kind), Address, Secret, PreviousSecret, PreviousUntil, Attempts, Topic, Organisation, Subject, Body, Data, CreatedAt,
            LeasedUntil ?? 0);
    }
}
