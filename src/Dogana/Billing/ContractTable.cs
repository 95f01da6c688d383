using System.Collections.Frozen;

namespace Dogana.Billing;

/// <summary>All contracts at one moment, immutable and thread-safe: the gateway and accruals look the same up in it.</summary>
public sealed class ContractTable
{
    private readonly FrozenDictionary<(string Organisation, string Channel), Contract[]> _byPair;

    /// <summary>Builds the table.</summary>
    public ContractTable(IReadOnlyList<Contract> contracts)
    {
        Contracts = contracts;
        _byPair = contracts.GroupBy(static contract => (contract.Organisation, contract.Channel)).ToFrozenDictionary(static group => group.Key, static group => group.ToArray());
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Contract> Contracts { get; }

    /// <summary>The contract in force for a customer on a channel at an instant, or null.</summary>
    public Contract? InForce(string organisation, string channel, DateTimeOffset at)
    {
        foreach (var contract in _byPair.GetValueOrDefault((organisation, channel)) ?? [])
        {
            if (contract.IsInForce(at))
            {
                return contract;
            }
        }

        return null;
    }
}
