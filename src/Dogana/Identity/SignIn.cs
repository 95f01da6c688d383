using System.Security.Cryptography;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Identity.Rows;
using Dogana.Identity.Secrets;
using Dogana.Protection;
using Dogana.Storage;
using Microsoft.AspNetCore.Identity;

namespace Dogana.Identity;

/// <summary>
/// Lets users in by password, and by a code where they have a second factor. Who is no user gets the same answer after the same work as who has the wrong
/// password. Thread-safe.
/// </summary>
public sealed class SignIn(Store store, KeyRing ring, TimeProvider time, RandomNumberGenerator random)
{
    private const string Nobody = "nobody";

    /// <summary>Begins a session.</summary>
    /// <param name="email">The user.</param>
    /// <param name="password">The password.</param>
    /// <param name="code">A code of the app, or a recovery code; null where none was given.</param>
    /// <param name="address">The network address that asks, against those who guess.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Outcome<NewSession>> EnterAsync(string email, string password, string? code, string address, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(email);
        var name = Users.Normalise(email);
        return await CheckAsync<NewSession>(
            name, password, code, address,
            async (session, now, hasSecondFactor) =>
            {
                var made = await SessionRows.CreateAsync(session, name, hasSecondFactor, [], random, now);
                await AuditLog.WriteAsync(session, now, Actor.OfUser(name), "user.sign_in", name, hasSecondFactor ? "password and code" : "password");
                return made;
            },
            cancellation);
    }

    /// <summary>
    /// Accepts an invitation. Who is new chooses a password; whoever has one shows it, with a code where they have a second factor. An invitation to a role opens
    /// no account that is there already, not even one without a password (of somebody who was reset, or who signs in at a provider): only that of a reset does.
    /// </summary>
    public async Task<Outcome<User>> AcceptAsync(string invitation, string password, string? code, string address, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(invitation);
        ArgumentNullException.ThrowIfNull(password);
        var now = time.GetUtcNow();
        var (open, user) = await store.ReadAsync(
            async session => await InvitationRows.FindAsync(session, invitation, now) is { } found ? (found, await UserRows.FindAsync(session, found.Email)) : (null, null), cancellation);
        if (open is null || user is null)
        {
            return NoInvitation();
        }

        if (user.PasswordHash is not null)
        {
            return await CheckAsync(user.Email, password, code, address, async (session, at, _) => await TakeAsync(session, open, at), cancellation);
        }

        if (Passwords.FindFault(password) is { } fault)
        {
            return fault;
        }

        var hash = Passwords.Hash(password);
        return await store.WriteAsync(
            async session =>
            {
                // Looked at anew: it, or another one, may have been accepted at the same moment.
                var isOpen = await InvitationRows.FindAsync(session, invitation, now) is not null
                    && (open.Role is null || !await UserRows.IsHeldAsync(session, user.Email))
                    && await session.ExecuteAsync("update app_user set password_hash = @hash where email = @Email and password_hash is null", new { hash, user.Email }) == 1;
                return isOpen ? await TakeAsync(session, open, now) : NoInvitation();
            },
            cancellation);
    }

    private static Problem Failed() => new(ProblemCode.SignInFailed, "The e-mail address, the password or the code is wrong.");

    private static Problem NoInvitation() => new(ProblemCode.SignInFailed, "This invitation was accepted, is over or never was. Ask for another one.", "invitation");

    private static async Task<Outcome<User>> TakeAsync(StoreSession session, InvitationRow invitation, DateTimeOffset now)
    {
        if (!await InvitationRows.AcceptAsync(session, invitation, now))
        {
            return NoInvitation();
        }

        await AuditLog.WriteAsync(session, now, Actor.OfUser(invitation.Email), "user.accept", invitation.Email, invitation.Role is null ? "" : $"{invitation.Role}@{invitation.Scope}");
        return await Users.FindAsync(session, invitation.Email, Reach.All);
    }

    private async Task<Outcome<T>> CheckAsync<T>(
        string email, string password, string? code, string address, Func<StoreSession, DateTimeOffset, bool, Task<Outcome<T>>> enter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(password);
        var now = time.GetUtcNow();

        // 1. Counted as failed until it has succeeded.
        if (!(await store.WriteAsync(session => SignInThrottle.BeginAsync(session, email, address, now), cancellation)).TryGet(out var attempt, out var wait))
        {
            return wait;
        }

        // 2. The slow part, outside of any transaction.
        var user = await store.ReadAsync(session => UserRows.FindAsync(session, email), cancellation);
        var verified = Passwords.Verify(user?.PasswordHash, password);
        var rehashed = verified == PasswordVerificationResult.SuccessRehashNeeded ? Passwords.Hash(password) : null;

        // 3. All the rest in one transaction, on what is true by then.
        return await store.WriteAsync(
            async session =>
            {
                var current = verified == PasswordVerificationResult.Failed ? null : await UserRows.FindAsync(session, email);
                if (current is not { IsDisabled: 0 } || current.PasswordHash != user!.PasswordHash)
                {
                    await RecordFailureAsync(session, email, user is not null, now);
                    return Failed();
                }

                if (current.TotpConfirmedAt is not null)
                {
                    if (string.IsNullOrWhiteSpace(code))
                    {
                        await SignInThrottle.EndAsync(session, attempt, email, isIn: false);
                        return new Problem(ProblemCode.CodeRequired, "Give the code of your authenticator app as well, or a recovery code.", "code");
                    }

                    if (!(await SecondFactor.UseAsync(session, ring, current, code.Trim(), now)).TryGet(out var isRight, out var closed))
                    {
                        return closed;
                    }

                    if (!isRight)
                    {
                        await RecordFailureAsync(session, email, isUser: true, now);
                        return Failed();
                    }
                }

                if (rehashed is not null)
                {
                    await session.ExecuteAsync("update app_user set password_hash = @rehashed where email = @email", new { rehashed, email });
                }

                await SignInThrottle.EndAsync(session, attempt, email, isIn: true);
                return await enter(session, now, current.TotpConfirmedAt is not null);
            },
            cancellation);
    }

    // Who is no user here has told nobody but us who they are.
    private static Task RecordFailureAsync(StoreSession session, string email, bool isUser, DateTimeOffset now) =>
        AuditLog.WriteAsync(session, now, Nobody, "user.sign_in_failed", isUser ? email : "sha256:" + SecretText.Hash(email));
}
