using Dogana.Access;
using Dogana.Admission;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Filtering;
using Dogana.Gateway.Routing;
using Dogana.Limits;
using Dogana.Parties;
using Dogana.Protection;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Gateway.Snapshots;

/// <summary>
/// Everything that decides a call, as of one committed moment. Immutable; swapped whole. The modules do not know each other: here their tables meet.
/// </summary>
internal sealed record GatewaySnapshot(
    long Version, KeyTable Keys, PartyTable Parties, CatalogTable Catalog, AdmissionTable Admission, PriceTable Prices, ContractTable Contracts,
    LimitTable Limits, UpstreamKeyTable UpstreamKeys, TokenIssuerTable TokenIssuers, FilterTable Filters)
{
    public static async Task<GatewaySnapshot> ReadAsync(StoreSession session, long version, KeyRing ring, DateTimeOffset now, GatewaySnapshot? earlier = null)
    {
        var parties = await PartyRegister.ReadAsync(session);
        var catalog = await CatalogRegister.ReadAsync(session);
        return new GatewaySnapshot(
            version,
            await ApiKeys.ReadTableAsync(session),
            parties,
            catalog,
            await AdmissionTable.ReadAsync(session, parties, catalog, now),
            await PriceBooks.ReadAsync(session),
            await Billing.Contracts.ReadAsync(session),
            await LimitRegister.ReadAsync(session),
            new UpstreamKeyTable(await Dogana.Catalog.UpstreamKeys.OpenAsync(session, ring)),
            await Access.TokenIssuers.ReadTableAsync(session),
            await FilterTable.ReadAsync(session, earlier?.Filters));
    }
}
