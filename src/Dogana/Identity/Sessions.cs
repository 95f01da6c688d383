using Dogana.Audit;
using Dogana.Authority;
using Dogana.Identity.Rows;
using Dogana.Identity.Secrets;
using Dogana.Storage;

namespace Dogana.Identity;

/// <summary>
/// Who is signed in. A session lasts 12 hours at most and an hour without use, and a user has 20 at most. Whoever it is, and what they may, is read anew with
/// every request: what was revoked is gone at once, on every node.
/// </summary>
public static class Sessions
{
    // Not every request is a write.
    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(1);

    /// <summary>Is this the text of a session, and not of a key?</summary>
    public static bool IsText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(SecretText.Session, StringComparison.Ordinal);
    }

    /// <summary>Who is signed in with this text.</summary>
    public static async Task<Outcome<Principal>> OpenAsync(Store store, string text, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var (row, grants) = await store.ReadAsync(
            async session => await SessionRows.FindLiveAsync(session, text, now) is { } found ? (found, await Users.FindGrantsAsync(session, found.Email)) : (null, null), cancellation);
        if (row is null || grants is null)
        {
            return new Problem(ProblemCode.InvalidKey, "This session is over or never was. Sign in again: POST /admin/v1/sign-in, or 'dogana sign-in'.");
        }

        if (StoredTime.FromMicros(row.UsedAt) + TouchInterval <= now)
        {
            await store.WriteAsync(session => SessionRows.TouchAsync(session, row.Id, now), cancellation);
        }

        Grant[] all = [.. grants, .. Grant.Parse(row.Grants).Except(grants)];
        return new Principal(Actor.OfUser(row.Email), all)
        {
            User = row.Email,
            Session = row.Id,
            LacksSecondFactor = row.HasSecondFactor == 0 && all.Any(static grant => RoleMatrix.NeedsSecondFactor(grant.Role)),
        };
    }

    /// <summary>A user's live sessions.</summary>
    public static async Task<IReadOnlyList<Session>> ListAsync(StoreSession session, string email, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        return [.. (await SessionRows.ListLiveAsync(session, email, now)).Select(static row => row.ToSession())];
    }

    /// <summary>Ends a session of a user; gives whether there was one.</summary>
    public static async Task<bool> EndAsync(StoreSession session, string email, string id, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (await SessionRows.DeleteAsync(session, email, id) == 0)
        {
            return false;
        }

        await AuditLog.WriteAsync(session, now, Actor.OfUser(email), "user.sign_out", email);
        return true;
    }
}
