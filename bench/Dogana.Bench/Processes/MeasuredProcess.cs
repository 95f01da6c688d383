using System.Diagnostics;
using System.Globalization;
using System.Net;

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
            var stat = Proc("stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
        }
    }

    /// <summary>Memory that it holds, in MiB.</summary>
    public double ResidentMiB => Status("VmRSS:") / 1024.0;

    /// <summary>Its threads.</summary>
    public long Threads => Status("Threads:");

    /// <summary>Files, sockets and the like that it has open.</summary>
    public int Handles => Directory.GetFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/fd")).Length;

    /// <summary>Starts a program of this repository on a free port and waits until it is ready.</summary>
    public static Task<MeasuredProcess> StartAsync(string project, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var address = Loopback.FreeAddress();
        return StartAsync(ProgramStart.OfProject(project, address, arguments), cancellation);
    }

    /// <summary>Starts a program and waits until it is ready.</summary>
    public static async Task<MeasuredProcess> StartAsync(ProgramStart start, CancellationToken cancellation)
    {
        var address = start.Address;
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(start.FileName, start.Arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                WorkingDirectory = Path.GetTempPath(),
            },
        };
        foreach (var (name, value) in start.Environment)
        {
            process.StartInfo.Environment[name] = value;
        }

        var server = new MeasuredProcess(process, address);
        process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await server.WaitUntilReadyAsync(start, cancellation);
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

        await _process.WaitForExitAsync(cancellation).WaitAsync(TimeSpan.FromSeconds(90), cancellation);
        if (_process.ExitCode != 0)
        {
            throw new BenchmarkFailedException($"The server ended with {_process.ExitCode}:\n{Output}");
        }
    }

    /// <summary>Kills it (SIGKILL), as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
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

    private string Proc(string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/{file}"));
        }
        catch (IOException) when (_process.WaitForExit(TimeSpan.FromSeconds(1)))
        {
            throw new BenchmarkFailedException($"{_process.StartInfo.ArgumentList.FirstOrDefault()} ended by itself with {_process.ExitCode}:\n{Output}");
        }
    }

    private long Status(string field)
    {
        var line = Proc("status").Split('\n').First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line[field.Length..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }

    private async Task WaitUntilReadyAsync(ProgramStart start, CancellationToken cancellation)
    {
        using var probe = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited)
            {
                throw new BenchmarkFailedException($"{start.Name} ended before it was ready:\n{Output}");
            }

            try
            {
                using var answer = await probe.GetAsync(new Uri(Address, start.ReadyPath), cancellation);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
            }

            if (Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(120))
            {
                throw new BenchmarkFailedException($"{start.Name} was not ready in time:\n{Output}");
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
