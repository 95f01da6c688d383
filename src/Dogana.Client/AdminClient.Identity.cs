namespace Dogana.Client;

/// <content>Users, sign-in and roles.</content>
public sealed partial class AdminClient
{
    /// <summary>The roles and what they permit.</summary>
    public Task<IReadOnlyList<RoleRecord>> ListRolesAsync(CancellationToken cancellation = default) => GetAllAsync<RoleRecord>("/roles", cancellation);

    /// <summary>A page of the users.</summary>
    public Task<Page<UserRecord>> ListUsersAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<UserRecord>>("/users" + PageQuery(after, limit), cancellation);

    /// <summary>A user.</summary>
    public Task<UserRecord> GetUserAsync(string email, CancellationToken cancellation = default) => GetAsync<UserRecord>(UserPath(email), cancellation);

    /// <summary>Invites somebody to a role.</summary>
    public Task<InvitationRecord> InviteAsync(InviteRequest request, CancellationToken cancellation = default) => PostAsync<InvitationRecord>("/users", request, cancellation);

    /// <summary>Lets a user in no more, or again.</summary>
    public Task<UserRecord> EnableUserAsync(string email, bool enable, CancellationToken cancellation = default) =>
        PostAsync<UserRecord>(UserPath(email) + (enable ? "/enable" : "/disable"), null, cancellation);

    /// <summary>Takes a user's password and second factor away, and invites anew.</summary>
    public Task<InvitationRecord> ResetUserAsync(string email, CancellationToken cancellation = default) => PostAsync<InvitationRecord>(UserPath(email) + "/reset", null, cancellation);

    /// <summary>Gives a user a role.</summary>
    public Task<UserRecord> GrantAsync(string email, GrantRecord grant, CancellationToken cancellation = default) => PostAsync<UserRecord>(UserPath(email) + "/grants", grant, cancellation);

    /// <summary>Takes a role away.</summary>
    public Task<UserRecord> RevokeGrantAsync(string email, GrantRecord grant, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return SendAsync<UserRecord>(HttpMethod.Delete, $"{UserPath(email)}/grants/{Uri.EscapeDataString(grant.Role)}/{Uri.EscapeDataString(grant.Scope)}", null, cancellation);
    }

    /// <summary>Accepts an invitation.</summary>
    public Task<UserRecord> SignUpAsync(SignUpRequest request, CancellationToken cancellation = default) => PostAsync<UserRecord>("/sign-up", request, cancellation);

    /// <summary>Signs in.</summary>
    public Task<SignInRecord> SignInAsync(SignInRequest request, CancellationToken cancellation = default) => PostAsync<SignInRecord>("/sign-in", request, cancellation);

    /// <summary>Ends the session that asks.</summary>
    public Task<SessionsEndedRecord> SignOutAsync(CancellationToken cancellation = default) => PostAsync<SessionsEndedRecord>("/sign-out", null, cancellation);

    /// <summary>Who asks.</summary>
    public Task<MeRecord> GetMeAsync(CancellationToken cancellation = default) => GetAsync<MeRecord>("/me", cancellation);

    /// <summary>The user's own live sessions.</summary>
    public Task<IReadOnlyList<SessionRecord>> ListSessionsAsync(CancellationToken cancellation = default) => GetAllAsync<SessionRecord>("/sessions", cancellation);

    /// <summary>Ends one of the user's own sessions.</summary>
    public Task<SessionsEndedRecord> EndSessionAsync(string id, CancellationToken cancellation = default) =>
        SendAsync<SessionsEndedRecord>(HttpMethod.Delete, $"/sessions/{Uri.EscapeDataString(id)}", null, cancellation);

    /// <summary>Begins to enrol a second factor.</summary>
    public Task<TotpRecord> EnrolTotpAsync(CancellationToken cancellation = default) => PostAsync<TotpRecord>("/me/totp", null, cancellation);

    /// <summary>Confirms a second factor by a code.</summary>
    public Task<TotpConfirmedRecord> ConfirmTotpAsync(string code, CancellationToken cancellation = default) =>
        PostAsync<TotpConfirmedRecord>("/me/totp/confirm", new TotpConfirmRequest(code), cancellation);

    private static string UserPath(string email) => $"/users/{Uri.EscapeDataString(email)}";
}
