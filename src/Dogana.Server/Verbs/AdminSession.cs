using System.CommandLine;
using System.Net.Sockets;
using Dogana.Audit;
using Dogana.Client;
using Dogana.Server.Hosting;

namespace Dogana.Server.Verbs;

/// <summary>
/// The admin API for one verb. With <c>--url</c> it is the running server's. Otherwise the verb opens the store and runs the admin API for itself on a
/// private socket: one code for both, and no second way to change a store.
/// </summary>
internal sealed class AdminSession : IAsyncDisposable
{
    private readonly NodeState? _state;
    private readonly WebApplication? _app;
    private readonly string? _folder;

    private AdminSession(AdminClient client, NodeState? state = null, WebApplication? app = null, string? folder = null) =>
        (Client, _state, _app, _folder) = (client, state, app, folder);

    public AdminClient Client { get; }

    public static async Task<AdminSession> OpenAsync(ParseResult parsed, CancellationToken cancellation, bool mayCreate = false, bool isForAnybody = false)
    {
        if (parsed.GetValue(StoreOptions.Url) is { } address)
        {
            var key = isForAnybody ? null : Environment.GetEnvironmentVariable("DOGANA_ADMIN_KEY")
                ?? throw new DoganaException(401, null, "Set DOGANA_ADMIN_KEY to an admin key of that server or to what 'dogana sign-in' prints; neither belongs on a command line.", "");
            return Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                ? new AdminSession(new AdminClient(new HttpClient { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan }, key))
                : throw new DoganaException(400, null, $"'{address}' is not an address such as http://127.0.0.1:8080.", "");
        }

        var settings = StoreOptions.Settings(parsed) with { ServesModels = false, Operator = ReadOperator() };
        if (!mayCreate && settings.Postgres is null && !File.Exists(Path.Combine(settings.DataFolder, "dogana.db")))
        {
            throw new DoganaException(404, null, $"There is no store in {Path.GetFullPath(settings.DataFolder)}. Say where it is with --data, or begin one with 'dogana apply -f FILE'.", "");
        }

        var state = await NodeState.OpenAsync(settings, cancellation);
        var folder = Directory.CreateTempSubdirectory("dogana-").FullName; // only this user may enter it
        var socket = Path.Combine(folder, "admin");
        try
        {
            var app = DoganaApplication.Build(settings, state, engine: null, [], builder =>
            {
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket));
                builder.Logging.ClearProviders();
            });
            await app.StartAsync(cancellation);
            return new AdminSession(new AdminClient(Connect(socket), adminKey: null), state, app, folder);
        }
        catch
        {
            await state.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        try
        {
            if (_app is not null)
            {
                await _app.StopAsync();
                await _app.DisposeAsync();
            }
        }
        finally
        {
            if (_state is not null)
            {
                await _state.DisposeAsync();
            }

            if (_folder is not null)
            {
                Directory.Delete(_folder, recursive: true);
            }
        }
    }

    // Two people may share a store without a server; a measure needs both.
    private static string ReadOperator() => Environment.GetEnvironmentVariable("DOGANA_OPERATOR") switch
    {
        null or "" => Actor.Operator,
        { Length: <= 64 } name when name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@') => $"{Actor.Operator}/{name}",
        _ => throw new DoganaException(400, null, "DOGANA_OPERATOR is a name of letters, digits and . _ - @, at most 64.", ""),
    };

    private static HttpClient Connect(string socket) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://localhost"),
        Timeout = Timeout.InfiniteTimeSpan, // a close of a large month takes its time; Ctrl-C cancels
    };
}
