using System.Net;
using System.Text;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Tests.Storage;
using Microsoft.AspNetCore.Routing;

namespace Dogana.ServerTests.Identity;

/// <summary>Every role at every endpoint of the real application.</summary>
public sealed class RoleMatrixTests(StoreFixture stores)
{
    [Fact]
    public async Task Every_endpoint_says_whom_it_lets_in_and_nobody_else_is_open()
    {
        await using var host = await AdminHost.StartAsync(stores, StoreKind.Sqlite);

        host.Endpoints.Count.ShouldBeGreaterThan(60);
        host.Endpoints.Where(static endpoint => endpoint.Metadata.GetMetadata<Requirement>() is null).Select(static endpoint => endpoint.DisplayName).ShouldBeEmpty();
        host.Endpoints.Where(static endpoint => Of(endpoint) is { Audience: Audience.Tenants, Permission: { } permission } && !RoleMatrix.IsForTenants(permission))
            .Select(static endpoint => endpoint.DisplayName).ShouldBeEmpty("a tenant can never have it");
        host.Endpoints.Where(static endpoint => Of(endpoint).Audience == Audience.Anybody).Select(static endpoint => endpoint.RoutePattern.RawText).ShouldBe(
            ["/admin/v1/sign-in", "/admin/v1/sign-up", "/admin/v1/oidc/{provider}/start", "/admin/v1/oidc/{provider}/callback"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Every_role_is_let_in_where_the_matrix_says_and_refused_everywhere_else(StoreKind kind)
    {
        await using var host = await AdminHost.StartAsync(stores, kind);
        var wrong = new List<string>();
        foreach (var role in Enum.GetValues<Role>())
        {
            foreach (var scope in RoleMatrix.ScopesOf(role).Select(static scope => scope switch
            {
                ScopeKind.Organisation => GrantScope.Organisation("acme"),
                ScopeKind.Channel => GrantScope.Channel("cloud"),
                _ => GrantScope.Platform,
            }))
            {
                using var client = host.Client(await host.KeyAsync(new Grant(role, scope)));
                foreach (var (endpoint, method) in Operations(host))
                {
                    using var request = new HttpRequestMessage(new HttpMethod(method), Path(endpoint)) { Content = method is "POST" or "PUT" ? new StringContent("{}", Encoding.UTF8, "application/json") : null };
                    using var response = await client.SendAsync(request);
                    var needed = Of(endpoint);
                    var isIn = needed.Audience is Audience.Anybody or Audience.SignedIn
                        || (RoleMatrix.Allows(role, needed.Permission!.Value) && (scope.Kind == ScopeKind.Platform || needed.Audience == Audience.Tenants));
                    var body = await response.Content.ReadAsStringAsync();
                    var isRefused = response.StatusCode == HttpStatusCode.Forbidden && body.Contains("This needs the permission", StringComparison.Ordinal);
                    if (isIn == isRefused || (int)response.StatusCode >= 500 || (response.StatusCode == HttpStatusCode.Unauthorized && needed.Audience != Audience.Anybody))
                    {
                        wrong.Add($"{role} over {scope}: {method} {endpoint.RoutePattern.RawText} answered {(int)response.StatusCode} {body}");
                    }
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Strangers_and_project_keys_are_refused_everywhere()
    {
        await using var host = await AdminHost.StartAsync(stores, StoreKind.Sqlite);
        using var stranger = host.Client();
        using var project = host.Client(host.World.Key("acme-shop"));
        foreach (var (endpoint, method) in Operations(host).Where(static item => Of(item.Endpoint).Audience != Audience.Anybody))
        {
            using var first = new HttpRequestMessage(new HttpMethod(method), Path(endpoint));
            using var second = new HttpRequestMessage(new HttpMethod(method), Path(endpoint));
            (await stranger.SendAsync(first)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, endpoint.DisplayName);
            (await project.SendAsync(second)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, endpoint.DisplayName);
        }
    }

    [Fact]
    public async Task Nobody_makes_a_key_or_a_user_with_more_than_they_have()
    {
        await using var host = await AdminHost.StartAsync(stores, StoreKind.Sqlite);
        Grant[] all = [.. Enum.GetValues<Role>().SelectMany(static role => RoleMatrix.ScopesOf(role).Select(kind => new Grant(
            role, kind switch { ScopeKind.Organisation => GrantScope.Organisation("acme"), ScopeKind.Channel => GrantScope.Channel("cloud"), _ => GrantScope.Platform })))];
        foreach (var own in all.Where(static grant => RoleMatrix.Allows(grant, Permission.KeyWrite) || RoleMatrix.Allows(grant, Permission.UserWrite)))
        {
            using var client = host.Admin(await host.KeyAsync(own));
            foreach (var wanted in all)
            {
                // What a grant gives, permission by permission, written out apart from the code under test.
                var has = RoleMatrix.Permissions.Where(permission => RoleMatrix.Allows(wanted, permission))
                    .All(permission => RoleMatrix.Allows(own, permission) && (own.Scope.Kind == ScopeKind.Platform || own.Scope == wanted.Scope));
                var record = new GrantRecord(EnumWords.Of(wanted.Role), wanted.Scope.ToString());
                if (RoleMatrix.Allows(own, Permission.KeyWrite))
                {
                    (await TryAsync(() => client.CreateKeyAsync(new NewKeyRequest("k", "admin") { Grants = [record] }))).ShouldBe(has, $"{own} makes a key with {wanted}");
                }

                if (RoleMatrix.Allows(own, Permission.UserWrite))
                {
                    (await TryAsync(() => client.InviteAsync(new InviteRequest($"{Guid.CreateVersion7(host.Time.GetUtcNow())}@example.com", record.Role, record.Scope)))).ShouldBe(has, $"{own} invites to {wanted}");
                }
            }

            if (own.Role != Role.Owner && RoleMatrix.Allows(own, Permission.KeyWrite))
            {
                (await TryAsync(() => client.CreateKeyAsync(new NewKeyRequest("k", "admin")))).ShouldBeFalse("without a role a key is an owner's");
                using var owner = host.Admin(host.World.AdminKey);
                (await TryAsync(() => client.RevokeKeyAsync(host.World.AdminKey.Substring(4, 12)))).ShouldBeFalse($"{own} revokes an owner's key");
                (await owner.GetMeAsync()).Grants.Single().Role.ShouldBe("owner");
            }
        }
    }

    private static async Task<bool> TryAsync<T>(Func<Task<T>> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (DoganaException refused) when (refused.Status is 403 or 404)
        {
            return false;
        }
    }

    private static Requirement Of(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<Requirement>()!;

    private static IEnumerable<(RouteEndpoint Endpoint, string Method)> Operations(AdminHost host) => host.Endpoints
        .Select(static endpoint => (endpoint, endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET"));

    // Ids that nothing has: who is let in finds nothing, and changes nothing.
    private static string Path(RouteEndpoint endpoint) => string.Join('/', endpoint.RoutePattern.PathSegments.Select(static segment => string.Concat(segment.Parts.Select(static part =>
        part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content
        : part is Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "documentName" } ? "openapi" : "zzz"))));
}
