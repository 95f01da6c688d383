using System.Collections.Frozen;
using Dogana.Authority;

namespace Dogana.Parties;

/// <summary>All parties at one moment, immutable: what the gateway and the documents look things up in.</summary>
public sealed class PartyTable
{
    private readonly FrozenDictionary<(string Owner, string Channel), Agreement> _agreementsByPair;

    /// <summary>Builds the table.</summary>
    public PartyTable(
        IReadOnlyList<Organisation> organisations, IReadOnlyList<Channel> channels, IReadOnlyList<Agreement> agreements, IReadOnlyList<Project> projects,
        OwnershipGraph? ownership = null)
    {
        Organisations = organisations.ToFrozenDictionary(static organisation => organisation.Id, StringComparer.Ordinal);
        Channels = channels.ToFrozenDictionary(static channel => channel.Id, StringComparer.Ordinal);
        Agreements = agreements;
        Projects = projects.ToFrozenDictionary(static project => project.Id, StringComparer.Ordinal);
        Ownership = ownership ?? new OwnershipGraph(organisations, [], []);
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

    /// <summary>The parties that are known from statements about ownership only.</summary>
    public IReadOnlyList<OwnershipParty> OwnershipParties { get; init; } = [];

    /// <summary>Who stands behind whom.</summary>
    public OwnershipGraph Ownership { get; }

    /// <summary>A project that is in somebody's reach at an instant: its customer's own, or on a channel of theirs. Null for every other one.</summary>
    public Project? FindProject(string id, Reach reach, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(reach);
        return Projects.GetValueOrDefault(id) is { } project && reach.Has(project.Organisation, project.ChannelAt(at)) ? project : null;
    }

    /// <summary>Is an organisation in somebody's reach at an instant: itself, or as a customer on a channel of theirs?</summary>
    public bool IsIn(string organisation, Reach reach, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(reach);
        return Organisations.ContainsKey(organisation)
            && (reach.HasOrganisation(organisation) || Projects.Values.Any(project => project.Organisation == organisation && reach.HasChannel(project.ChannelAt(at))));
    }

    /// <summary>What is wrong with a scope whose organisation or channel does not exist, or null.</summary>
    public Problem? FindMissing(GrantScope scope)
    {
        var isThere = scope.Kind switch
        {
            ScopeKind.Organisation => Organisations.ContainsKey(scope.Id!),
            ScopeKind.Channel => Channels.ContainsKey(scope.Id!),
            _ => true,
        };
        return isThere ? null : new Problem(ProblemCode.NotFound, $"There is no {EnumWords.Of(scope.Kind)} '{scope.Id}'. Declare it in the world file and run 'dogana apply'.", "scope");
    }

    /// <summary>The agreement under which a channel sells an owner's models, or null. An owner's own channel needs none.</summary>
    public Agreement? AgreementOn(string owner, string channel) => _agreementsByPair.GetValueOrDefault((owner, channel));
}
