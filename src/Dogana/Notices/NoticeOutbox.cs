using Dogana.Storage;

namespace Dogana.Notices;

/// <summary>Takes notices in the transaction of what they tell of: told when it is committed, and only then.</summary>
public static class NoticeOutbox
{
    /// <summary>Posts notices; one whose key was posted before is left out.</summary>
    public static async Task PostAsync(StoreSession session, IReadOnlyList<Notice> notices, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(notices);
        foreach (var notice in notices)
        {
            await session.ExecuteAsync(
                """
                insert into notice(id, topic, organisation, subject, body, data, dedup_key, created_at)
                values(@Id, @Topic, @Organisation, @Subject, @Body, @Data, @DedupKey, @CreatedAt) on conflict(dedup_key) do nothing
                """,
                new { Id = Guid.CreateVersion7(now).ToString(), notice.Topic, notice.Organisation, notice.Subject, notice.Body, notice.Data, notice.DedupKey, CreatedAt = now.ToMicros() });
        }
    }
}
