using Dogana.Access;
using Dogana.Apply;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Access;

/// <summary>Token issuers as a world file declares them; on both stores.</summary>
public sealed class TokenIssuersTests(StoreFixture stores)
{
    private const string Parties = """
        dogana: 1
        organisations: [{ id: acme, name: Acme, country: DE, time_zone: Europe/Berlin }]
        channels: [{ id: direct, name: Direct, kind: direct, seller: acme }]
        projects: [{ id: shop, organisation: acme, channel: direct }]
        """;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task They_are_kept_as_they_are_declared_and_changed_by_declaring_them_anew(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        const string issuers = """

            token_issuers:
              - id: entra
                issuer: https://login.example/tenant/v2.0
                audience: api://dogana
                projects: [{ claim: azp, value: 7a1f, project: shop }, { claim: roles, value: Dogana.Call, project: shop }]
              - { id: local, issuer: "http://127.0.0.1:8085", audience: dogana, jwks_url: "http://localhost:8085/keys", clock_skew_seconds: 0, projects: [] }
            """;

        (await ApplyAsync(store, Parties + issuers)).ShouldContain("created token_issuer entra");
        var known = (await store.ReadAsync(TokenIssuers.ReadTableAsync)).All.OrderBy(static issuer => issuer.Id, StringComparer.Ordinal).ToArray();
        known[0].ShouldBe(new TokenIssuer("entra", "https://login.example/tenant/v2.0", "api://dogana", null, null, 60, [new("azp", "7a1f", "shop"), new("roles", "Dogana.Call", "shop")]));
        known[0].Source.Url.ShouldBe("https://login.example/tenant/v2.0/.well-known/openid-configuration");
        (known[1].KeysUrl, known[1].ClockSkewSeconds, known[1].Projects.Count).ShouldBe(("http://localhost:8085/keys", 0, 0));

        (await ApplyAsync(store, Parties + issuers)).ShouldNotContain("created");
        (await ApplyAsync(store, Parties + issuers.Replace("7a1f", "7a20", StringComparison.Ordinal))).ShouldContain("updated token_issuer entra");
        (await ApplyAsync(store, "dogana: 1\ntoken_issuers: [{ id: again, issuer: https://login.example/tenant/v2.0, audience: api://dogana, projects: [] }]"))
            .ShouldContain("has the issuer and the audience of 'entra'");
    }

    [Theory]
    [InlineData("issuer: http://login.example/, projects: []", "is not https, and on another machine")]
    [InlineData("issuer: https://login.example/, jwks_url: http://login.example/keys, projects: []", "is not https, and on another machine")]
    [InlineData("issuer: https://login.example/, jwks_url: https://login.example/keys, discovery: https://login.example/d, projects: []", "no discovery document is asked")]
    [InlineData("issuer: https://login.example/, clock_skew_seconds: 301, projects: []", "is not a whole number in the range")]
    [InlineData("issuer: https://login.example/, projects: [{ claim: oid, value: a, project: nobody }]", "There is no 'nobody' among the projects")]
    [InlineData("issuer: https://login.example/, projects: [{ claim: oid, value: a, project: shop }, { claim: oid, value: a, project: shop }]", "claim")]
    [InlineData("issuer: https://login.example/", "projects")]
    public async Task What_is_wrong_is_a_fault_with_its_place(string keys, string fault)
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await ApplyAsync(store, Parties);

        (await ApplyAsync(store, $"dogana: 1\ntoken_issuers: [{{ id: entra, audience: dogana, {keys} }}]")).ShouldContain(fault);
    }

    private static async Task<string> ApplyAsync(Store store, string yaml)
    {
        var parsed = WorldFile.Parse(yaml, "test.yaml");
        if (!parsed.TryGet(out var world))
        {
            return string.Join('\n', parsed.Faults);
        }

        var applied = await WorldApply.ApplyAsync(store, world, new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero), "test", dryRun: false);
        return applied.TryGet(out var changes)
            ? string.Join('\n', changes.Select(static change => $"{EnumWords.Of(change.Kind)} {change.Type} {change.Id}"))
            : string.Join('\n', applied.Faults);
    }
}
