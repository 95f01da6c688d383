using Dogana.Rating.Books;
using Dogana.Storage;

namespace Dogana.Rating;

/// <summary>The published price books.</summary>
public static class PriceBooks
{
    /// <summary>
    /// Publishes books and versions. A published version never changes, and a book that has versions gets new ones only from now on: prices that
    /// usage was already charged by stay what they were.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="books">New or known books.</param>
    /// <param name="versions">New versions, or known ones as they were published.</param>
    /// <param name="now">The time of publishing.</param>
    /// <exception cref="ProblemException">Something declared is invalid, or contradicts what is published; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(
        StoreSession session, IReadOnlyList<PriceBook> books, IReadOnlyList<PriceBookVersion> versions, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(books);
        ArgumentNullException.ThrowIfNull(versions);
        var present = await PriceBookRows.ReadBooksAsync(session);
        var published = await PriceBookRows.ReadVersionsAsync(session);
        PriceBookRules.CheckBooks(books, present, published);
        PriceBookRules.CheckVersions(versions, [.. present, .. books], published, now);

        var changes = new List<Change>(await PriceBookRows.DeclareBooksAsync(session, present, books));
        foreach (var version in versions.OrderBy(static version => version.Book, StringComparer.Ordinal).ThenBy(static version => version.EffectiveFrom))
        {
            var id = PriceBookRules.VersionName(version);
            var known = published.Any(other => PriceBookRules.IsSameVersion(other, version));
            changes.Add(new Change(known ? ChangeKind.Unchanged : ChangeKind.Created, "price_book_version", id));
            if (!known)
            {
                await PriceBookRows.PublishAsync(session, version, now);
                session.ChangesConfiguration();
            }
        }

        return changes;
    }

    /// <summary>All published prices.</summary>
    public static async Task<PriceTable> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new PriceTable(await PriceBookRows.ReadBooksAsync(session), await PriceBookRows.ReadVersionsAsync(session));
    }
}
