using Dogana.Notices;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Terms.Publishing;
using Dogana.Terms.Rows;

namespace Dogana.Terms;

/// <summary>Reads and publishes terms, and what goes with them.</summary>
public static class TermsRegister
{
    /// <summary>All that terms are decided by.</summary>
    public static async Task<TermsOnRecord> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new TermsOnRecord(
            await TermsRows.ReadTermsAsync(session), await Acceptances.ReadAsync(session), await TermsRows.ReadExceptionsAsync(session), await TermsRows.ReadUsesAsync(session));
    }

    /// <summary>All terms with their versions, by id.</summary>
    public static Task<IReadOnlyList<UsageTerms>> ReadTermsAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return TermsRows.ReadTermsAsync(session);
    }

    /// <summary>All licence exceptions, by id.</summary>
    public static Task<IReadOnlyList<LicenceGrant>> ReadExceptionsAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return TermsRows.ReadExceptionsAsync(session);
    }

    /// <summary>
    /// Publishes terms and versions, and makes the store hold the exceptions and uses. A published version never changes, and terms that have versions get
    /// new ones only from now on. Whoever has a project on a channel where a new version holds, and must accept it, is told.
    /// </summary>
    /// <exception cref="ProblemException">Something declared contradicts what is published; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(
        StoreSession session, PartyTable parties, IReadOnlyList<UsageTerms> terms, IReadOnlyList<LicenceGrant> exceptions, IReadOnlyList<DeclaredUse> uses,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(parties);
        ArgumentNullException.ThrowIfNull(terms);
        var present = await TermsRows.ReadTermsAsync(session);
        var added = TermsRules.Check(present, terms, now);
        var changes = new List<Change>(await TermsRows.DeclareTermsAsync(session, present, terms));
        foreach (var (item, version) in terms.SelectMany(static item => item.Versions.Select(version => (item, version))))
        {
            var isNew = added.Contains(version);
            changes.Add(new Change(isNew ? ChangeKind.Created : ChangeKind.Unchanged, "terms_version", $"{version.Terms}@{version.Version}"));
            if (!isNew)
            {
                continue;
            }

            await TermsRows.PublishAsync(session, version, now);
            session.ChangesConfiguration();
            if (version.AcceptBy is not null)
            {
                await NoticeOutbox.PostAsync(
                    session, [.. TermsNotices.Recipients(item, parties, now).Select(organisation => TermsNotices.Published(item, version, organisation))], now);
            }
        }

        changes.AddRange(await TermsRows.DeclareExceptionsAsync(session, exceptions));
        changes.AddRange(await TermsRows.DeclareUsesAsync(session, uses));
        return changes;
    }
}
