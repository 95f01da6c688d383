using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dogana.Bench.Processes;

/// <summary>A server as a process of its own, whose cost can be read while it runs.</summary>
internal sealed class MeasuredProcess : IAsyncDisposable
{
    private const int TicksPerSecond = 100; // the unit of /proc/PID/stat on every Linux that .NET runs on
    private const int KeptLines = 100;

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private MeasuredProcess(Process process, Uri address) => (_process, Address) = (process, address);

    /// <summary>Where it listens, without a path.</summary>
    public Uri Address { get; }

    /// <summary>CPU time that it has used, user and system.</summary>
    public TimeSpan Cpu
    {
        get
        {
            // The name in brackets may hold anything; the fields after it are numbered from 3.
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
        }
    }

    /// <summary>Memory that it holds, in MiB.</summary>
    public double ResidentMiB
    {
        get
        {
            var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/status")).First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
        }
    }

    /// <summary>Starts a program of this repository on a free port and waits until it is ready.</summary>
    public static async Task<MeasuredProcess> StartAsync(string project, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [Built.Program(project), .. arguments, "--urls", address.ToString().TrimEnd('/')])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                WorkingDirectory = Path.GetTempPath(),
            },
        };
        var server = new MeasuredProcess(process, address);
        process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await server.WaitUntilReadyAsync(project, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it does next to nothing: what it put off is done.</summary>
    /// <returns>How long it was busy.</returns>
    public async Task<TimeSpan> WaitUntilIdleAsync(TimeSpan limit, CancellationToken cancellation)
    {
        // Longer than the pause between two rounds of intake, so that quiet is not the pause.
        var (window, step) = (TimeSpan.FromMilliseconds(700), TimeSpan.FromMilliseconds(100));
        var begun = Stopwatch.GetTimestamp();
        var seen = new Queue<(TimeSpan At, TimeSpan Cpu)>();
        while (true)
        {
            var (now, cpu) = (Stopwatch.GetElapsedTime(begun), Cpu);
            seen.Enqueue((now, cpu));
            while (seen.Peek().At < now - window - step)
            {
                seen.Dequeue();
            }

            var (since, before) = seen.Peek();
            if (now - since >= window && cpu - before < window * 0.05)
            {
                return since;
            }

            if (now > limit)
            {
                throw new BenchmarkFailedException($"The server was still busy {limit} after the load.");
            }

            await Task.Delay(step, cancellation);
        }
    }

    /// <summary>Asks it to end (SIGTERM) and waits.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        using (var kill = Process.Start("kill", ["-TERM", string.Create(CultureInfo.InvariantCulture, $"{_process.Id}")]))
        {
            await kill.WaitForExitAsync(cancellation);
        }

        await _process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromSeconds(60), cancellation);
        if (_process.ExitCode != 0)
        {
            throw new BenchmarkFailedException($"The server ended with {_process.ExitCode}:\n{Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync(string project, CancellationToken cancellation)
    {
        using var probe = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited)
            {
                throw new BenchmarkFailedException($"{project} ended before it was ready:\n{Output}");
            }

            try
            {
                using var answer = await probe.GetAsync(new Uri(Address, "/healthz/ready"), cancellation);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
            }

            if (Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(60))
            {
                throw new BenchmarkFailedException($"{project} was not ready in time:\n{Output}");
            }

            await Task.Delay(50, cancellation);
        }
    }

    private void Keep(string? line)
    {
        lock (_lines)
        {
            if (line is not null)
            {
                _lines.Enqueue(line);
                if (_lines.Count > KeptLines)
                {
                    _lines.Dequeue();
                }
            }
        }
    }
}
