using Dogana.Access;
using Dogana.Gateway.Snapshots;
using Microsoft.Extensions.Hosting;

namespace Dogana.Gateway.Credentials;

/// <summary>Lets the keys of token issuers be fetched where that is due: those of an issuer that was just declared within a second.</summary>
internal sealed class TokenKeyRefresh(TokenVerifier tokens, SnapshotKeeper snapshots, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        try
        {
            do
            {
                if (snapshots.Current.TryGet(out var snapshot, out _))
                {
                    await tokens.RefreshAsync(snapshot.TokenIssuers, stoppingToken); // what fails is logged there
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }
}
