using System.Text.Json;
using Dogana.Storage;

namespace Dogana.Access;

/// <summary>The issuers whose tokens open projects. Declared by world files; never deleted: one without projects opens nothing.</summary>
public static class TokenIssuers
{
    /// <summary>The issuers, as committed.</summary>
    public static async Task<TokenIssuerTable> ReadTableAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new TokenIssuerTable(await ReadAsync(session));
    }

    /// <summary>Adds issuers or changes them.</summary>
    /// <exception cref="ProblemException">Two would have the same issuer and audience; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<TokenIssuer> wanted)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(wanted);
        if (wanted.Count == 0)
        {
            return [];
        }

        var present = await ReadAsync(session);
        foreach (var issuer in wanted)
        {
            if (present.FirstOrDefault(other => other.Id != issuer.Id && other.Issuer == issuer.Issuer && other.Audience == issuer.Audience) is { } other)
            {
                throw new ProblemException(new Problem(
                    ProblemCode.Conflict, $"The token issuer '{issuer.Id}' has the issuer and the audience of '{other.Id}'. Declare the projects of both under one id."));
            }
        }

        return await session.DeclareAsync("token_issuer", present, wanted, static issuer => issuer.Id, """
            insert into token_issuer(id, issuer, audience, keys_url, discovery_url, clock_skew_seconds, projects)
            values(@Id, @Issuer, @Audience, @KeysUrl, @DiscoveryUrl, @ClockSkewSeconds, @Projects)
            on conflict(id) do update set issuer = excluded.issuer, audience = excluded.audience, keys_url = excluded.keys_url, discovery_url = excluded.discovery_url,
                clock_skew_seconds = excluded.clock_skew_seconds, projects = excluded.projects
            """, static issuer => new Row(
                issuer.Id, issuer.Issuer, issuer.Audience, issuer.KeysUrl, issuer.DiscoveryUrl, issuer.ClockSkewSeconds, JsonSerializer.Serialize(issuer.Projects)));
    }

    private static async Task<IReadOnlyList<TokenIssuer>> ReadAsync(StoreSession session) =>
        [.. (await session.QueryAsync<Row>("""
            select id as Id, issuer as Issuer, audience as Audience, keys_url as KeysUrl, discovery_url as DiscoveryUrl, clock_skew_seconds as ClockSkewSeconds, projects as Projects
            from token_issuer order by id
            """)).Select(static row => row.ToIssuer())];

    private sealed record Row(string Id, string Issuer, string Audience, string? KeysUrl, string? DiscoveryUrl, long ClockSkewSeconds, string Projects)
    {
        public TokenIssuer ToIssuer() => new(Id, Issuer, Audience, KeysUrl, DiscoveryUrl, ClockSkewSeconds, JsonSerializer.Deserialize<TokenProject[]>(Projects)!);
    }
}
