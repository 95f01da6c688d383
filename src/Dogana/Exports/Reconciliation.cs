using Dogana.Billing;
using Dogana.Client;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Exports;

/// <summary>Holds what was metered against what was rated: nothing is silently ignored.</summary>
public static class Reconciliation
{
    /// <summary>Compares all usage of a month (UTC), or of all time, by meter.</summary>
    public static async Task<ReconcileReport> RunAsync(StoreSession session, BillingMonth? month)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (from, to) = (month?.Start("Etc/UTC"), month?.End("Etc/UTC"));
        var metered = (await UsageSums.ByMeterAsync(session, from, to, await AccruedQuantities.ReadMarkAsync(session))).ToLookup(static item => item.Meter, StringComparer.Ordinal);
        var accrued = (await AccruedQuantities.SumQuantitiesAsync(session, from, to)).ToLookup(static item => item.Meter, StringComparer.Ordinal);
        var (records, empty) = await UsageSums.CountAsync(session, from, to);
        MeterReconciliation[] meters = [.. metered.Select(static group => group.Key).Union(accrued.Select(static group => group.Key), StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(meter => Compare(meter, [.. metered[meter]], [.. accrued[meter]]))];
        return new ReconcileReport(month?.ToString(), records, empty, meters, meters.All(static meter => meter is { Difference: 0, EventsDifference: 0 }))
        {
            Retail = [.. (await AccruedQuantities.SumRetailAsync(session, from, to)).GroupBy(static item => item.Meter, StringComparer.Ordinal).Select(static group => new RetailUsage(
                group.Key, group.Where(static item => item.Reason is null).Sum(static item => item.Quantity), group.Where(static item => item.Reason is null).Sum(static item => item.Events),
                [.. group.Where(static item => item.Reason is not null).Select(static item => new UnmatchedUsage(item.Reason!, item.Events, item.Quantity))]))],
        };
    }

    private static MeterReconciliation Compare(string meter, MeteredQuantity[] metered, AccruedQuantity[] accrued)
    {
        var events = metered.Sum(static item => item.Events);
        var ingested = metered.Where(static item => !item.IsVoid).Sum(static item => item.Quantity);
        var voided = -metered.Where(static item => item.IsVoid).Sum(static item => item.Quantity);
        var waiting = metered.Where(static item => item.IsWaiting).ToArray();
        var rated = accrued.Where(static item => item.Reason is null).ToArray();
        UnmatchedUsage[] unmatched = [.. accrued.Where(static item => item.Reason is not null).Select(static item => new UnmatchedUsage(item.Reason!, item.Events, item.Quantity))];
        var (ratedQuantity, ratedEvents) = (rated.Sum(static item => item.Quantity), rated.Sum(static item => item.Events));
        var (waitingQuantity, waitingEvents) = (waiting.Sum(static item => item.Quantity), waiting.Sum(static item => item.Events));
        return new MeterReconciliation(
            meter, events, ingested, ratedQuantity, voided, unmatched, waitingQuantity, ratedEvents, waitingEvents,
            ingested - voided - ratedQuantity - unmatched.Sum(static item => item.Quantity) - waitingQuantity,
            events - ratedEvents - unmatched.Sum(static item => item.Events) - waitingEvents);
    }
}
