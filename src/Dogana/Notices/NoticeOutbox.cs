using Dogana.Storage;

namespace Dogana.Notices;

/// <summary>Takes notices in the transaction of what they tell of: told when it is committed, and only then.</summary>
public static class NoticeOutbox
{
    /// <summary>Posts notices, with a delivery to each target that hears of it; a notice whose key was posted before is left out.</summary>
    public static async Task PostAsync(StoreSession session, IReadOnlyList<Notice> notices, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(notices);
        if (notices.Count == 0)
        {
            return;
        }

        var targets = await NoticeTargets.ReadHearingAsync(session, [.. notices.Select(static notice => notice.Organisation).Distinct(StringComparer.Ordinal)]);
        foreach (var notice in notices)
        {
            var id = Guid.CreateVersion7(now).ToString();
            if (!await InsertAsync(session, id, notice, now))
            {
                continue;
            }

            foreach (var target in targets.Where(target => target.Organisation is NoticeTarget.All || target.Organisation == notice.Organisation))
            {
                if (target.Hears(notice.Topic))
                {
                    await session.ExecuteAsync(
                        "insert into notice_delivery(id, notice, target, state, attempts, next_attempt_at) values(@Id, @Notice, @Target, @State, 0, @Now)",
                        new { Id = Guid.CreateVersion7(now).ToString(), Notice = id, Target = target.Id, State = nameof(NoticeDeliveryState.Pending), Now = now.ToMicros() });
                }
            }
        }
    }

    /// <summary>Inserts the notice alone; false when its key was posted before.</summary>
    internal static async Task<bool> InsertAsync(StoreSession session, string id, Notice notice, DateTimeOffset now) => await session.ExecuteAsync(
        """
        insert into notice(id, topic, organisation, subject, body, data, dedup_key, created_at)
        values(@Id, @Topic, @Organisation, @Subject, @Body, @Data, @DedupKey, @CreatedAt) on conflict(dedup_key) do nothing
        """,
        new { Id = id, notice.Topic, notice.Organisation, notice.Subject, notice.Body, notice.Data, notice.DedupKey, CreatedAt = now.ToMicros() }) == 1;
}
