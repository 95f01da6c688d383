using System.Security.Cryptography;
using Dogana.Access.Keys;
using Dogana.Audit;
using Dogana.Storage;

namespace Dogana.Access;

/// <summary>
/// Rotation, as with Azure's two keys: a key gets a successor with another text, and both open the same until the overlap is over. At most two keys of a line
/// are live at once.
/// </summary>
public static class KeyRotation
{
    /// <summary>How long the old key goes on where nothing is said.</summary>
    public static readonly TimeSpan OverlapDefault = TimeSpan.FromHours(24);

    /// <summary>How long it goes on at most.</summary>
    public static readonly TimeSpan OverlapMax = TimeSpan.FromDays(90);

    /// <summary>Makes a key's successor: for the same project and end customer, of the same details, for as long as the old one was made.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="id">The key; it ends when the overlap is over, or earlier where it would have.</param>
    /// <param name="overlap">0 (it ends now) to <see cref="OverlapMax"/>.</param>
    /// <param name="random">Makes the text.</param>
    /// <param name="actor">For the audit log.</param>
    /// <param name="now">Now.</param>
    /// <param name="ownerUser">The user who rotates it and gets the new text: with it they are one person, whoever made the old one. Null where no user does: the key stays its user's.</param>
    /// <returns>The successor, or <see cref="ProblemCode.Conflict"/> where the key is live no longer or has a live successor already.</returns>
    public static async Task<Outcome<NewApiKey>> RotateAsync(StoreSession session, string id, TimeSpan overlap, RandomNumberGenerator random, string actor, DateTimeOffset now, string? ownerUser = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (overlap < TimeSpan.Zero || overlap > OverlapMax)
        {
            return new Problem(ProblemCode.InvalidRequest, $"The overlap is 0 to {OverlapMax.Days} days.", "overlap");
        }

        if (!(await KeyRows.FindAsync(session, id)).TryGet(out var key, out var problem))
        {
            return problem;
        }

        if (!key.IsLive(now))
        {
            return new Problem(ProblemCode.Conflict, $"The key {id} was revoked or has expired: it has no successor. Make another with 'dogana key create'.", "id");
        }

        ApiKey[] live = [.. (await ReadLineAsync(session, key)).Where(other => other.IsLive(now))];
        if (live.Length > 1)
        {
            var older = live[0];
            return new Problem(
                ProblemCode.Conflict,
                $"Two keys of this line are live already. The older one, {older.Id}, ends {InstantText.Format(older.ExpiresAt!.Value)}: rotate then, or end it now with 'dogana key revoke {older.Id} --reason rotated'.",
                "id");
        }

        var (newId, text, hash) = KeyText.Create(random);
        var began = now > key.CreatedAt ? now : key.CreatedAt.AddMicroseconds(1); // a clock that is behind must not make it the older one
        var life = key.ExpiresAt - key.CreatedAt;
        var successor = key with
        {
            Id = newId,
            CreatedAt = began,
            ExpiresAt = life > DateTimeOffset.MaxValue - began ? DateTimeOffset.MaxValue : began + life,
            LastUsedAt = null,
            OwnerUser = ownerUser ?? key.OwnerUser,
        };
        var ends = key.ExpiresAt < now + overlap ? key.ExpiresAt.Value : now + overlap;
        await KeyRows.InsertAsync(session, successor, hash);
        await KeyRows.UpdateAsync(session, key with { ExpiresAt = ends });
        await AuditLog.WriteAsync(session, now, actor, "key.rotate", id, $"by {newId}; ends {InstantText.Format(ends)}");
        session.ChangesConfiguration();
        return new NewApiKey(successor, text);
    }

    /// <summary>Was another key of its line made after this one?</summary>
    internal static async Task<bool> HasSuccessorAsync(StoreSession session, ApiKey key) => (await ReadLineAsync(session, key))[^1].Id != key.Id;

    // By their ends where two were made at one instant: what was rotated ends first.
    private static async Task<IReadOnlyList<ApiKey>> ReadLineAsync(StoreSession session, ApiKey key) =>
        [.. (await KeyRows.ReadAsync(session, key.Line)).Select(static item => item.Key).OrderBy(static item => item.CreatedAt).ThenBy(static item => item.ExpiresAt ?? DateTimeOffset.MaxValue)];
}
