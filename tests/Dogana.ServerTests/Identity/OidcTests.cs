using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests.Identity;

/// <summary>Signing in at a provider, against a real one that a test can make lie.</summary>
public sealed class OidcTests(StoreFixture stores)
{
    private const string Email = "ana@example.com";

    private static readonly string[] Groups = ["staff", "helpers"];
    private static readonly string[] Methods = ["pwd", "mfa"];

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Who_was_invited_signs_in_by_the_verified_address_and_then_by_the_subject(StoreKind kind)
    {
        await using var issuer = await SmallIssuer.StartAsync();
        await using var host = await StartAsync(stores, kind, issuer);
        using var owner = host.Admin(host.World.AdminKey);

        (await SignInAsync(host, issuer, Claims())).Code.ShouldBe("sign_in_failed", "nobody invited her");
        await owner.InviteAsync(new InviteRequest(Email, "auditor"));
        (await SignInAsync(host, issuer, Claims("email_verified", false))).Code.ShouldBe("sign_in_failed");
        (await SignInAsync(host, issuer, Claims("email", "ana@elsewhere.example"))).Code.ShouldBe("sign_in_failed");
        var first = await SignInAsync(host, issuer, Claims());
        first.Status.ShouldBe(HttpStatusCode.OK, first.Body.ToString());
        using var ana = host.Admin(first.Body.GetProperty("session").GetString());
        (await ana.GetMeAsync()).Grants.Single().Role.ShouldBe("auditor");

        // Known by the subject from now on, whatever the address; roles by claim are the session's alone.
        var second = await SignInAsync(host, issuer, Claims("email", "renamed@example.com", "groups", Groups));
        using var again = host.Admin(second.Body.GetProperty("session").GetString());
        (await again.GetMeAsync()).ShouldSatisfyAllConditions(
            me => me.User.ShouldBe(Email), me => me.Grants.Select(static grant => grant.Role).ShouldBe(["auditor", "support"], ignoreOrder: true));
        (await ana.GetMeAsync()).Grants.Count.ShouldBe(1);
        (await SignInAsync(host, issuer, Claims("sub", "another"))).Code.ShouldBe("sign_in_failed", "the address is somebody's already");

        await owner.EnableUserAsync(Email, enable: false);
        (await SignInAsync(host, issuer, Claims())).Code.ShouldBe("sign_in_failed");
    }

    [Fact]
    public async Task A_provider_opens_no_account_that_has_a_password_and_its_second_factor_counts()
    {
        await using var issuer = await SmallIssuer.StartAsync();
        await using var host = await StartAsync(stores, StoreKind.Sqlite, issuer);
        using var owner = host.Admin(host.World.AdminKey);
        using var nobody = host.Admin(null);
        await host.InviteAsync(Email, new Grant(Role.Auditor, GrantScope.Platform));
        await owner.InviteAsync(new InviteRequest(Email, "support"));
        (await SignInAsync(host, issuer, Claims())).Code.ShouldBe("sign_in_failed");

        await owner.InviteAsync(new InviteRequest("bo@example.com", "owner"));
        var plain = await SignInAsync(host, issuer, Claims("sub", "bo", "email", "bo@example.com"));
        using var lacking = host.Admin(plain.Body.GetProperty("session").GetString());
        plain.Body.GetProperty("lacks_second_factor").GetBoolean().ShouldBeTrue();
        (await Should.ThrowAsync<DoganaException>(() => lacking.ListUsersAsync())).Code.ShouldBe("second_factor_required");
        var strong = await SignInAsync(host, issuer, Claims("sub", "bo", "email", "bo@example.com", "amr", Methods));
        using var having = host.Admin(strong.Body.GetProperty("session").GetString());
        (await having.ListUsersAsync()).Data.Count.ShouldBe(2);

        // Somebody else's invitation chooses no password for who signs in here.
        var invitation = await owner.InviteAsync(new InviteRequest("bo@example.com", "developer", "organisation:acme"));
        (await Should.ThrowAsync<DoganaException>(() => nobody.SignUpAsync(new SignUpRequest(invitation.Text, AdminHost.Password)))).Code.ShouldBe("sign_in_failed");
    }

    [Fact]
    public async Task A_token_that_is_not_for_this_sign_in_opens_nothing()
    {
        await using var issuer = await SmallIssuer.StartAsync();
        await using var host = await StartAsync(stores, StoreKind.Sqlite, issuer);
        using var owner = host.Admin(host.World.AdminKey);
        await owner.InviteAsync(new InviteRequest(Email, "auditor"));
        var now = host.Time.GetUtcNow();

        (await SignInAsync(host, issuer, Claims(), nonce: "another one's")).ShouldSatisfyAllConditions(
            wrong => wrong.Code.ShouldBe("sign_in_failed"), wrong => wrong.Body.ToString().ShouldContain("nonce"));
        (await SignInAsync(host, issuer, Claims(), claims => issuer.Sign(claims, now, audience: "somebody else"))).Body.ToString().ShouldContain("another client");
        (await SignInAsync(host, issuer, Claims(), claims => issuer.Sign(claims, now, issuer: "http://127.0.0.1:1"))).Body.ToString().ShouldContain("another issuer");
        (await SignInAsync(host, issuer, Claims(), claims => issuer.Sign(claims, now.AddMinutes(-7), life: TimeSpan.FromSeconds(359)))).Body.ToString().ShouldContain("it is over");
        (await SignInAsync(host, issuer, Claims(), Unsigned)).Body.ToString().ShouldContain("signature");
        (await SignInAsync(host, issuer, Claims(), claims => Tampered(issuer.Sign(claims, now)))).Body.ToString().ShouldContain("signature");
        (await SignInAsync(host, issuer, Claims(), _ => "nothing")).Code.ShouldBe("sign_in_failed");
        (await owner.ListUsersAsync()).Data.Single().State.ShouldBe("invited");

        // Half a minute late is a clock that differs; and a new key is found.
        (await SignInAsync(host, issuer, Claims(), claims => issuer.Sign(claims, now.AddMinutes(-5), life: TimeSpan.FromSeconds(270)))).Status.ShouldBe(HttpStatusCode.OK);
        var read = issuer.KeysRead;
        (await SignInAsync(host, issuer, Claims())).Status.ShouldBe(HttpStatusCode.OK);
        issuer.KeysRead.ShouldBe(read, "kept");
        issuer.Rotate();
        var rotated = await SignInAsync(host, issuer, Claims());
        rotated.Status.ShouldBe(HttpStatusCode.OK, rotated.Body.ToString());
        issuer.KeysRead.ShouldBe(read + 1);

        string Unsigned(Dictionary<string, object> claims)
        {
            var parts = issuer.Sign(claims, now).Split('.');
            return $"{Base64Url.EncodeToString("{\"alg\":\"none\",\"typ\":\"JWT\"}"u8)}.{parts[1]}.";
        }

