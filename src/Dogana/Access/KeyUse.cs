using System.Collections.Concurrent;
using Dogana.Storage;

namespace Dogana.Access;

/// <summary>
/// When this node's keys were last used. Noted in memory, the first use of each minute; written in the background, so that a key costs at most one write in
/// a minute, and a node that is killed loses a minute at most. Thread-safe.
/// </summary>
public sealed class KeyUse
{
    /// <summary>How often what was noted is to be written.</summary>
    public static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(20);

    private const int BatchMax = 500;

    // A key that rests longer is forgotten here; its row knows.
    private const long MinutesKept = 10;

    private readonly ConcurrentDictionary<string, Use> _uses = new(StringComparer.Ordinal);

    /// <summary>A key was used. Bounded by the keys that there are; allocates for a key's first use alone.</summary>
    public void Note(string key, DateTimeOffset now)
    {
        var use = _uses.TryGetValue(key, out var known) ? known : _uses.GetOrAdd(key, static _ => new Use());
        var minute = now.ToUnixTimeSeconds() / 60;
        if (Volatile.Read(ref use.Minute) != minute)
        {
            Volatile.Write(ref use.At, now.ToMicros());
            Volatile.Write(ref use.Minute, minute);
        }
    }

    /// <summary>Writes what was noted and is not written yet; what fails is noted still. Gives how many keys.</summary>
    public async Task<int> WriteAsync(Store store, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var count = 0;
        foreach (var batch in _uses.Select(static pair => (Id: pair.Key, Use: pair.Value, At: Volatile.Read(ref pair.Value.At))).Where(static item => item.At > item.Use.Written).Chunk(BatchMax))
        {
            // Another node may have seen a later use.
            await store.WriteAsync(
                session => session.ExecuteAsync(
                    "update api_key set last_used_at = @At where id = @Id and (last_used_at is null or last_used_at < @At)", batch.Select(static item => new { item.Id, item.At })),
                cancellation);
            foreach (var item in batch)
            {
                item.Use.Written = item.At;
            }

            count += batch.Length;
        }

        Forget(now.ToUnixTimeSeconds() / 60);
        return count;
    }

    private void Forget(long minute)
    {
        foreach (var (key, use) in _uses)
        {
            if (Volatile.Read(ref use.Minute) + MinutesKept < minute && use.Written == Volatile.Read(ref use.At))
            {
                _uses.TryRemove(key, out _);
            }
        }
    }

    private sealed class Use
    {
#pragma warning disable CA1051 // read and written by reference
        public long Minute;
        public long At;
        public long Written;
#pragma warning restore CA1051
    }
}
