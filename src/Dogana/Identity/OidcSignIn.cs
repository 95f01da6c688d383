using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Identity.Oidc;
using Dogana.Identity.Rows;
using Dogana.Identity.Secrets;
using Dogana.Storage;
using Microsoft.IdentityModel.Tokens;

namespace Dogana.Identity;

/// <summary>A sign-in that begins: where the browser goes, and what it must bring back.</summary>
/// <param name="Location">The provider's page.</param>
/// <param name="State">What binds the answer to this browser; kept there in a cookie.</param>
public sealed record OidcStart(Uri Location, string State);

/// <summary>
/// Lets users in by OpenID Connect's authorization code flow, with PKCE, state and nonce. A user is who a provider's subject was linked to; the first time, who
/// was invited under the e-mail address that the provider has verified. Thread-safe.
/// </summary>
public sealed class OidcSignIn(Store store, TimeProvider time, RandomNumberGenerator random) : IDisposable
{
    /// <summary>How long a sign-in may take at the provider.</summary>
    public static readonly TimeSpan AttemptLife = TimeSpan.FromMinutes(10);

    // Anybody can begin one: strangers fill no store.
    private const int AttemptsMax = 10_000;

    private readonly ProviderClient _client = new(time);

    /// <summary>Begins a sign-in.</summary>
    /// <param name="providerId">The provider.</param>
    /// <param name="origin">Dogana's own address as the browser sees it, where the provider does not name it.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Outcome<OidcStart>> StartAsync(string providerId, string origin, CancellationToken cancellation = default)
    {
        if (await store.ReadAsync(session => IdentityProviders.FindAsync(session, providerId), cancellation) is not { } provider)
        {
            return NoProvider(providerId);
        }

        if (!(await _client.MetadataAsync(provider, anew: false, cancellation)).TryGet(out var metadata, out var problem))
        {
            return problem;
        }

        var (now, state, nonce, verifier) = (time.GetUtcNow(), Text(), Text(), Text());
        var isRoom = await store.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("delete from oidc_attempt where expires_at <= @now", new { now = now.ToMicros() });
                return await session.ScalarAsync<long>("select count(*) from oidc_attempt") < AttemptsMax && await session.ExecuteAsync(
                    "insert into oidc_attempt(hash, provider, nonce, verifier, expires_at) values(@hash, @Id, @nonce, @verifier, @expires)",
                    new { hash = SecretText.Hash(state), provider.Id, nonce, verifier, expires = (now + AttemptLife).ToMicros() }) == 1;
            },
            cancellation);
        if (!isRoom)
        {
            return new Problem(ProblemCode.TooManyAttempts, "Too many sign-ins are under way. Try again in some minutes.") { RetryAfter = AttemptLife };
        }

        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        (string Name, string Value)[] query =
        [
            ("response_type", "code"), ("client_id", provider.ClientId), ("redirect_uri", RedirectUri(provider, origin)), ("scope", "openid email profile"),
            ("state", state), ("nonce", nonce), ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ];
        var separator = metadata.Authorization.Query.Length > 0 ? '&' : '?';
        return new OidcStart(
            new Uri($"{metadata.Authorization}{separator}{string.Join('&', query.Select(static pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"))}"), state);
    }

    /// <summary>Ends a sign-in with a session.</summary>
    /// <param name="providerId">The provider.</param>
    /// <param name="state">The state that came back; only where the browser had it from <see cref="StartAsync"/>, and once.</param>
    /// <param name="code">The provider's code.</param>
    /// <param name="origin">As for <see cref="StartAsync"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Outcome<NewSession>> FinishAsync(string providerId, string state, string code, string origin, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        var now = time.GetUtcNow();
        var (provider, attempt) = await store.WriteAsync(
            async session => (await IdentityProviders.FindAsync(session, providerId), await TakeAttemptAsync(session, providerId, state, now)), cancellation);
        if (provider is null)
        {
            return NoProvider(providerId);
        }

        if (attempt is null)
        {
            return new Problem(ProblemCode.SignInFailed, "This sign-in was finished, took too long or began elsewhere. Begin again.", "state");
        }

        if (!(await VerifyAsync(provider, attempt, code, origin, cancellation)).TryGet(out var token, out var problem))
        {
            await store.WriteAsync(
                async session =>
                {
                    await AuditLog.WriteAsync(session, now, "nobody", "user.sign_in_failed", provider.Id, problem.Message);
                    return 0;
                },
                cancellation);
            return problem;
        }

        return await store.WriteAsync(session => EnterAsync(session, provider, token, now), cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static Problem NoProvider(string id) => new(ProblemCode.NotFound, $"There is no identity provider '{id}'. Declare it under identity_providers in the world file.", "provider");

    private static string RedirectUri(IdentityProvider provider, string origin) => $"{(provider.PublicUrl ?? origin).TrimEnd('/')}/admin/v1/oidc/{provider.Id}/callback";

    private static async Task<Attempt?> TakeAttemptAsync(StoreSession session, string provider, string state, DateTimeOffset now)
    {
        var key = new { hash = SecretText.Hash(state), provider, now = now.ToMicros() };
        var attempt = await session.FindAsync<Attempt>(
            "select nonce as Nonce, verifier as Verifier from oidc_attempt where hash = @hash and provider = @provider and expires_at > @now", key);
        await session.ExecuteAsync("delete from oidc_attempt where hash = @hash", key);
        return attempt;
    }

    private async Task<Outcome<IdToken>> VerifyAsync(IdentityProvider provider, Attempt attempt, string code, string origin, CancellationToken cancellation)
    {
        if (!(await _client.MetadataAsync(provider, anew: false, cancellation)).TryGet(out var metadata, out var problem)
            || !(await _client.ExchangeAsync(provider, metadata, code, attempt.Verifier, RedirectUri(provider, origin), cancellation)).TryGet(out var text, out problem))
        {
            return problem;
        }

        var (token, wrong) = await IdToken.VerifyAsync(text, provider, metadata.Keys, attempt.Nonce, time.GetUtcNow());
        if (wrong is SecurityTokenInvalidSignatureException)
        {
            // Providers change their keys whenever they like.
            if (!(await _client.MetadataAsync(provider, anew: true, cancellation)).TryGet(out metadata, out problem))
            {
                return problem;
            }

            (token, wrong) = await IdToken.VerifyAsync(text, provider, metadata.Keys, attempt.Nonce, time.GetUtcNow());
        }

        return token is not null ? token : new Problem(ProblemCode.SignInFailed, $"The ID token of '{provider.Id}' is not one: {Explain(wrong!)}.", "code");
    }

    // The library's own words name tokens and keys at length.
    private static string Explain(Exception wrong) => wrong switch
    {
        SecurityTokenInvalidAudienceException => "it is for another client",
        SecurityTokenInvalidIssuerException => "it is another issuer's",
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNoExpirationException => "it is over, or not yet valid",
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException => "its signature is missing or wrong",
        { } other when other.GetType() == typeof(SecurityTokenException) => other.Message,
        _ => $"it cannot be read ({wrong.GetType().Name})",
    };

    private async Task<Outcome<NewSession>> EnterAsync(StoreSession session, IdentityProvider provider, IdToken token, DateTimeOffset now)
    {
        var key = new { provider.Id, token.Subject };
        var linked = await session.ScalarAsync<string>("select email from user_identity where provider = @Id and subject = @Subject", key);
        var email = linked ?? await LinkAsync(session, provider, token, now);
        if (linked is not null)
        {
            await AcceptAsync(session, provider, linked, await InvitationRows.OpenAsync(session, linked, now), now);
        }

        if (email is null || await Users.FindGrantsAsync(session, email) is null)
        {
            await AuditLog.WriteAsync(session, now, "nobody", "user.sign_in_failed", $"{provider.Id}/sha256:{SecretText.Hash(token.Subject)}", "no user");
            return new Problem(ProblemCode.SignInFailed, $"No user may sign in as whom '{provider.Id}' says you are. Ask for an invitation to the e-mail address that you have there.");
        }

        Grant[] claimed = [.. provider.Grants.Where(item => token.Says(item.Claim, item.Value)).Select(static item => item.Grant)];
        var made = await SessionRows.CreateAsync(session, email, token.HasSecondFactor, claimed, random, now);
        await AuditLog.WriteAsync(session, now, Actor.OfUser(email), "user.sign_in", email, $"by {provider.Id}{(claimed.Length > 0 ? $", with {Grant.Text(claimed)}" : "")}");
        return made;
    }

    // Only who was invited, and has no password yet: a provider opens no account that somebody made for themselves.
    private static async Task<string?> LinkAsync(StoreSession session, IdentityProvider provider, IdToken token, DateTimeOffset now)
    {
        if (token.VerifiedEmail is not { } said)
        {
            return null;
        }

        var email = Users.Normalise(said);
        var user = await UserRows.FindAsync(session, email);
        var invitations = await InvitationRows.OpenAsync(session, email, now);
        if (user is not { IsDisabled: 0, PasswordHash: null } || invitations.Count == 0
            || (provider.AllowedDomains.Count > 0 && !provider.AllowedDomains.Contains(email[(email.LastIndexOf('@') + 1)..], StringComparer.Ordinal))
            || await session.ScalarAsync<long>("select count(*) from user_identity where email = @email", new { email }) > 0)
        {
            return null;
        }

        await session.ExecuteAsync(
            "insert into user_identity(provider, subject, email, linked_at) values(@Id, @Subject, @email, @now)", new { provider.Id, token.Subject, email, now = now.ToMicros() });
        await AcceptAsync(session, provider, email, invitations, now);
        return email;
    }

    // There is no password by which somebody who signs in here could accept them elsewhere.
    private static async Task AcceptAsync(StoreSession session, IdentityProvider provider, string email, IReadOnlyList<InvitationRow> invitations, DateTimeOffset now)
    {
        foreach (var invitation in invitations)
        {
            await InvitationRows.AcceptAsync(session, invitation, now);
            await AuditLog.WriteAsync(
                session, now, Actor.OfUser(email), "user.accept", email, $"{(invitation.Role is null ? "" : $"{invitation.Role}@{invitation.Scope} ")}by {provider.Id}");
        }
    }

    private string Text() => SecretText.Create("", random).Text;

    private sealed record Attempt(string Nonce, string Verifier);
}
