using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Threading.Channels;

namespace Dogana.Conduct;

/// <summary>A served call on its way from the gateway to conduct.</summary>
/// <param name="Call">The call, its network and client still unknown.</param>
/// <param name="Address">Where it came from; hashed before anything else is done with it.</param>
/// <param name="Agent">What the client says of itself.</param>
public sealed record OfferedCall(ObservedCall Call, IPAddress? Address, string? Agent)
{
    /// <summary>What it holds in memory, in bytes, about.</summary>
    public long Bytes => 512 + Call.Body.Length + Call.Output.Length;
}

/// <summary>How many calls came past conduct on this node.</summary>
/// <param name="Offered">Calls that were served, or refused for want of quota.</param>
/// <param name="Dropped">Of them, those that found no room: conduct did not see them.</param>
public readonly record struct FeedCount(long Offered, long Dropped);

/// <summary>
/// The bounded queue between serving calls and looking at them. Offering never waits and never fails, whatever becomes of the other end; what finds no room is
/// dropped and counted, so that the gap is seen. Thread-safe for any number of offers and one taker.
/// </summary>
public sealed class ConductFeed
{
    /// <summary>The most calls that wait.</summary>
    public const int CallsMax = 8_192;

    /// <summary>The most memory that waiting calls hold: 64 MiB.</summary>
    public const long BytesMax = 64L << 20;

    private readonly Channel<OfferedCall> _calls = Channel.CreateBounded<OfferedCall>(new BoundedChannelOptions(CallsMax) { SingleReader = true });
    private long _bytes;
    private long _offered;
    private long _dropped;

    /// <summary>What came past since the start.</summary>
    public FeedCount Count => new(Volatile.Read(ref _offered), Volatile.Read(ref _dropped));

    /// <summary>Offers a call.</summary>
    public void Offer(OfferedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        Interlocked.Increment(ref _offered);
        var bytes = call.Bytes;
        if (Interlocked.Add(ref _bytes, bytes) > BytesMax || !_calls.Writer.TryWrite(call))
        {
            Interlocked.Add(ref _bytes, -bytes);
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Waits until a call is here.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _calls.Reader.WaitToReadAsync(cancellation);

    /// <summary>Takes the next call, if one is here.</summary>
    public bool TryTake([NotNullWhen(true)] out OfferedCall? call)
    {
        if (!_calls.Reader.TryRead(out call))
        {
            return false;
        }

        Interlocked.Add(ref _bytes, -call.Bytes);
        return true;
    }
}
