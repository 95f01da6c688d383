using System.Security.Cryptography;
using Dogana.Authority;
using Dogana.Identity.Secrets;
using Dogana.Storage;

namespace Dogana.Identity.Rows;

/// <summary>An invitation; with no role it lets a user who was reset choose a password.</summary>
internal sealed record InvitationRow(string Hash, string Email, string? Role, string? Scope, long ExpiresAt);

/// <summary>The table of open invitations: one is gone when it is accepted, replaced or over.</summary>
internal static class InvitationRows
{
    /// <summary>How long one can be accepted.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    private const string Same = "email = @email and coalesce(role, '') = @role and coalesce(scope, '') = @scope";

    /// <summary>Makes one in the place of those for the same role.</summary>
    public static async Task<NewInvitation> CreateAsync(StoreSession session, string email, Grant? grant, RandomNumberGenerator random, DateTimeOffset now)
    {
        var (text, hash) = SecretText.Create(SecretText.Invitation, random);
        var (role, scope, expires) = (grant is null ? null : EnumWords.Of(grant.Role), grant?.Scope.ToString(), now + Life);
        await DeleteAsync(session, email, grant);
        await session.ExecuteAsync("delete from user_invitation where expires_at <= @now", new { now = now.ToMicros() });
        await session.ExecuteAsync(
            "insert into user_invitation(hash, email, role, scope, expires_at) values(@hash, @email, @role, @scope, @expires)",
            new { hash, email, role, scope, expires = expires.ToMicros() });
        return new NewInvitation(email, text, expires);
    }

    /// <summary>The open one with this text.</summary>
    public static Task<InvitationRow?> FindAsync(StoreSession session, string text, DateTimeOffset now) => session.FindAsync<InvitationRow>(
        "select hash as Hash, email as Email, role as Role, scope as Scope, expires_at as ExpiresAt from user_invitation where hash = @hash and expires_at > @now",
        new { hash = SecretText.Hash(text), now = now.ToMicros() });

    /// <summary>The open ones for an address.</summary>
    public static async Task<IReadOnlyList<InvitationRow>> OpenAsync(StoreSession session, string email, DateTimeOffset now) => await session.QueryAsync<InvitationRow>(
        "select hash as Hash, email as Email, role as Role, scope as Scope, expires_at as ExpiresAt from user_invitation where email = @email and expires_at > @now",
        new { email, now = now.ToMicros() });

    /// <summary>Takes one, and lets its role hold; false for whoever comes second.</summary>
    public static async Task<bool> AcceptAsync(StoreSession session, InvitationRow invitation, DateTimeOffset now)
    {
        if (await session.ExecuteAsync("delete from user_invitation where hash = @Hash", new { invitation.Hash }) == 0)
        {
            return false;
        }

        if (invitation.Role is not null)
        {
            await session.ExecuteAsync(
                "update user_grant set accepted_at = @now where email = @Email and role = @Role and scope = @Scope and accepted_at is null",
                new { now = now.ToMicros(), invitation.Email, invitation.Role, invitation.Scope });
        }

        return true;
    }

    public static Task<int> DeleteAsync(StoreSession session, string email, Grant? grant) => session.ExecuteAsync(
        $"delete from user_invitation where {Same}", new { email, role = grant is null ? "" : EnumWords.Of(grant.Role), scope = grant?.Scope.ToString() ?? "" });
}