        static string Tampered(string token)
        {
            var parts = token.Split('.');
            var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace(Email, "eve@example.com", StringComparison.Ordinal);
            return $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.{parts[2]}";
        }
    }

    [Fact]
    public async Task A_state_counts_once_in_its_browser_and_for_ten_minutes()
    {
        await using var issuer = await SmallIssuer.StartAsync();
        await using var host = await StartAsync(stores, StoreKind.Sqlite, issuer);
        using var owner = host.Admin(host.World.AdminKey);
        await owner.InviteAsync(new InviteRequest(Email, "auditor"));
        using var client = host.Client();

        var (page, cookie, state) = await BeginAsync(client);
        string Token(Uri at) => issuer.Sign(With(Claims(), "nonce", NonceOf(at)), host.Time.GetUtcNow());
        (await EndAsync(client, cookie: null, state, issuer.Agree(page, () => Token(page)))).Code.ShouldBe("sign_in_failed", "another browser");
        var code = issuer.Agree(page, () => Token(page));
        (await EndAsync(client, cookie, state, code)).Status.ShouldBe(HttpStatusCode.OK);
        (await EndAsync(client, cookie, state, issuer.Agree(page, () => Token(page)))).Code.ShouldBe("sign_in_failed", "replayed");

        (page, cookie, state) = await BeginAsync(client);
        host.Time.Move(TimeSpan.FromMinutes(10));
        (await EndAsync(client, cookie, state, issuer.Agree(page, () => Token(page)))).Code.ShouldBe("sign_in_failed", "too late");

        (page, cookie, state) = await BeginAsync(client);
        (await EndAsync(client, cookie, state, "no such code")).Code.ShouldBe("identity_provider_failed");
        using var unknown = await client.GetAsync("/admin/v1/oidc/nowhere/start");
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<AdminHost> StartAsync(StoreFixture stores, StoreKind kind, SmallIssuer issuer)
    {
        Environment.SetEnvironmentVariable("OIDC_TEST_SECRET", "hush");
        return await AdminHost.StartAsync(stores, kind, $$"""
            dogana: 1
            identity_providers:
              - id: sso
                issuer: "{{issuer.Address}}"
                client_id: dogana
                secret_env: OIDC_TEST_SECRET
                allowed_domains: [example.com]
                grants: [{ claim: groups, value: helpers, role: support }]
            """);
    }

    private static Dictionary<string, object> Claims(params object[] pairs)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = "ana-1", ["email"] = Email, ["email_verified"] = true };
        for (var i = 0; i < pairs.Length; i += 2)
        {
            claims[(string)pairs[i]] = pairs[i + 1];
        }

        return claims;
    }

    private static Dictionary<string, object> With(Dictionary<string, object> claims, string name, object value) => new(claims, StringComparer.Ordinal) { [name] = value };

    private static string NonceOf(Uri page) => Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(page.Query)["nonce"].ToString();

    private static async Task<(HttpStatusCode Status, string? Code, JsonElement Body)> SignInAsync(
        AdminHost host, SmallIssuer issuer, Dictionary<string, object> claims, Func<Dictionary<string, object>, string>? sign = null, string? nonce = null)
    {
        using var client = host.Client();
        var (page, cookie, state) = await BeginAsync(client);
        var whole = With(claims, "nonce", nonce ?? NonceOf(page));
        return await EndAsync(client, cookie, state, issuer.Agree(page, () => sign is null ? issuer.Sign(whole, host.Time.GetUtcNow()) : sign(whole)));
    }

    private static async Task<(Uri Page, string Cookie, string State)> BeginAsync(HttpClient client)
    {
        using var start = await client.GetAsync("/admin/v1/oidc/sso/start");
        start.StatusCode.ShouldBe(HttpStatusCode.Redirect, await start.Content.ReadAsStringAsync());
        var cookie = start.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
        var page = start.Headers.Location!;
        return (page, cookie.Split(';')[0], Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(page.Query)["state"].ToString());
    }

    private static async Task<(HttpStatusCode Status, string? Code, JsonElement Body)> EndAsync(HttpClient client, string? cookie, string state, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/admin/v1/oidc/sso/callback?state={Uri.EscapeDataString(state)}&code={Uri.EscapeDataString(code)}");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        return await AdminHost.ReadAsync(await client.SendAsync(request));
    }
}
