using Dogana.Access;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Conduct;
using Dogana.Gateway.Routing;
using Dogana.Parties;
using Dogana.Protection;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Gateway.Snapshots;

/// <summary>
/// Everything that decides a call, as of one committed moment. Immutable; swapped whole. The modules do not know each other: here their tables meet.
/// </summary>
internal sealed record GatewaySnapshot(
    long Version, KeyTable Keys, PartyTable Parties, CatalogTable Catalog, StandingTable Standing, PriceTable Prices, ContractTable Contracts,
    UpstreamKeyTable UpstreamKeys)
{
    public static async Task<GatewaySnapshot> ReadAsync(StoreSession session, long version, KeyRing ring, DateTimeOffset at)
    {
        var parties = await PartyRegister.ReadAsync(session);
        return new GatewaySnapshot(
            version,
            await ApiKeys.ReadTableAsync(session),
            parties,
            await CatalogRegister.ReadAsync(session),
            await StandingTable.ReadAsync(session, parties, at),
            await PriceBooks.ReadAsync(session),
            await Billing.Contracts.ReadAsync(session),
            new UpstreamKeyTable(await Dogana.Catalog.UpstreamKeys.OpenAsync(session, ring)));
    }
}
