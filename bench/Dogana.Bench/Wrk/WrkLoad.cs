using System.Diagnostics;
using System.Globalization;

namespace Dogana.Bench.Wrk;

/// <summary>Load from wrk: the same call over and over, one thread, connections kept.</summary>
internal sealed class WrkLoad : IDisposable
{
    private readonly string _body;
    private readonly Uri _address;
    private readonly IReadOnlyList<string> _headers;
    private readonly string? _keys;

    /// <param name="address">Where to post.</param>
    /// <param name="body">What to post.</param>
    /// <param name="headers">Further headers, as <c>name=value</c>.</param>
    /// <param name="keys">A file of keys, one a line, used in turn; null where a header has the key.</param>
    public WrkLoad(Uri address, byte[] body, IReadOnlyList<string> headers, string? keys = null)
    {
        (_address, _headers, _keys, _body) = (address, headers, keys, Path.GetTempFileName());
        File.WriteAllBytes(_body, body);
    }

    /// <summary>Runs so many callers for so long.</summary>
    /// <exception cref="BenchmarkFailedException">A call failed.</exception>
    public async Task<WrkResult> RunAsync(int callers, TimeSpan duration, CancellationToken cancellation)
    {
        var seconds = Math.Max(1, (int)Math.Round(duration.TotalSeconds));
        string[] arguments =
        [
            "--threads", "1", "--connections", callers.ToString(CultureInfo.InvariantCulture),
            "--duration", string.Create(CultureInfo.InvariantCulture, $"{seconds}s"), "--timeout", "20s",
            "--script", Path.Combine(AppContext.BaseDirectory, "Wrk", "wrk.lua"), _address.ToString(),
            "--", _body, .. _keys is null ? Array.Empty<string>() : [$"keys={_keys}"], .. _headers,
        ];
        using var process = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0
            ? WrkResult.Parse(await output)
            : throw new BenchmarkFailedException($"wrk ended with {process.ExitCode}: {await errors}{await output}");
    }

    public void Dispose() => File.Delete(_body);
}
