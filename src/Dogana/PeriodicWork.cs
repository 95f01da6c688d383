namespace Dogana;

/// <summary>Work that is done again and again while a server runs: a round that fails is told and does not end it, and stopping is no fault.</summary>
public static class PeriodicWork
{
    /// <summary>Does rounds until it is told to stop.</summary>
    /// <param name="interval">From one round to the next; rounds do not overlap.</param>
    /// <param name="time">The clock.</param>
    /// <param name="round">What is done.</param>
    /// <param name="failed">Is told of what a round threw.</param>
    /// <param name="stopping">Ends it.</param>
    /// <param name="isFirstAtOnce">Is the first round done without waiting for the interval?</param>
    public static async Task RunAsync(
        TimeSpan interval, TimeProvider time, Func<CancellationToken, Task> round, Action<Exception> failed, CancellationToken stopping, bool isFirstAtOnce = false)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            if (isFirstAtOnce)
            {
                await TryAsync(round, failed, stopping);
            }

            while (await timer.WaitForNextTickAsync(stopping))
            {
                await TryAsync(round, failed, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>One round.</summary>
    public static async Task TryAsync(Func<CancellationToken, Task> round, Action<Exception> failed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(round);
        ArgumentNullException.ThrowIfNull(failed);
        try
        {
            await round(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // What is left undone is for the next round, or the next start.
        }
#pragma warning disable CA1031 // whatever one round meets, the next one must come
        catch (Exception fault)
#pragma warning restore CA1031
        {
            failed(fault);
        }
    }
}
