using System.Security.Cryptography;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Identity.Rows;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Identity;

/// <summary>
/// Who can sign in and what they may. Everything here is done by a principal within a reach: nobody gives or takes more than they have, and what is beyond the
/// reach is not there. A user is invited to a role; one who exists already accepts it by signing up with the password that they have, so that no invitation
/// takes an account over, and whoever invites is not told that it is there.
/// </summary>
public static class Users
{
    /// <summary>At most so many users after an address, by address.</summary>
    public static async Task<IReadOnlyList<User>> ListAsync(StoreSession session, Reach reach, string after, int limit)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(reach);
        var rows = await UserRows.ListAsync(session, reach, reach.Scopes, after, limit);
        var grants = (await UserRows.GrantsAsync(session, [.. rows.Select(static row => row.Email)])).ToLookup(static grant => grant.Email, StringComparer.Ordinal);
        return [.. rows.Select(row => ToUser(row, [.. grants[row.Email]], reach)).OfType<User>()];
    }

    /// <summary>A user in a reach.</summary>
    public static async Task<Outcome<User>> FindAsync(StoreSession session, string email, Reach reach)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(reach);
        email = Normalise(email);
        var row = await UserRows.FindAsync(session, email);
        return row is not null && ToUser(row, await UserRows.GrantsAsync(session, [email]), reach) is { } user ? user : NoUser(email);
    }

    /// <summary>The roles of a user who can sign in, as they hold now; null where there is none or the user is disabled.</summary>
    public static async Task<IReadOnlyList<Grant>?> FindGrantsAsync(StoreSession session, string email)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await UserRows.FindAsync(session, email) is { IsDisabled: 0 } ? await UserRows.HeldAsync(session, email) : null;
    }

    /// <summary>Invites somebody to a role. Inviting again to the same role replaces the invitation.</summary>
    public static async Task<Outcome<NewInvitation>> InviteAsync(StoreSession session, string email, Grant grant, Principal by, RandomNumberGenerator random, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(by);
        email = Normalise(email);
        if (NoticeAddress.FindEmailFault(email) is not null)
        {
            return new Problem(ProblemCode.InvalidRequest, "Write a plain e-mail address such as ana@example.com.", "email");
        }

        if ((by.FindExcess([grant]) ?? (await PartyRegister.ReadAsync(session)).FindMissing(grant.Scope)) is { } problem)
        {
            return problem;
        }

        await UserRows.InsertAsync(session, email, by.Actor, now);
        await UserRows.InsertAsync(session, email, grant, by.Actor, now, isAccepted: false);
        await AuditLog.WriteAsync(session, now, by.Actor, "user.invite", email, grant.ToString());
        return await InvitationRows.CreateAsync(session, email, grant, random, now);
    }

    /// <summary>Gives a role to a user who has accepted one in this reach; it holds at once.</summary>
    public static async Task<Outcome<User>> GrantAsync(StoreSession session, string email, Grant grant, Principal by, Reach reach, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(by);
        if (!(await FindAsync(session, email, reach)).TryGet(out var user, out var problem))
        {
            return problem;
        }

        // Whoever let the user in there knows that it is them; elsewhere they have to show it.
        if (!(await UserRows.HeldAsync(session, user.Email)).Any(held => reach.Has(held.Scope) && held.Scope.Covers(grant.Scope)))
        {
            return new Problem(ProblemCode.Conflict, $"'{user.Email}' has accepted no role over {grant.Scope} yet. Invite to this one: dogana user invite {user.Email}", "email");
        }

        if ((by.FindExcess([grant]) ?? (await PartyRegister.ReadAsync(session)).FindMissing(grant.Scope)) is { } refused)
        {
            return refused;
        }

        if (!user.Grants.Contains(grant))
        {
            await UserRows.InsertAsync(session, user.Email, grant, by.Actor, now, isAccepted: true);
            await AuditLog.WriteAsync(session, now, by.Actor, "user.grant", user.Email, grant.ToString());
        }

        return await FindAsync(session, email, reach);
    }

    /// <summary>Takes a role away, from the next request on, and the invitation to it where it is not accepted. Gives the user as left; without a role in the reach where that was the last one.</summary>
    public static async Task<Outcome<User>> RevokeAsync(StoreSession session, string email, Grant grant, Principal by, Reach reach, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!(await FindAsync(session, email, reach)).TryGet(out var user, out var problem))
        {
            return problem;
        }

        if (!user.Grants.Contains(grant))
        {
            return new Problem(ProblemCode.NotFound, $"'{user.Email}' does not have the role {grant}.", "role");
        }

        if (by.FindExcess([grant]) is { } refused)
        {
            return refused;
        }

        await UserRows.DeleteAsync(session, user.Email, grant);
        await InvitationRows.DeleteAsync(session, user.Email, grant);
        await AuditLog.WriteAsync(session, now, by.Actor, "user.revoke", user.Email, grant.ToString());
        return user with { Grants = [.. user.Grants.Where(item => item != grant)] };
    }

    /// <summary>Lets a user in no more: sessions end and the keys that the user made open nothing while it lasts.</summary>
    public static async Task<Outcome<User>> DisableAsync(StoreSession session, string email, Principal by, Reach reach, DateTimeOffset now) =>
        await SwitchAsync(session, email, isDisabled: true, by, reach, now);

    /// <summary>Lets a user in again.</summary>
    public static async Task<Outcome<User>> EnableAsync(StoreSession session, string email, Principal by, Reach reach, DateTimeOffset now) =>
        await SwitchAsync(session, email, isDisabled: false, by, reach, now);

    /// <summary>Takes password, second factor, identities at providers and sessions away; with the invitation that it gives, the user chooses a new password.</summary>
    public static async Task<Outcome<NewInvitation>> ResetAsync(StoreSession session, string email, Principal by, Reach reach, RandomNumberGenerator random, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!(await FindWholeAsync(session, email, by, reach)).TryGet(out var user, out var problem))
        {
            return problem;
        }

        await session.ExecuteAsync(
            "update app_user set password_hash = null, totp_secret = null, totp_confirmed_at = null where email = @Email", new { user.Email });
        await session.ExecuteAsync("delete from user_recovery_code where email = @Email", new { user.Email });
        await session.ExecuteAsync("delete from user_identity where email = @Email", new { user.Email });
        await SessionRows.DeleteAsync(session, user.Email);
        await AuditLog.WriteAsync(session, now, by.Actor, "user.reset", user.Email);
        return await InvitationRows.CreateAsync(session, user.Email, grant: null, random, now);
    }

    /// <summary>An e-mail address as it is kept.</summary>
    internal static string Normalise(string email) => email.Trim().ToLowerInvariant();

    private static async Task<Outcome<User>> SwitchAsync(StoreSession session, string email, bool isDisabled, Principal by, Reach reach, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(by);
        if (!(await FindWholeAsync(session, email, by, reach)).TryGet(out var user, out var problem))
        {
            return problem;
        }

        if (user.State == UserState.Disabled != isDisabled)
        {
            await session.ExecuteAsync("update app_user set is_disabled = @Flag where email = @Email", new { Flag = isDisabled ? 1 : 0, user.Email });
            await SessionRows.DeleteAsync(session, user.Email);
            await AuditLog.WriteAsync(session, now, by.Actor, isDisabled ? "user.disable" : "user.enable", user.Email);
        }

        return await FindAsync(session, email, reach);
    }

    // What is done to the whole user takes all of the user's roles. Who was only invited here is a stranger.
    private static async Task<Outcome<User>> FindWholeAsync(StoreSession session, string email, Principal by, Reach reach)
    {
        if (!(await FindAsync(session, email, reach)).TryGet(out var user, out var problem))
        {
            return problem;
        }

        return user.State == UserState.Invited && !reach.IsAll ? NoUser(user.Email)
            : !reach.IsAll && await session.ScalarAsync<long>("select count(*) from user_identity where email = @Email", new { user.Email }) > 0
                ? new Problem(ProblemCode.Forbidden, "This user signs in at a provider, and may have roles by its word: ask somebody who administers the platform.", "email")
            : by.FindExcess(await UserRows.HeldAsync(session, user.Email), "email") is { } excess ? excess
            : user;
    }

    private static User? ToUser(UserRow row, IReadOnlyList<GrantRow> grants, Reach reach)
    {
        GrantRow[] shown = [.. grants.Where(grant => reach.Has(grant.ToGrant().Scope))];
        if (shown.Length == 0 && !reach.IsAll)
        {
            return null;
        }

        // Whoever has accepted nothing here is just invited, whatever they are elsewhere.
        var isKnown = reach.IsAll ? row.PasswordHash is not null || grants.Any(static grant => grant.AcceptedAt is not null) : shown.Any(static grant => grant.AcceptedAt is not null);
        return new User(
            row.Email, !isKnown ? UserState.Invited : row.IsDisabled == 1 ? UserState.Disabled : UserState.Active, isKnown && row.TotpConfirmedAt is not null,
            [.. shown.Select(static grant => grant.ToGrant())], StoredTime.FromMicros(row.CreatedAt));
    }

    private static Problem NoUser(string email) => new(ProblemCode.NotFound, $"No user has the address '{email}'. 'dogana user list' shows them.", "email");
}
