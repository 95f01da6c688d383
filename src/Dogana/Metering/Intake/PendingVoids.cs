using Dogana.Storage;

namespace Dogana.Metering.Intake;

/// <summary>A void whose record is not there yet.</summary>
/// <param name="Key">The void's own key.</param>
/// <param name="Hash">The hash of what was sent.</param>
/// <param name="Target">What it takes back.</param>
internal sealed record PendingVoid(UsageKey Key, string Hash, UsageKey Target);

/// <summary>Voids that came before what they take back: events come in any order. They are few, and are read whole.</summary>
internal static class PendingVoids
{
    public static async Task<IReadOnlyList<PendingVoid>> ReadAsync(StoreSession session) => [.. (await session.QueryAsync<Row>(
        "select source as Source, id as Id, payload_hash as Hash, voids_source as VoidsSource, voids_id as VoidsId from pending_void order by source, id"))
        .Select(static row => new PendingVoid(new UsageKey(row.Source, row.Id), row.Hash, new UsageKey(row.VoidsSource, row.VoidsId)))];

    public static Task<int> AddAsync(StoreSession session, PendingVoid pending, DateTimeOffset now) => session.ExecuteAsync(
        "insert into pending_void(source, id, payload_hash, voids_source, voids_id, received_at) values(@Source, @Id, @Hash, @VoidsSource, @VoidsId, @now)",
        new { pending.Key.Source, pending.Key.Id, pending.Hash, VoidsSource = pending.Target.Source, VoidsId = pending.Target.Id, now = now.ToMicros() });

    public static Task<int> RemoveAsync(StoreSession session, PendingVoid pending) =>
        session.ExecuteAsync("delete from pending_void where source = @Source and id = @Id", pending.Key);

    private sealed record Row(string Source, string Id, string Hash, string VoidsSource, string VoidsId);
}
