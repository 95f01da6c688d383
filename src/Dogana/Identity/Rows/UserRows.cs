using Dogana.Authority;
using Dogana.Storage;

namespace Dogana.Identity.Rows;

/// <summary>A user as the store keeps one.</summary>
internal sealed record UserRow(
    string Email, string? PasswordHash, long IsDisabled, string? TotpSecret, long? TotpConfirmedAt, long TotpLastStep, long CreatedAt, string CreatedBy);

/// <summary>A role of a user; one that comes with an invitation holds from when it is accepted.</summary>
internal sealed record GrantRow(string Email, string Role, string Scope, long? AcceptedAt)
{
    public Grant ToGrant() => Grant.Of(Role, Scope).Value;
}

/// <summary>The tables of users and their roles.</summary>
internal static class UserRows
{
    private const string Select = """
        select email as Email, password_hash as PasswordHash, is_disabled as IsDisabled, totp_secret as TotpSecret, totp_confirmed_at as TotpConfirmedAt,
            totp_last_step as TotpLastStep, created_at as CreatedAt, created_by as CreatedBy
        from app_user
        """;

    private const string SelectGrant = "select email as Email, role as Role, scope as Scope, accepted_at as AcceptedAt from user_grant";

    public static Task<UserRow?> FindAsync(StoreSession session, string email) => session.FindAsync<UserRow>(Select + " where email = @email", new { email });

    /// <summary>At most so many users after an address, with a role, accepted or not, in a reach.</summary>
    public static Task<IReadOnlyList<UserRow>> ListAsync(StoreSession session, Reach reach, IReadOnlyList<string> scopes, string after, int limit) => session.QueryAsync<UserRow>(
        $"{Select} where email > @after and {(reach.IsAll ? "1 = 1" : $"email in (select email from user_grant where {session.IsOneOf("scope", "scopes")})")} order by email limit @limit",
        new { after, limit, scopes = session.List([.. scopes]) });

    public static Task<IReadOnlyList<GrantRow>> GrantsAsync(StoreSession session, IReadOnlyList<string> emails) => session.QueryAsync<GrantRow>(
        $"{SelectGrant} where {session.IsOneOf("email", "emails")} order by email, role, scope", new { emails = session.List([.. emails]) });

    /// <summary>The user's roles that hold.</summary>
    public static async Task<IReadOnlyList<Grant>> HeldAsync(StoreSession session, string email) =>
        [.. (await session.QueryAsync<GrantRow>(SelectGrant + " where email = @email and accepted_at is not null order by role, scope", new { email })).Select(static row => row.ToGrant())];

    /// <summary>Is it somebody's account already: with a role that was accepted, or an identity at a provider?</summary>
    public static async Task<bool> IsHeldAsync(StoreSession session, string email) => await session.ScalarAsync<long>(
        """
        select (select count(*) from user_grant where email = @email and accepted_at is not null) + (select count(*) from user_identity where email = @email)
        """,
        new { email }) > 0;

    public static Task<int> InsertAsync(StoreSession session, string email, string actor, DateTimeOffset now) => session.ExecuteAsync(
        "insert into app_user(email, is_disabled, totp_last_step, created_at, created_by) values(@email, 0, 0, @at, @actor) on conflict(email) do nothing",
        new { email, at = now.ToMicros(), actor });

    /// <summary>Gives a role, from an acceptance on or from now.</summary>
    public static Task<int> InsertAsync(StoreSession session, string email, Grant grant, string actor, DateTimeOffset now, bool isAccepted) => session.ExecuteAsync(
        """
        insert into user_grant(email, role, scope, granted_at, granted_by, accepted_at) values(@email, @role, @scope, @at, @actor, @accepted)
        on conflict(email, role, scope) do update set accepted_at = coalesce(user_grant.accepted_at, excluded.accepted_at)
        """,
        new { email, role = EnumWords.Of(grant.Role), scope = grant.Scope.ToString(), at = now.ToMicros(), actor, accepted = isAccepted ? now.ToMicros() : (long?)null });

    public static Task<int> DeleteAsync(StoreSession session, string email, Grant grant) => session.ExecuteAsync(
        "delete from user_grant where email = @email and role = @role and scope = @scope", new { email, role = EnumWords.Of(grant.Role), scope = grant.Scope.ToString() });
}
