using System.Collections.Frozen;

namespace Dogana.Parties;

/// <summary>All parties at one moment, immutable: what the gateway and the documents look things up in.</summary>
public sealed class PartyTable
{
    private readonly FrozenDictionary<string, string> _families;
    private readonly FrozenDictionary<(string Owner, string Channel), Agreement> _agreementsByPair;

    /// <summary>Builds the table.</summary>
    /// <exception cref="InvalidOperationException">A parent is missing, or ownership runs in a circle.</exception>
    public PartyTable(
        IReadOnlyList<Organisation> organisations, IReadOnlyList<Channel> channels, IReadOnlyList<Agreement> agreements, IReadOnlyList<Project> projects)
    {
        Organisations = organisations.ToFrozenDictionary(static organisation => organisation.Id, StringComparer.Ordinal);
        Channels = channels.ToFrozenDictionary(static channel => channel.Id, StringComparer.Ordinal);
        Agreements = agreements;
        Projects = projects.ToFrozenDictionary(static project => project.Id, StringComparer.Ordinal);
        _families = organisations.ToFrozenDictionary(static organisation => organisation.Id, FindFamily, StringComparer.Ordinal);
        _agreementsByPair = agreements.ToFrozenDictionary(static agreement => (agreement.Owner, agreement.Channel));
    }

    /// <summary>Organisations by id.</summary>
    public IReadOnlyDictionary<string, Organisation> Organisations { get; }

    /// <summary>Channels by id.</summary>
    public IReadOnlyDictionary<string, Channel> Channels { get; }

    /// <summary>All agreements.</summary>
    public IReadOnlyList<Agreement> Agreements { get; }

    /// <summary>Projects by id.</summary>
    public IReadOnlyDictionary<string, Project> Projects { get; }

    /// <summary>An organisation's family, named by the organisation at the top of its ownership.</summary>
    public string FamilyOf(string organisation) => _families[organisation];

    /// <summary>The agreement under which a channel sells an owner's models, or null. An owner's own channel needs none.</summary>
    public Agreement? AgreementOn(string owner, string channel) => _agreementsByPair.GetValueOrDefault((owner, channel));

    private string FindFamily(Organisation organisation)
    {
        var top = organisation;
        for (var steps = 0; top.Parent is { } parent; steps++)
        {
            if (steps > Organisations.Count)
            {
                throw new InvalidOperationException($"The ownership of '{organisation.Id}' runs in a circle.");
            }

            top = Organisations.TryGetValue(parent, out var found)
                ? found
                : throw new InvalidOperationException($"'{top.Id}' has the parent '{parent}', which does not exist.");
        }

        return top.Id;
    }
}
