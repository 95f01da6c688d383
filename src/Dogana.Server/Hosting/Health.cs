using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Health, for whatever keeps the process running.</summary>
internal static class Health
{
    /// <summary><c>/healthz/live</c>: the process answers. <c>/healthz/ready</c>: it can serve, its store answers too.</summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz/live", static () => Results.Text("live\n"));
        app.MapGet("/healthz/ready", static async (Store store, CancellationToken cancellation) =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(2));
            try
            {
                await store.ReadConfigurationVersionAsync(limit.Token);
                return Results.Text("ready\n");
            }
#pragma warning disable CA1031 // whatever keeps the store from answering, the answer is the same
            catch (Exception) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
            {
                return Results.Text("the store does not answer\n", statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        });
    }
}
