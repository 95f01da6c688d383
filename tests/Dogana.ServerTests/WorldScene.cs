using Dogana.Client;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>A server on a small world, with a scripted upstream, which may be killed and started again.</summary>
internal abstract class WorldScene : IAsyncDisposable
{
    /// <summary>A busy machine is slower than a store that is away.</summary>
    public const string PatientCache = "--Gateway:CacheTimeout=00:00:20";

    private ServerProcess? _server;

    public required FakeUpstreamServer Upstream { get; init; }

    public required TestWorld World { get; init; }

    public AdminClient Admin { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async Task StartServerAsync()
    {
        _server = await ServerProcess.StartAsync(World.Start(PatientCache));
        Client = Connect(_server);
        Admin = new AdminClient(_server.CreateClient(), World.AdminKey);
    }

    public async Task KillAndRestartAsync()
    {
        _server!.Kill();
        await StopAsync();
        await StartServerAsync();
    }

    public async Task StopAsync()
    {
        if (_server is not null)
        {
            Admin.Dispose();
            Client.Dispose();
            await _server.DisposeAsync();
            _server = null;
        }
    }

    /// <summary>All usage; the books are verified first.</summary>
    public async Task<IReadOnlyList<UsageLine>> UsageAsync()
    {
        (await Admin.VerifyAsync()).Faults.ShouldBeEmpty();
        return await Admin.ListUsageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await World.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    /// <summary>The client that calls are made with.</summary>
    protected virtual HttpClient Connect(ServerProcess server) => server.CreateClient();
}
