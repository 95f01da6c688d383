using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// Holds refusals back for a second where a family is refused more often than <see cref="GatewayOptions.FamilyRefusalsPerSecond"/>: who repeats a refused
/// call at once, a thousand times, takes no time from others. What is served is never held. Thread-safe.
/// </summary>
internal sealed class RefusalPace(GatewayOptions options, TimeProvider time)
{
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Second> _seconds = new(StringComparer.Ordinal);
    private int _held;

    /// <summary>Waits where it must. False: nobody is there to be refused, or so many are held that this one was broken off without an answer.</summary>
    public async ValueTask<bool> HoldAsync(HttpContext http, string family)
    {
        if (_seconds.GetOrAdd(family, static _ => new Second()).Count(time.GetUtcNow().ToUnixTimeSeconds()) <= options.FamilyRefusalsPerSecond)
        {
            return true;
        }

        try
        {
            if (Interlocked.Increment(ref _held) > options.OpenCallsMax)
            {
                http.Abort();
                return false;
            }

            await Task.Delay(Hold, time, http.RequestAborted);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }

    private sealed class Second
    {
        private long _now;
        private int _count;

        public int Count(long second)
        {
            lock (this)
            {
                _count = _now == second ? _count + 1 : 1;
                _now = second;
                return _count;
            }
        }
    }
}
