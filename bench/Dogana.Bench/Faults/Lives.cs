using Dogana.Bench.Processes;

namespace Dogana.Bench.Faults;

/// <summary>The server, killed and started again on the same folder and address.</summary>
internal sealed class Lives(string folder) : IAsyncDisposable
{
    // Short, so that every one of them is met many times.
    private static readonly string[] Limits =
    [
        "--Gateway:ConnectTimeout=00:00:01", "--Gateway:FirstByteTimeout=00:00:02", "--Gateway:StallTimeout=00:00:01", "--Gateway:TryTimeout=00:00:03",
        "--Gateway:CallTimeout=00:00:10", "--Gateway:DrainTimeout=00:00:01", "--Gateway:RetryPause=00:00:00.010",
        "--Gateway:CircuitBreak=00:00:00.200", "--Gateway:CircuitBreakMax=00:00:01",
    ];

    private volatile int _number;
    private volatile bool _isUp;

    public Uri Address { get; } = Loopback.FreeAddress();

    public MeasuredProcess Server { get; private set; } = null!;

    /// <summary>Rises when the server is about to be killed: a call that saw it rise has nothing to expect.</summary>
    public int Number => _number;

    public bool IsUp => _isUp;

    public async Task StartAsync(CancellationToken cancellation)
    {
        Server = await MeasuredProcess.StartAsync(ProgramStart.OfProject("Dogana.Server", Address, ["serve", "--data", folder, .. Limits]), cancellation);
        _isUp = true;
    }

    public async Task KillAndStartAsync(CancellationToken cancellation)
    {
        _isUp = false;
        _number++;
        await Server.KillAsync();
        await Server.DisposeAsync();
        await StartAsync(cancellation);
    }

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? default;
}
