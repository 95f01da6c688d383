using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Rating;

namespace Dogana.Limits.Capacity;

/// <summary>What an hour's record costs, as it is rated later: budgets are charged with it. Nothing is known where there is no price; rating says why.</summary>
internal sealed class HourPrices(ContractTable contracts, PriceTable prices)
{
    public UsageRecord Charge(UsageRecord record)
    {
        var (meter, quantity) = record.UnitMinutes > 0 ? (Meter.ProvisionedUnitMinutes, record.UnitMinutes) : (Meter.ReservedUnitMinutes, record.ReservedUnitMinutes);
        return contracts.InForce(record.Organisation, record.Channel, record.OpenedAt) is { } contract
            && prices.RateAtMost(contract.Prices, record.Model, meter, quantity, record.OpenedAt).TryGet(out var charge, out _) ? record with { Charge = charge } : record;
    }
}
