using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Dogana.Access;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Identity;
using Dogana.Server.Hosting;
using Dogana.Tests;
using Dogana.Tests.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dogana.ServerTests.Identity;

/// <summary>The real application in this process, on a real socket, with a clock that is moved: its endpoints can be listed.</summary>
internal sealed class AdminHost : IAsyncDisposable
{
    public const string Password = "three plain words here";

    private readonly NodeState _state;
    private readonly TestWorld _world;
    private readonly WebApplication _app;

    private AdminHost(TestWorld world, NodeState state, WebApplication app, SteppedTime time)
    {
        (_world, _state, _app, Time) = (world, state, app, time);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public SteppedTime Time { get; }

    public Uri Address { get; }

    public Storage.Store Store => _state.Store;

    public TestWorld World => _world;

    /// <summary>The endpoints of the admin API, as the application has them.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints => [.. _app.Services.GetServices<EndpointDataSource>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(static endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("admin", StringComparison.Ordinal))];

    public static async Task<AdminHost> StartAsync(StoreFixture stores, StoreKind kind, string? more = null)
    {
        var world = await TestWorld.CreateAsync(stores, kind, more: more);
        var settings = new ServerSettings { DataFolder = world.Folder, Postgres = world.Postgres };
        var opened = await NodeState.OpenAsync(settings, CancellationToken.None);
        var time = new SteppedTime(TimeProvider.System.GetUtcNow());
        var state = new NodeState(opened.Store, opened.Ring, opened.Journal, time);
        var app = DoganaApplication.Build(settings, state, engine: null, ["--urls", "http://127.0.0.1:0"], static builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        return new AdminHost(world, state, app, time);
    }

    public HttpClient Client(string? bearer = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        if (bearer is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        }

        return client;
    }

    public AdminClient Admin(string? bearer) => new(Client(bearer), bearer);

    /// <summary>An admin key with these roles.</summary>
    public async Task<string> KeyAsync(params Grant[] grants)
    {
        using var random = RandomNumberGenerator.Create();
        return (await Store.WriteAsync(session => ApiKeys.CreateAsync(session, null, "test", null, random, "test", Time.GetUtcNow(), grants: grants))).Value.Text;
    }

    /// <summary>Invites somebody and lets them sign up and in; gives the session.</summary>
    public async Task<string> UserAsync(string email, Grant grant)
    {
        await InviteAsync(email, grant);
        return (await Services<SignIn>().EnterAsync(email, Password, null, "test")).Value.Text;
    }

    public async Task InviteAsync(string email, Grant grant)
    {
        using var random = RandomNumberGenerator.Create();
        var invitation = await Store.WriteAsync(session => Users.InviteAsync(session, email, grant, new Principal("operator", [Grant.Everything]), random, Time.GetUtcNow()));
        (await Services<SignIn>().AcceptAsync(invitation.Value.Text, Password, null, "test")).Problem.ShouldBeNull();
    }

    /// <summary>Enrols a second factor for a session; gives the app's secret and the recovery codes.</summary>
    public async Task<(string Secret, IReadOnlyList<string> Codes)> EnrolAsync(string session)
    {
        using var client = Admin(session);
        var secret = (await client.EnrolTotpAsync()).Secret;
        return (secret, (await client.ConfirmTotpAsync(CodeOf(secret))).RecoveryCodes);
    }

    /// <summary>What the app shows now.</summary>
    public string CodeOf(string secret) => new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(secret)).ComputeTotp(Time.GetUtcNow().UtcDateTime);

    public T Services<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<(HttpStatusCode Status, string? Code, JsonElement Body)> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var body = await response.Content.ReadFromJsonAsync<JsonElement>();
            return (response.StatusCode, body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null, body);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _state.DisposeAsync();
        await _world.DisposeAsync();
    }
}
