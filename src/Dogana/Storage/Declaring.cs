using System.Text.Json;

namespace Dogana.Storage;

/// <summary>Makes the rows of a table equal to what a file declares. What the file does not name is left alone.</summary>
public static class Declaring
{
    /// <summary>Inserts or updates each wanted object that differs from what is present, and says what was done.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="type">The type's name in the file, singular.</param>
    /// <param name="present">What the table holds.</param>
    /// <param name="wanted">What the file declares, in an order that satisfies references among them.</param>
    /// <param name="id">Gives an object's id.</param>
    /// <param name="upsert">SQL that inserts an object or updates the one with the same id.</param>
    /// <param name="row">The parameters of <paramref name="upsert"/>.</param>
    public static async Task<IReadOnlyList<Change>> DeclareAsync<T>(
        this StoreSession session, string type, IReadOnlyList<T> present, IReadOnlyList<T> wanted, Func<T, string> id, string upsert, Func<T, object> row)
    {
        ArgumentNullException.ThrowIfNull(session);
        var before = present.ToDictionary(id, Text, StringComparer.Ordinal);
        var changes = new List<Change>();
        foreach (var item in wanted)
        {
            var kind = !before.TryGetValue(id(item), out var text) ? ChangeKind.Created : text == Text(item) ? ChangeKind.Unchanged : ChangeKind.Updated;
            if (kind != ChangeKind.Unchanged)
            {
                await session.ExecuteAsync(upsert, row(item));
                session.ChangesConfiguration();
            }

            changes.Add(new Change(kind, type, id(item)));
        }

        return changes;

        // Records with lists in them are equal when their texts are.
        static string Text(T item) => JsonSerializer.Serialize(item);
    }
}
