using System.Security.Cryptography;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Identity.Rows;
using Dogana.Identity.Secrets;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Identity;

/// <summary>The second factor of the signed-in user: codes of an authenticator app, and ten recovery codes. Thread-safe.</summary>
public sealed class SecondFactor(Store store, KeyRing ring, TimeProvider time, RandomNumberGenerator random)
{
    private const string Issuer = "Dogana";

    /// <summary>Makes a secret, in the place of one that was never confirmed. It counts from its confirmation on.</summary>
    /// <returns>The secret in base 32 and as an <c>otpauth:</c> address.</returns>
    public async Task<Outcome<(string Secret, string Uri)>> EnrolAsync(Principal principal, CancellationToken cancellation = default)
    {
        if (!SessionOf(principal).TryGet(out var own, out var problem))
        {
            return problem;
        }

        return await store.WriteAsync<Outcome<(string Secret, string Uri)>>(
            async session =>
            {
                if ((await UserRows.FindAsync(session, own.Email))!.TotpConfirmedAt is not null)
                {
                    return new Problem(ProblemCode.Conflict, "You have a second factor. If it is lost, sign in with a recovery code or have somebody reset you: dogana user reset EMAIL.");
                }

                if (!SecondFactorCodes.Create(ring, own.Email, random).TryGet(out var made, out var closed))
                {
                    return closed;
                }

                await session.ExecuteAsync("update app_user set totp_secret = @Encrypted where email = @Email", new { made.Encrypted, own.Email });
                return (made.Base32, $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(own.Email)}?secret={made.Base32}&issuer={Issuer}&algorithm=SHA1&digits=6&period=30");
            },
            cancellation);
    }

    /// <summary>Confirms the secret by a code of it, which gives the recovery codes; where it was confirmed before, shows that the user has it, which gives none.</summary>
    public async Task<Outcome<IReadOnlyList<string>>> ConfirmAsync(Principal principal, string code, string address, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (!SessionOf(principal).TryGet(out var own, out var problem))
        {
            return problem;
        }

        var now = time.GetUtcNow();
        return await store.WriteAsync<Outcome<IReadOnlyList<string>>>(
            async session =>
            {
                var user = (await UserRows.FindAsync(session, own.Email))!;
                if (user.TotpSecret is null)
                {
                    return new Problem(ProblemCode.Conflict, "There is nothing to confirm. Enrol first: POST /admin/v1/me/totp.");
                }

                if (!(await SignInThrottle.BeginAsync(session, own.Email, address, now)).TryGet(out var attempt, out var wait))
                {
                    return wait;
                }

                var isEnrolment = user.TotpConfirmedAt is null;
                if (!(await (isEnrolment ? UseCodeAsync(session, ring, user, code.Trim(), now) : UseAsync(session, ring, user, code.Trim(), now))).TryGet(out var isRight, out var closed))
                {
                    return closed;
                }

                if (!isRight)
                {
                    await AuditLog.WriteAsync(session, now, principal.Actor, "user.second_factor_failed", own.Email);
                    return new Problem(ProblemCode.SignInFailed, "The code is wrong, or was used before. Wait for the app's next one, and set the clock right.", "code");
                }

                await SignInThrottle.EndAsync(session, attempt, own.Email, isIn: true);
                await SessionRows.ConfirmAsync(session, own.Session);
                await AuditLog.WriteAsync(session, now, principal.Actor, isEnrolment ? "user.second_factor_enrol" : "user.second_factor", own.Email);
                return isEnrolment ? await ConfirmedAsync(session, own.Email, now) : Array.Empty<string>();
            },
            cancellation);
    }

    /// <summary>Uses a code of the app or a recovery code up, if it is one.</summary>
    internal static async Task<Outcome<bool>> UseAsync(StoreSession session, KeyRing ring, UserRow user, string code, DateTimeOffset now) => SecondFactorCodes.IsCode(code)
        ? await UseCodeAsync(session, ring, user, code, now)
        : await session.ExecuteAsync("delete from user_recovery_code where email = @Email and hash = @hash", new { user.Email, hash = SecondFactorCodes.HashRecoveryCode(code) }) == 1;

    // Each step of time counts once, and none before it any more.
    private static async Task<Outcome<bool>> UseCodeAsync(StoreSession session, KeyRing ring, UserRow user, string code, DateTimeOffset now) =>
        !SecondFactorCodes.FindStep(ring, user.Email, user.TotpSecret!, code, now).TryGet(out var found, out var problem) ? problem
        : found is { } step
            && await session.ExecuteAsync("update app_user set totp_last_step = @step where email = @Email and totp_last_step < @step", new { step, user.Email }) == 1;

    private static Outcome<(string Email, string Session)> SessionOf(Principal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return principal is { User: { } user, Session: { } session }
            ? (user, session)
            : new Problem(ProblemCode.Forbidden, "A second factor belongs to a user: sign in first.");
    }

    private async Task<string[]> ConfirmedAsync(StoreSession session, string email, DateTimeOffset now)
    {
        await session.ExecuteAsync("update app_user set totp_confirmed_at = @now where email = @email", new { now = now.ToMicros(), email });
        await session.ExecuteAsync("delete from user_recovery_code where email = @email", new { email });
        var codes = SecondFactorCodes.CreateRecoveryCodes(random);
        await session.ExecuteAsync(
            "insert into user_recovery_code(email, hash) values(@email, @Hash)", codes.Select(code => new { email, Hash = SecondFactorCodes.HashRecoveryCode(code) }));
        return codes;
    }
}
