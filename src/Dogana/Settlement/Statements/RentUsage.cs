using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Settlement.Statements;

/// <summary>What customers' provisioned capacity took of what is rented, by hour.</summary>
internal sealed class RentUsage(RentAgreement agreement, IReadOnlyList<(DateTimeOffset Hour, long Minutes)> hours)
{
    public const string Zone = "Etc/UTC";

    /// <summary>All usage of an agreement up to the end of a month.</summary>
    public static async Task<RentUsage> ReadAsync(StoreSession session, RentAgreement agreement, BillingMonth month)
    {
        string[] deployments = [.. (await CatalogRegister.ReadAsync(session)).Deployments.Values
            .Where(deployment => deployment.IsProvisioned && (agreement.Type is null || deployment.Type == agreement.Type)
                && (agreement.Upstreams.Count == 0 || deployment.Routes.Any(route => agreement.Upstreams.Contains(route.Upstream, StringComparer.Ordinal))))
            .Select(static deployment => deployment.Name).Order(StringComparer.Ordinal)];
        return new RentUsage(
            agreement, deployments.Length == 0 ? [] : await UsageHours.ReadUnitMinutesAsync(session, deployments, agreement.From, month.End(Zone)));
    }

    /// <summary>A month's usage, one piece for each version.</summary>
    public IReadOnlyList<UsedUnits> In(BillingMonth month) =>
    [
        .. RentRating.Windows(agreement, month.Start(Zone), month.End(Zone))
            .Select(window => new UsedUnits(window.From, hours.Where(item => item.Hour >= window.From && item.Hour < window.To).Sum(static item => item.Minutes)))
            .Where(static piece => piece.Minutes != 0),
    ];
}
