using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dogana.ServerTests;

/// <summary>How a server is started.</summary>
internal sealed record ServerStart
{
    /// <summary>The built program.</summary>
    public string Program { get; init; } = Built.Program("Dogana.Server");

    /// <summary>A command that runs the program, which is to become it (<c>exec</c>); empty for none.</summary>
    public IReadOnlyList<string> Through { get; init; } = [];

    /// <summary>What comes before <c>--urls</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The environment on top of this process's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The admin key that the server takes from <c>DOGANA_ADMIN_KEY</c>.</summary>
    public string AdminKey { get; init; } = "admin-key-of-the-tests";

    /// <summary>The port; null takes a free one.</summary>
    public int? Port { get; init; }

    /// <summary>How long it may take until it is ready.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>dogana serve --data DIR</c>.</summary>
    public static ServerStart OnFolder(string folder, params string[] more) => new() { Arguments = ["serve", "--data", folder, .. more] };

    /// <summary><c>dogana serve --postgres CONN --data DIR</c>: the folder holds what a node keeps for itself, its journal first.</summary>
    public static ServerStart OnPostgres(string connection, string folder, params string[] more) =>
        new() { Arguments = ["serve", "--postgres", connection, "--data", folder, .. more] };
}

/// <summary>A built server as a process of its own, which can be killed as a machine's failure would kill it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly Process _process;
    private readonly ProcessOutput _output;

    private ServerProcess(Process process, ProcessOutput output, Uri address, string adminKey) =>
        (_process, _output, Address, AdminKey) = (process, output, address, adminKey);

    /// <summary>Where it listens, without a path.</summary>
    public Uri Address { get; }

    /// <summary>The admin key.</summary>
    public string AdminKey { get; }

    /// <summary>The process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Has it ended?</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The latest lines that it wrote, on both of its streams.</summary>
    public string Output => _output.ToString();

    /// <summary>Starts a server and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">It ended first or was not ready in time; says what it wrote.</exception>
    public static async Task<ServerProcess> StartAsync(ServerStart start)
    {
        var server = Launch(start);
        try
        {
            await server.WaitUntilReadyAsync(start.ReadyWithin);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server and does not wait.</summary>
    public static ServerProcess Launch(ServerStart start)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{start.Port ?? FreePort()}"));
        string[] command = [.. start.Through, "dotnet", start.Program, .. start.Arguments, "--urls", address.ToString().TrimEnd('/')];
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(), // a server must not need to be started in any folder
        };
        info.Environment["DOGANA_ADMIN_KEY"] = start.AdminKey;
        foreach (var (name, value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        var output = new ProcessOutput();
        var process = new Process { StartInfo = info };
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ServerProcess(process, output, address, start.AdminKey);
    }

    /// <summary>Waits until <c>GET /healthz/ready</c> answers 200.</summary>
    /// <exception cref="InvalidOperationException">It ended first or was not ready in time; says what it wrote.</exception>
    public async Task WaitUntilReadyAsync(TimeSpan timeout)
    {
        var ready = new Uri(Address, "/healthz/ready");
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(); // until all that it wrote has been read
                throw new InvalidOperationException($"The server ended with {_process.ExitCode} before it was ready:\n{Output}");
            }

            try
            {
                using var answer = await Probe.GetAsync(ready);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
            {
            }

            if (Stopwatch.GetElapsedTime(begun) > timeout)
            {
                throw new InvalidOperationException($"The server was not ready within {timeout}:\n{Output}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>A client for the server's paths; the caller disposes of it.</summary>
    public HttpClient CreateClient(string? bearer = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (bearer is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        }

        return client;
    }

    /// <summary>Ends it at once (SIGKILL), as the loss of a machine would, and waits until it is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to end (SIGTERM), waits, and gives its exit code.</summary>
    /// <exception cref="TimeoutException">It did not end; it goes on.</exception>
    public async Task<int> TerminateAsync(TimeSpan? timeout = null)
    {
        // .NET has no way of its own to send SIGTERM to another process.
        using (var kill = Process.Start("kill", ["-TERM", string.Create(CultureInfo.InvariantCulture, $"{ProcessId}")]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(timeout ?? TimeSpan.FromSeconds(30));
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
