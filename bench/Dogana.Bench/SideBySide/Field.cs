using Dogana.Bench.Processes;
using Dogana.Bench.Stores;
using Dogana.Bench.Upstreams;

namespace Dogana.Bench.SideBySide;

/// <summary>Everybody who is compared, started in front of one upstream.</summary>
internal sealed class Field : IAsyncDisposable
{
    private const string Path = "/v1/chat/completions";
    private const string StreamPath = "/stream/v1/chat/completions";
    private const string AnyKey = "authorization=Bearer sk-test-1234567890";

    private readonly Stack<IAsyncDisposable> _started = new();
    private readonly List<Contestant> _contestants = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("dogana-bench-side-").FullName;

    /// <summary>In the order of the figures.</summary>
    public IReadOnlyList<Contestant> Contestants => _contestants;

    public Contestant Direct => Named(SideBySideFigures.Direct);

    public Contestant Dogana => Named(SideBySideFigures.Dogana);

    public BenchStore Store { get; private set; } = null!;

    /// <summary>Answers slowly, for the time to the first chunk.</summary>
    public MeasuredProcess Scripted { get; private set; } = null!;

    public AllocationProbe Allocations { get; private set; } = null!;

    public static async Task<Field> StartAsync(CancellationToken cancellation)
    {
        var field = new Field();
        try
        {
            await field.StartAllAsync(cancellation);
            return field;
        }
        catch
        {
            await field.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var contestant in _contestants)
        {
            contestant.Dispose();
        }

        while (_started.TryPop(out var process))
        {
            await process.DisposeAsync();
        }

        Store?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAllAsync(CancellationToken cancellation)
    {
        var mock = await KeepAsync(NginxMock.StartAsync(_folder, cancellation));
        Add(SideBySideFigures.Direct, mock, StreamPath, [AnyKey], [AnyKey]);

        var nginx = await KeepAsync(Nginx.StartAsync(System.IO.Path.Combine("SideBySide", "nginx-proxy.conf"), _folder, cancellation, ("upstream", mock.Address.Authority)));
        Add(SideBySideFigures.Nginx, nginx, StreamPath, [AnyKey], [AnyKey]);

        var pass = await KeepAsync(MeasuredProcess.StartAsync("PassThrough", [mock.Address.ToString()], cancellation));
        Add(SideBySideFigures.PassThrough, pass, StreamPath, [AnyKey], [AnyKey]);

        var portkey = await KeepAsync(Portkey.StartAsync(cancellation));
        Add(SideBySideFigures.Portkey, portkey, Path, PortkeyHeaders(new Uri(mock.Address, "/v1")), PortkeyHeaders(new Uri(mock.Address, "/stream/v1")));

        Scripted = await KeepAsync(MeasuredProcess.StartAsync("FakeUpstream", [], cancellation));
        Store = await MockWorld.CreateAsync(mock.Address, Scripted.Address, cancellation);
        Allocations = new AllocationProbe(_folder);
        var start = ProgramStart.OfProject("Dogana.Server", Loopback.FreeAddress(), ["serve", "--data", Store.Folder]) with { Environment = Allocations.Environment };
        var dogana = await KeepAsync(MeasuredProcess.StartAsync(start, cancellation));
        Add(SideBySideFigures.Dogana, dogana, Path, [$"authorization=Bearer {Store.Key}"], [$"authorization=Bearer {Store.Key}"]);
    }

    private static string[] PortkeyHeaders(Uri upstream) => [AnyKey, "x-portkey-provider=openai", $"x-portkey-custom-host={upstream}"];

    private void Add(string name, MeasuredProcess process, string streamPath, string[] wholeHeaders, string[] streamHeaders) =>
        _contestants.Add(new Contestant(name, process, streamPath, wholeHeaders, streamHeaders));

    private Contestant Named(string name) => _contestants.First(contestant => contestant.Name == name);

    private async Task<MeasuredProcess> KeepAsync(Task<MeasuredProcess> starting)
    {
        var process = await starting;
        _started.Push(process);
        return process;
    }
}
