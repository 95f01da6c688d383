using Dogana.Gateway;
using Dogana.Metering;

namespace Dogana.Server.Hosting;

/// <summary>Health, for whatever keeps the process running and sends it calls.</summary>
internal static class Health
{
    /// <summary><c>/healthz/live</c>: the process answers. <c>/healthz/ready</c>: it serves calls; 503 says why it does not.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz/live", static () => Results.Text("live\n"));
        app.MapGet("/healthz/ready", static (ISnapshotRefresh snapshots, UsageJournal journal) =>
            journal.IsFailed ? NotReady("the usage journal cannot be written") : snapshots.Problem is not null ? NotReady("the store does not answer") : Results.Text("ready\n"));
    }

    private static IResult NotReady(string why) => Results.Text(why + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
}
