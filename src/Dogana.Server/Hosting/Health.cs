using Dogana.Gateway;
using Dogana.Metering;

namespace Dogana.Server.Hosting;

/// <summary>Health, for whatever keeps the process running and sends it calls.</summary>
internal static class Health
{
    /// <summary>
    /// <c>/healthz/live</c>: the process answers. <c>/healthz/ready</c>: it serves calls; 503 says why it does not. An upstream key that cannot be decrypted is
    /// named by a node that is ready: its other keys and upstreams serve, and taking every node away would help nobody.
    /// </summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz/live", static () => Results.Text("live\n"));
        app.MapGet("/healthz/ready", static (ISnapshotRefresh snapshots, UsageJournal journal, Leaving leaving) =>
            leaving.IsBegun ? NotReady("this node is being stopped") : journal.IsFailed ? NotReady("the usage journal cannot be written") : snapshots.Problem is not null ? NotReady("the store does not answer")
            : Results.Text(string.Concat(["ready\n", .. snapshots.UnreadableKeys.Select(static key => $"not used, because it cannot be decrypted: upstream key {key}\n")])));
    }

    private static IResult NotReady(string why) => Results.Text(why + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
}
