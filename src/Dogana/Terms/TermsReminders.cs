using Dogana.Notices;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Terms.Publishing;

namespace Dogana.Terms;

/// <summary>Reminds those who have not accepted, 14, 7 and 1 days before they must have.</summary>
public static class TermsReminders
{
    // The last one first: of several that are due, as after a long stop, one is enough.
    private static readonly int[] Days = [1, 7, 14];

    /// <summary>Posts the reminders that are due and were not posted yet; each is posted once, whoever asks how often.</summary>
    /// <returns>The number of notices posted.</returns>
    public static async Task<int> PostDueAsync(StoreSession session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var posted = await session.QueryAsync<Mark>("select terms as Terms, version as Version, days as Days from usage_terms_reminder");
        var publishedAt = (await session.QueryAsync<Publication>("select terms as Terms, version as Version, published_at as PublishedAt from usage_terms_version"))
            .ToDictionary(static row => (row.Terms, row.Version), static row => StoredTime.FromMicros(row.PublishedAt));
        (UsageTerms Terms, TermsVersion Version, int Days)[] due =
        [
            .. from terms in await TermsRegister.ReadTermsAsync(session)
               from version in terms.Versions
               let end = version.AcceptBy ?? now
               where end > now
               let days = Array.Find(Days, days => end.AddDays(-days) <= now)
               where days > 0 && end.AddDays(-days) > publishedAt[(terms.Id, version.Version)]
                   && !posted.Contains(new Mark(terms.Id, version.Version, days))
               select (terms, version, days),
        ];
        if (due.Length == 0)
        {
            return 0;
        }

        var (parties, acceptances) = (await PartyRegister.ReadAsync(session), await Acceptances.ReadAsync(session));
        var count = 0;
        foreach (var (terms, version, days) in due)
        {
            var covering = terms.Versions.Where(item => item.EffectiveFrom >= version.EffectiveFrom).Select(static item => item.Version).ToHashSet(StringComparer.Ordinal);
            var accepted = acceptances.Where(item => item.Terms == terms.Id && covering.Contains(item.Version)).Select(static item => item.Organisation).ToHashSet(StringComparer.Ordinal);
            Notice[] notices = [.. TermsNotices.Recipients(terms, parties, now).Where(item => !accepted.Contains(item)).Select(item => TermsNotices.Reminder(terms, version, item, days))];
            await NoticeOutbox.PostAsync(session, notices, now);
            await session.ExecuteAsync(
                "insert into usage_terms_reminder(terms, version, days, posted_at) values(@Id, @Version, @days, @now)", new { terms.Id, version.Version, days, now = now.ToMicros() });
            count += notices.Length;
        }

        return count;
    }

    private sealed record Mark(string Terms, string Version, long Days);

    private sealed record Publication(string Terms, string Version, long PublishedAt);
}
