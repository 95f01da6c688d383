using System.Buffers.Binary;
using System.Threading.Channels;
using Dogana.Gateway.Telemetry;
using Dogana.Protection;
using Dogana.Responses;
using Dogana.Storage;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway.Caching;

/// <summary>
/// Reads and writes response caches for calls. A store that is slow or away is one without an answer, and is left alone for a moment; what is to be kept waits in a bounded queue, behind the call.
/// Thread-safe.
/// </summary>
internal sealed partial class ResponseCaching(Store store, KeyRing ring, GatewayInstruments instruments, GatewayOptions options, TimeProvider time, ILogger<ResponseCaching> log)
{
    /// <summary>How long the store is left alone after it did not answer.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private const string Purpose = "cached-response";
    private const int QueueMax = 64; // of at most a megabyte each
    private const int BatchMax = 16;

    private readonly Channel<CacheEntry> _queue = Channel.CreateBounded<CacheEntry>(new BoundedChannelOptions(QueueMax) { SingleReader = true });
    private long _restsUntil;

    /// <summary>What the cache does for a call. Never fails it, and waits for <see cref="GatewayOptions.CacheTimeout"/> at most.</summary>
    public async ValueTask<CachedCall> FindAsync(CacheQuery query, CancellationToken cancellation)
    {
        var hit = query.AgeMax > TimeSpan.Zero && time.GetUtcNow().UtcTicks >= Volatile.Read(ref _restsUntil) ? await ReadAsync(query, cancellation) : null;
        instruments.CacheAnswers.Add(1, new(GenAi.CacheOutcome, hit is null ? "miss" : "hit"), new KeyValuePair<string, object?>(GenAi.Deployment, query.Deployment));
        return new CachedCall(this, query, hit);
    }

    /// <summary>Queues an answer; where the queue is full it is not kept.</summary>
    public void Keep(CacheEntry entry)
    {
        if (!_queue.Writer.TryWrite(entry))
        {
            instruments.DroppedCached.Add(1);
        }
    }

    /// <summary>Waits until something is queued.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _queue.Reader.WaitToReadAsync(cancellation);

    /// <summary>Writes what is queued; what cannot be written is not kept.</summary>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        var batch = new List<CachedResponse>(BatchMax);
        while (_queue.Reader.TryPeek(out _))
        {
            batch.Clear();
            while (batch.Count < BatchMax && _queue.Reader.TryRead(out var entry))
            {
                if (Encrypt(entry) is { } response)
                {
                    batch.Add(response);
                }
            }

            await store.WriteAsync(session => ResponseCache.KeepAsync(session, batch), cancellation);
        }
    }

    private async Task<CachedAnswer?> ReadAsync(CacheQuery query, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        using var late = new CancellationTokenSource(options.CacheTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            // Not every wait of a store can be cancelled: it is left to end by itself.
            var found = await store.ReadAsync(session => ResponseCache.FindAsync(session, query.Project, query.KeyHash, now), either.Token).WaitAsync(either.Token);
            return found is not null && now - found.CreatedAt < query.AgeMax && query.Price(found.Tokens) is { } price && Decrypt(found) is { } plain
                ? new CachedAnswer(plain[(sizeof(int) + TextLength(plain))..], plain.AsMemory(sizeof(int), TextLength(plain)), query.IsStream, found, price)
                : null;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null; // nobody waits for it
        }
#pragma warning disable CA1031 // whatever keeps the store from answering, an upstream answers the call
        catch (Exception away)
#pragma warning restore CA1031
        {
            Volatile.Write(ref _restsUntil, (time.GetUtcNow() + Rest).UtcTicks);
            LogStoreAway(away);
            return null;
        }
    }

    private byte[]? Decrypt(CachedResponse kept)
    {
        if (ring.Unprotect(kept.Answer, Purpose, kept.Project, kept.KeyHash).TryGet(out var plain, out var problem))
        {
            return plain;
        }

        LogUnreadable(kept.Project, problem.Message);
        return null;
    }

    // The generated text's length, the text, the answer.
    private CachedResponse? Encrypt(CacheEntry entry)
    {
        var query = entry.Query;
        var plain = new byte[sizeof(int) + entry.Text.Length + entry.Body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(plain, entry.Text.Length);
        entry.Text.CopyTo(plain.AsMemory(sizeof(int)));
        entry.Body.CopyTo(plain, sizeof(int) + entry.Text.Length);
        if (ring.Protect(plain, Purpose, query.Project, query.KeyHash).TryGet(out var encrypted, out var problem))
        {
            var now = time.GetUtcNow();
            return new CachedResponse(query.Project, query.KeyHash, now, now + query.Time, entry.Usage.TotalTokens, entry.Usage.IsEstimated, encrypted);
        }

        LogUnreadable(query.Project, problem.Message);
        return null;
    }

    private static int TextLength(byte[] plain) => BinaryPrimitives.ReadInt32LittleEndian(plain);

    [LoggerMessage(3900, LogLevel.Warning, "The store did not answer for a response cache; calls go to their upstreams.")]
    private partial void LogStoreAway(Exception fault);

    [LoggerMessage(3901, LogLevel.Error, "An answer in the response cache of the project {Project} could not be kept, or read again: {Why}")]
    private partial void LogUnreadable(string project, string why);
}
