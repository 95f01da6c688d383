using System.Diagnostics;
using Dogana.Bench.Processes;
using FakeUpstream;

namespace Dogana.Bench.Faults;

/// <summary>What the server holds when nobody calls.</summary>
internal sealed record AtRest(double ResidentMiB, int Handles, long Threads, int OpenUpstreamRequests)
{
    /// <summary>
    /// Waits until nothing is open at the upstream, the server is idle, and its idle connections have been closed for their age: the fewest handles in
    /// that time are what it holds.
    /// </summary>
    public static async Task<AtRest> ReadAsync(MeasuredProcess server, FakeUpstreamServer upstream, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            await upstream.WaitForOpenAsync(0, TimeSpan.FromSeconds(150));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Said by the figure.
        }

        await server.WaitUntilIdleAsync(TimeSpan.FromMinutes(5), cancellation);
        var begun = Stopwatch.GetTimestamp();
        var rest = Read(server, upstream);
        while (Stopwatch.GetElapsedTime(begun) < patience)
        {
            await Task.Delay(1000, cancellation);
            var now = Read(server, upstream);
            rest = new AtRest(Math.Min(rest.ResidentMiB, now.ResidentMiB), Math.Min(rest.Handles, now.Handles), Math.Min(rest.Threads, now.Threads), now.OpenUpstreamRequests);
        }

        return rest;
    }

    private static AtRest Read(MeasuredProcess server, FakeUpstreamServer upstream) => new(server.ResidentMiB, server.Handles, server.Threads, upstream.OpenRequestCount);
}
