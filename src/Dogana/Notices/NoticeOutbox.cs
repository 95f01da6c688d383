using Dogana.Storage;

namespace Dogana.Notices;

/// <summary>Takes notices in the transaction of what they tell of: told when it is committed, and only then.</summary>
public static class NoticeOutbox
{
    /// <summary>Posts notices, with a delivery to each target that hears of it; a notice whose key was posted before is left out.</summary>
    /// <returns>The number of notices posted.</returns>
    public static async Task<int> PostAsync(StoreSession session, IReadOnlyList<Notice> notices, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(notices);
        if (notices.Count == 0)
        {
            return 0;
        }

        // Writers come one after another: what was not posted before this question is not posted before the answer is used.
        var told = (await session.QueryAsync<string>(
            $"select dedup_key from notice where {session.IsOneOf("dedup_key", "Keys")}",
            new { Keys = session.List([.. notices.Select(static notice => notice.DedupKey)]) })).ToHashSet(StringComparer.Ordinal);
        (string Id, Notice Notice)[] posted = [.. notices.Where(notice => told.Add(notice.DedupKey)).Select(notice => (Guid.CreateVersion7(now).ToString(), notice))];
        await InsertAsync(session, posted, now);
        var targets = (await NoticeTargets.ReadHearingAsync(session, [.. posted.Select(static item => item.Notice.Organisation).Distinct(StringComparer.Ordinal)]))
            .ToLookup(static target => target.Organisation, StringComparer.Ordinal);
        (string Notice, string Target)[] deliveries =
        [
            .. from item in posted
               from target in targets[NoticeTarget.All].Union(targets[item.Notice.Organisation])
               where target.Hears(item.Notice.Topic)
               select (item.Id, target.Id),
        ];
        await session.InsertAsync(
            "notice_delivery", ["id", "notice", "target", "state", "attempts", "next_attempt_at"], deliveries,
            item => [Guid.CreateVersion7(now).ToString(), item.Notice, item.Target, nameof(NoticeDeliveryState.Pending), 0L, now.ToMicros()]);
        return posted.Length;
    }

    /// <summary>Inserts notices alone, whose keys were not posted before.</summary>
    internal static Task InsertAsync(StoreSession session, IReadOnlyList<(string Id, Notice Notice)> notices, DateTimeOffset now) => session.InsertAsync(
        "notice", ["id", "topic", "organisation", "subject", "body", "data", "dedup_key", "created_at"], notices,
        item => [item.Id, item.Notice.Topic, item.Notice.Organisation, item.Notice.Subject, item.Notice.Body, item.Notice.Data, item.Notice.DedupKey, now.ToMicros()]);
}
