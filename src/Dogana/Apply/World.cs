using Dogana.Access;
using Dogana.Apply.Reading;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Conduct;
using Dogana.Filtering;
using Dogana.Identity;
using Dogana.Insight;
using Dogana.Limits;
using Dogana.Markets;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Settlement;
using Dogana.Terms;

namespace Dogana.Apply;

/// <summary>
/// What a world file declares, read without a fault: parties, catalogue, prices, contracts, shares and measures, each with its place in the file. It may be a
/// part of the world; what it refers to is looked up when it is applied. Made by <see cref="WorldFile"/>; immutable.
/// </summary>
public sealed class World
{
    internal World(string file) => File = file;

    /// <summary>The file's name, as faults name it.</summary>
    public string File { get; }

    internal IReadOnlyList<Declared<Organisation>> Organisations { get; init; } = [];

    internal IReadOnlyList<Declared<Channel>> Channels { get; init; } = [];

    internal IReadOnlyList<Declared<Agreement>> Agreements { get; init; } = [];

    internal IReadOnlyList<Declared<Project>> Projects { get; init; } = [];

    internal IReadOnlyList<Declared<Model>> Models { get; init; } = [];

    internal IReadOnlyList<Declared<Upstream>> Upstreams { get; init; } = [];

    internal IReadOnlyList<Declared<DeclaredDeployment>> Deployments { get; init; } = [];

    internal IReadOnlyList<Declared<Market>> Markets { get; init; } = [];

    internal IReadOnlyList<Declared<DeclaredBook>> Books { get; init; } = [];

    internal IReadOnlyList<Declared<ExchangeRate>> ExchangeRates { get; init; } = [];

    internal IReadOnlyList<Declared<Contract>> Contracts { get; init; } = [];

    internal IReadOnlyList<Declared<ShareAgreement>> Shares { get; init; } = [];

    internal IReadOnlyList<Declared<NoticeTarget>> NoticeTargets { get; init; } = [];

    internal IReadOnlyList<Declared<MarketRule>> MarketRules { get; init; } = [];

    internal IReadOnlyList<Declared<DeclaredTerms>> Terms { get; init; } = [];

    internal IReadOnlyList<Declared<LicenceGrant>> Exceptions { get; init; } = [];

    internal IReadOnlyList<Declared<DeclaredUse>> Uses { get; init; } = [];

    internal IReadOnlyList<Declared<DeclaredMeasure>> Measures { get; init; } = [];

    internal IReadOnlyList<Declared<OwnershipParty>> OwnershipParties { get; init; } = [];

    internal IReadOnlyList<Declared<OwnershipStatement>> OwnershipStatements { get; init; } = [];

    internal IReadOnlyList<Declared<ControlRule>> ControlRules { get; init; } = [];

    internal IReadOnlyList<Declared<TokenIssuer>> TokenIssuers { get; init; } = [];
    internal IReadOnlyList<Declared<ReleaseWave>> ReleaseWaves { get; init; } = [];
    internal IReadOnlyList<Declared<IdentityProvider>> IdentityProviders { get; init; } = [];
    internal IReadOnlyList<Declared<Quota>> Quotas { get; init; } = [];
    internal IReadOnlyList<Declared<Budget>> Budgets { get; init; } = [];
    internal IReadOnlyList<Declared<UnitQuota>> UnitQuotas { get; init; } = [];

    internal IReadOnlyList<Declared<CapacityReservation>> Reservations { get; init; } = [];

    internal IReadOnlyList<Declared<TaxRule>> TaxRules { get; init; } = [];

    internal IReadOnlyList<Declared<DunningPolicy>> DunningPolicies { get; init; } = [];
    internal IReadOnlyList<Declared<RentAgreement>> Rents { get; init; } = [];

    internal IReadOnlyList<Declared<ChannelExport>> Exports { get; init; } = [];
    internal IReadOnlyList<Declared<MeterDefinition>> Meters { get; init; } = [];
    internal IReadOnlyList<Declared<CapacityPool>> Pools { get; init; } = [];
    internal IReadOnlyList<Declared<InsightAlert>> Alerts { get; init; } = [];

    internal IReadOnlyList<Declared<ConductSettings>> Conduct { get; init; } = [];

    internal IReadOnlyList<Declared<FilterProvider>> FilterProviders { get; init; } = [];

    internal IReadOnlyList<Declared<BlockList>> BlockLists { get; init; } = [];

    internal IReadOnlyList<Declared<FilterPolicy>> FilterPolicies { get; init; } = [];

    /// <summary>Every id that refers to another object, to be found in the file or in the store.</summary>
    internal IReadOnlyList<Reference> References { get; init; } = [];
}
