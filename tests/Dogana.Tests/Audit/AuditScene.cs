using Dogana.Audit;
using Dogana.Protection;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Audit;

/// <summary>A store with audit rows and a key ring.</summary>
internal sealed class AuditScene(Store store, KeyRing ring) : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public Store Store { get; } = store;

    public KeyRing Ring { get; } = ring;

    public AuditCheckpoints Checkpoints { get; } = new(ring);

    public static async Task<AuditScene> CreateAsync(StoreFixture stores, StoreKind kind, int rows = 0)
    {
        var store = await stores.OpenAsync(kind);
        await AuditTree.TakeInAsync(store);
        var ring = await KeyRing.OpenAsync(store, new MasterKeyPlace(Path.Combine(stores.NewFolder(), MasterKey.FileName), MayCreate: true), TimeProvider.System);
        var scene = new AuditScene(store, ring);
        await scene.WriteAsync(rows);
        return scene;
    }

    /// <summary>Writes rows, all in one transaction.</summary>
    public Task WriteAsync(int rows) => Store.WriteAsync(async session =>
    {
        for (var row = 0; row < rows; row++)
        {
            var number = await AuditTree.SizeAsync(session) + 1;
            await AuditLog.WriteAsync(session, Start.AddSeconds(number), $"user/{number % 3}@example.com", number % 2 == 0 ? "key.create" : "key.revoke", $"key-{number}", number % 5 == 0 ? "" : $"detail {number} ü €");
        }

        return 0;
    });

    /// <summary>Signs what the log is; the asking is its last row.</summary>
    public async Task<AuditCheckpoint> SignAsync() => (await Store.WriteAsync(session => Checkpoints.MakeAsync(session, "operator", Start.AddHours(1)))).Value;

    public async Task<AuditKey> KeyAsync() => (await Store.ReadAsync(AuditCheckpoints.FindKeyAsync)).Value!.Value.Key;

    public Task<Dogana.Client.AuditVerificationReport> VerifyAsync(IReadOnlyList<AuditCheckpoint>? retained = null, AuditKey? key = null) =>
        Store.ReadAsync(session => AuditVerification.VerifyAsync(session, retained, key));

    public Task SqlAsync(string sql, object? parameters = null) => Store.WriteAsync(session => session.ExecuteAsync(sql, parameters));

    public async ValueTask DisposeAsync() => await Store.DisposeAsync();
}
