using System.Globalization;
using System.Text;
using System.Text.Json;
using Dogana.Batches;
using Dogana.Files;
using Dogana.Metering;
using Dogana.Protection;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Batches;

/// <summary>A store with what makes and ends batches, and nodes on it that can die.</summary>
internal sealed class BatchScene : IAsyncDisposable
{
    private readonly StoreFixture _stores;

    private BatchScene(StoreFixture stores, Store store, KeyRing ring, SteppedTime time)
    {
        (_stores, Store, Ring, Time) = (stores, store, ring, time);
        Files = new StoredFiles(store, ring, new FileLimits(), time);
        Register = new BatchRegister(store, Files, ring, new BatchLimits(), time);
    }

    public Store Store { get; }

    public KeyRing Ring { get; }

    public SteppedTime Time { get; }

    public StoredFiles Files { get; }

    public BatchRegister Register { get; }

    public static async Task<BatchScene> OpenAsync(StoreFixture stores, StoreKind kind)
    {
        var store = await stores.OpenAsync(kind);
        var ring = await KeyRing.OpenAsync(store, new MasterKeyPlace(Path.Combine(stores.NewFolder(), MasterKey.FileName), MayCreate: true), TimeProvider.System);
        return new BatchScene(stores, store, ring, new SteppedTime(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero)));
    }

    /// <summary>A batch of this many lines, not looked at yet.</summary>
    public async Task<Batch> PutAsync(int lines, string project = "p")
    {
        await using var writer = (await Files.BeginAsync(project, "in.jsonl", isBounded: true)).Value;
        var text = string.Concat(Enumerable.Range(1, lines).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{{\"custom_id\":\"id-{i}\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{{\"model\":\"m\",\"n\":{i}}}}}\n")));
        await writer.WriteAsync(Encoding.UTF8.GetBytes(text));
        var file = (await writer.CompleteAsync(FilePurpose.Batch, null)).Value;
        Time.Move(TimeSpan.FromMilliseconds(5)); // ids tell in which order they were made
        return (await Register.CreateAsync(project, new BatchOrigin("k", "openai"), new BatchOrder(file.Id, "/v1/chat/completions", """{"a":"b"}"""))).Value;
    }

    /// <summary>The same, looked at.</summary>
    public async Task<Batch> StartAsync(SceneNode node, int lines, string project = "p")
    {
        var batch = await PutAsync(lines, project);
        var lease = (await node.Leases.TakeBatchAsync()).ShouldNotBeNull();
        (await node.Leases.ValidateAsync(lease, new BatchLimits())).ShouldBeNull();
        return await FindAsync(batch.Id);
    }

    public async Task<Batch> FindAsync(string id) => (await Register.FindAsync(id, null)).Value;

    /// <summary>The names of the lines in a file.</summary>
    public async Task<string[]> ReadAsync(string? id, string project = "p", string field = "custom_id")
    {
        if (id is null)
        {
            return [];
        }

        var file = (await Files.FindAsync(project, id)).Value;
        var text = Encoding.UTF8.GetString((await Files.ReadAsync(file, 0, (int)file.Bytes)).Value.Span);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty(field).ToString();
        })];
    }

    /// <summary>A node; the same folder is the same node again.</summary>
    public async Task<SceneNode> NodeAsync(string name, string? folder = null)
    {
        folder ??= _stores.NewFolder();
        return new SceneNode(this, name, folder, await UsageJournal.OpenAsync(folder, name, TimeProvider.System));
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}

/// <summary>A node's part.</summary>
internal sealed class SceneNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;
    private readonly BatchScene _scene;

    public SceneNode(BatchScene scene, string name, string folder, UsageJournal journal)
    {
        (_scene, Folder, Journal) = (scene, folder, journal);
        Leases = new BatchLeases(scene.Store, scene.Files, scene.Ring, name, scene.Time);
        Answers = new BatchAnswers(scene.Store, scene.Ring, journal, scene.Time);
        Output = new BatchOutput(scene.Store, scene.Files, scene.Ring, name, scene.Time);
        _writing = Answers.RunAsync(_stop.Token);
    }

    public string Folder { get; }

    public UsageJournal Journal { get; }

    public BatchLeases Leases { get; }

    public BatchAnswers Answers { get; }

    public BatchOutput Output { get; }

    /// <summary>What a process does that begins.</summary>
    public async Task BeginAsync()
    {
        await Leases.BeginAsync();
        await Answers.SettleAsync(cancellation => UsageIntake.ShipAsync(_scene.Store, Journal, null, cancellation));
    }

    /// <summary>Opens a call in the journal.</summary>
    public OpenedCall Open()
    {
        var now = TimeProvider.System.GetUtcNow();
        var call = new OpenedCall(Guid.CreateVersion7(now).ToString(), "p", "o", "c", "k", "d", "m", now, Money.Zero(Currency.Of("USD")));
        Journal.Open(call);
        return call;
    }

    public Task CloseAsync(OpenedCall call, CallEnding ending = CallEnding.Completed) =>
        Journal.CloseAsync(call.Close(Journal.Node, TimeProvider.System.GetUtcNow(), ending, ending == CallEnding.Completed ? new TokenUsage(1, 0, 1) : default));

    /// <summary>A line, answered, charged and told.</summary>
    public async Task AnswerAsync(BlockLease block, long line)
    {
        var call = Open();
        (await Answers.KeepAsync(block, line, call.Id, Content(line))).ShouldBeTrue();
        await CloseAsync(call);
        await Answers.ConfirmAsync(block, line, call.Id);
    }

    public static byte[] Content(long line) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"custom_id\":\"id-{line}\"}}"));

    /// <summary>Dies: what it had not written is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
        await Journal.DisposeAsync();
    }
}
