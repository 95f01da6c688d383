using System.Collections.Frozen;
using Dogana.Storage;

namespace Dogana.Authority;

/// <summary>What of the store somebody may touch with one permission: everything, or what belongs to some customers and channels. Immutable.</summary>
public sealed class Reach
{
    private readonly FrozenSet<string> _organisations;
    private readonly FrozenSet<string> _channels;

    internal Reach(IEnumerable<GrantScope> scopes)
    {
        var all = scopes.Distinct().ToArray();
        IsAll = all.Contains(GrantScope.Platform);
        Scopes = [.. all.Select(static scope => scope.ToString())];
        _organisations = Ids(all, ScopeKind.Organisation);
        _channels = Ids(all, ScopeKind.Channel);
    }

    /// <summary>Everything.</summary>
    public static Reach All { get; } = new([GrantScope.Platform]);

    /// <summary>Is it everything?</summary>
    public bool IsAll { get; }

    /// <summary>Is it nothing?</summary>
    public bool IsNothing => !IsAll && _organisations.Count == 0 && _channels.Count == 0;

    /// <summary>What it is made of, as <see cref="GrantScope"/> writes it.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>Does it hold this customer's own account?</summary>
    public bool HasOrganisation(string organisation) => IsAll || _organisations.Contains(organisation);

    /// <summary>Does it hold what is bought on this channel?</summary>
    public bool HasChannel(string channel) => IsAll || _channels.Contains(channel);

    /// <summary>Does it hold what this customer has on this channel?</summary>
    public bool Has(string organisation, string channel) => HasOrganisation(organisation) || HasChannel(channel);

    /// <summary>Does it hold everything within a scope?</summary>
    public bool Has(GrantScope scope) => scope.Kind switch
    {
        ScopeKind.Organisation => HasOrganisation(scope.Id!),
        ScopeKind.Channel => HasChannel(scope.Id!),
        _ => IsAll,
    };

    /// <summary>A condition on rows that bear an organisation and a channel; its parameters are <see cref="Organisations"/> and <see cref="Channels"/>.</summary>
    public string Condition(StoreSession session, string organisationColumn, string channelColumn)
    {
        ArgumentNullException.ThrowIfNull(session);
        return IsAll ? "1 = 1" : $"({session.IsOneOf(organisationColumn, nameof(Organisations))} or {session.IsOneOf(channelColumn, nameof(Channels))})";
    }

    /// <summary>A condition on rows that bear an organisation only: what is the customer's own and no channel's.</summary>
    public string Condition(StoreSession session, string organisationColumn)
    {
        ArgumentNullException.ThrowIfNull(session);
        return IsAll ? "1 = 1" : session.IsOneOf(organisationColumn, nameof(Organisations));
    }

    /// <summary>The customers, as a parameter named <c>Organisations</c>.</summary>
    public object Organisations(StoreSession session) => List(session, _organisations);

    /// <summary>The channels, as a parameter named <c>Channels</c>.</summary>
    public object Channels(StoreSession session) => List(session, _channels);

    private static object List(StoreSession session, FrozenSet<string> ids)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.List([.. ids]);
    }

    private static FrozenSet<string> Ids(GrantScope[] scopes, ScopeKind kind) =>
        scopes.Where(scope => scope.Kind == kind).Select(static scope => scope.Id!).ToFrozenSet(StringComparer.Ordinal);
}
