namespace Dogana.Notices.Sending;

/// <summary>When a delivery that failed is tried again: longer and longer, ten per cent more or less, then never.</summary>
internal sealed class RetryPlan(Random random)
{
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(8), TimeSpan.FromHours(24),
    ];

    private readonly Lock _lock = new();

    /// <summary>The most that a receiver may ask to be left alone for.</summary>
    public static TimeSpan RestMax => Delays[^1];

    /// <summary>How long to wait after so many attempts, or null when that was the last one.</summary>
    public TimeSpan? After(long attempts)
    {
        if (attempts > Delays.Length)
        {
            return null;
        }

        lock (_lock) // Random is for one thread at a time
        {
            return Delays[attempts - 1] * (0.9 + 0.2 * random.NextDouble());
        }
    }
}
