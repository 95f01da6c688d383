using Dogana.Limits.Refusals;
using Dogana.Storage;

namespace Dogana.Limits;

/// <summary>
/// What limits refused on this node, and what those that only observe would have refused: counted at once, and kept in the store a moment later for whoever
/// asks why. Refusing must stay cheap: at most <see cref="WaitingMax"/> wait to be kept, older ones are dropped and counted. Thread-safe.
/// </summary>
public sealed class RefusalLog
{
    /// <summary>The most that wait to be kept.</summary>
    public const int WaitingMax = 1_000;

    /// <summary>The most that the store keeps.</summary>
    public const int KeptMax = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Kind, bool IsObserved), long> _counts = [];
    private Queue<LimitRefusal> _waiting = [];
    private long _dropped;

    /// <summary>How long the store keeps one at most.</summary>
    public static TimeSpan KeptFor { get; } = TimeSpan.FromDays(7);

    /// <summary>How many were not kept, since the start.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
            {
                return _dropped;
            }
        }
    }

    /// <summary>Counts one, and lets it be kept.</summary>
    public void Add(LimitRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        lock (_gate)
        {
            var kind = (refusal.Limit.Kind, refusal.IsObserved);
            _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            if (refusal.Call.Id is not null)
            {
                _waiting.Enqueue(refusal);
                DropBeyondMost();
            }
        }
    }

    /// <summary>How many there were since the start, by the limits' kinds.</summary>
    public IReadOnlyList<(string Kind, bool IsObserved, long Count)> Counts()
    {
        lock (_gate)
        {
            return [.. _counts.Select(static pair => (pair.Key.Kind, pair.Key.IsObserved, pair.Value))];
        }
    }

    /// <summary>Keeps what waits, and clears away what is too old or too much. What could not be written waits on.</summary>
    public async Task KeepAsync(Store store, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        Queue<LimitRefusal> batch;
        lock (_gate)
        {
            (batch, _waiting) = (_waiting, []);
        }

        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            await store.WriteAsync(
                async session =>
                {
                    await RefusalRows.WriteAsync(session, [.. batch]);
                    return await RefusalRows.ClearAsync(session, now - KeptFor, KeptMax);
                }, cancellation);
        }
        catch
        {
            lock (_gate)
            {
                _waiting = new Queue<LimitRefusal>(batch.Concat(_waiting));
                DropBeyondMost();
            }

            throw;
        }
    }

    /// <summary>Clears away what is too old.</summary>
    public static Task ClearAsync(Store store, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.WriteAsync(session => RefusalRows.ClearAsync(session, now - KeptFor, KeptMax), cancellation);
    }

    /// <summary>What is kept, newest first.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="call">Of this call only.</param>
    /// <param name="project">Of this project only.</param>
    /// <param name="limit">By this limit only.</param>
    /// <param name="after">Behind this one's id.</param>
    /// <param name="count">At most so many.</param>
    public static Task<IReadOnlyList<KeptRefusal>> ListAsync(StoreSession session, string? call, string? project, string? limit, string? after, int count) =>
        RefusalRows.ListAsync(session, call, project, limit, after, count);

    /// <summary>How many of what is kept were refused and observed, by limit.</summary>
    public static Task<IReadOnlyList<(string Limit, bool IsObserved, long Count)>> CountAsync(StoreSession session) => RefusalRows.CountAsync(session);

    private void DropBeyondMost()
    {
        while (_waiting.Count > WaitingMax)
        {
            _waiting.Dequeue();
            _dropped++;
        }
    }
}
