using System.Text.Json;
using Dogana.Authority;
using Dogana.Storage;

namespace Dogana.Identity;

/// <summary>Reads and declares the identity providers.</summary>
public static class IdentityProviders
{
    private const string Select = """
        select id as Id, issuer as Issuer, client_id as ClientId, secret_env as SecretEnv, public_url as PublicUrl, allowed_domains as AllowedDomains, grants as Grants
        from identity_provider
        """;

    /// <summary>The provider with this id, or null.</summary>
    public static async Task<IdentityProvider?> FindAsync(StoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return (await session.FindAsync<Row>(Select + " where id = @id", new { id }))?.ToProvider();
    }

    /// <summary>Makes the store hold what is declared; what is not named stays. Where users are known by an issuer, it stays the same one: another one's subjects are other people.</summary>
    /// <exception cref="ProblemException">A provider with users would change its issuer; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<IdentityProvider> wanted)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(wanted);
        IdentityProvider[] present = [.. (await session.QueryAsync<Row>(Select + " order by id")).Select(static row => row.ToProvider())];
        foreach (var provider in wanted)
        {
            if (present.FirstOrDefault(other => other.Id == provider.Id) is { } before && before.Issuer != provider.Issuer
                && await session.ScalarAsync<long>("select count(*) from user_identity where provider = @Id", new { provider.Id }) > 0)
            {
                throw new ProblemException(new Problem(
                    ProblemCode.Conflict, $"Users sign in by the identity provider '{provider.Id}': its issuer stays {before.Issuer}. Declare another one with another id."));
            }
        }

        return await session.DeclareAsync("identity_provider", present, wanted, static item => item.Id, """
            insert into identity_provider(id, issuer, client_id, secret_env, public_url, allowed_domains, grants)
            values(@Id, @Issuer, @ClientId, @SecretEnv, @PublicUrl, @AllowedDomains, @Grants)
            on conflict(id) do update set issuer = excluded.issuer, client_id = excluded.client_id, secret_env = excluded.secret_env,
                public_url = excluded.public_url, allowed_domains = excluded.allowed_domains, grants = excluded.grants
            """, Row.Of);
    }

    private sealed record Row(string Id, string Issuer, string ClientId, string? SecretEnv, string? PublicUrl, string AllowedDomains, string Grants)
    {
        public static Row Of(IdentityProvider item) => new(
            item.Id, item.Issuer, item.ClientId, item.SecretEnv, item.PublicUrl, string.Join(' ', item.AllowedDomains),
            JsonSerializer.Serialize(item.Grants.Select(static grant => new StoredClaim(grant.Claim, grant.Value, grant.Grant.ToString()))));

        public IdentityProvider ToProvider() => new(Id, Issuer, ClientId)
        {
            SecretEnv = SecretEnv,
            PublicUrl = PublicUrl,
            AllowedDomains = AllowedDomains.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Grants = [.. JsonSerializer.Deserialize<StoredClaim[]>(Grants)!.Select(static item => new ClaimGrant(item.Claim, item.Value, Grant.Parse(item.Grant)[0]))],
        };
    }

    private sealed record StoredClaim(string Claim, string Value, string Grant);
}
