using System.Collections.Frozen;

namespace Dogana.Billing;

/// <summary>All contracts at one moment, immutable and thread-safe: the gateway and accruals look the same up in it.</summary>
public sealed class ContractTable
{
    private readonly FrozenDictionary<(string Organisation, string Channel), Contract[]> _byPair;
    private readonly FrozenDictionary<(string Customer, string Channel, string Seller), Contract[]> _resale;

    /// <summary>Builds the table.</summary>
    public ContractTable(IReadOnlyList<Contract> contracts)
    {
        Contracts = contracts;
        ById = contracts.ToFrozenDictionary(static contract => contract.Id, StringComparer.Ordinal);
        _byPair = contracts.Where(static contract => contract.Terms.Seller is null).GroupBy(static contract => (contract.Organisation, contract.Channel))
            .ToFrozenDictionary(static group => group.Key, static group => group.ToArray());
        _resale = contracts.Where(static contract => contract.Terms.Seller is not null).GroupBy(static contract => (contract.Organisation, contract.Channel, contract.Terms.Seller!))
            .ToFrozenDictionary(static group => group.Key, static group => group.ToArray());
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Contract> Contracts { get; }

    /// <summary>All of them by id.</summary>
    public IReadOnlyDictionary<string, Contract> ById { get; }

    /// <summary>The contract in force for a customer on a channel at an instant, or null.</summary>
    public Contract? InForce(string organisation, string channel, DateTimeOffset at) => InForce(_byPair.GetValueOrDefault((organisation, channel)), at);

    /// <summary>The contract by which an organisation resells to its end customer on a channel at an instant, or null.</summary>
    public Contract? Resale(string seller, string endCustomer, string channel, DateTimeOffset at) =>
        _resale.Count == 0 ? null : InForce(_resale.GetValueOrDefault((endCustomer, channel, seller)), at);

    private static Contract? InForce(Contract[]? contracts, DateTimeOffset at)
    {
        foreach (var contract in contracts ?? [])
        {
            if (contract.IsInForce(at))
            {
                return contract;
            }
        }

        return null;
    }
}
