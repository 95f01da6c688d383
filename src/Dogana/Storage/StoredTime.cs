namespace Dogana.Storage;

/// <summary>Instants as both stores keep them: microseconds since 1970-01-01T00:00:00Z.</summary>
public static class StoredTime
{
    /// <summary>To the stored number; what is finer than a microsecond is cut off.</summary>
    public static long ToMicros(this DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>From the stored number.</summary>
    public static DateTimeOffset FromMicros(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
