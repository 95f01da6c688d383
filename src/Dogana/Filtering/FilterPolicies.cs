using Dogana.Filtering.Register;
using Dogana.Storage;

namespace Dogana.Filtering;

/// <summary>All that is declared about filtering.</summary>
/// <param name="Policies">Policies, by id.</param>
/// <param name="BlockLists">Block lists, by id.</param>
/// <param name="Providers">Classifiers over HTTP, by id.</param>
public sealed record FilterDeclarations(IReadOnlyList<FilterPolicy> Policies, IReadOnlyList<BlockList> BlockLists, IReadOnlyList<FilterProvider> Providers);

/// <summary>Reads and declares filter policies, block lists and providers.</summary>
public static class FilterPolicies
{
    /// <summary>All of them, as committed.</summary>
    public static Task<FilterDeclarations> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return FilterRows.ReadAsync(session);
    }

    /// <summary>Makes the store hold what is declared; what is not named stays.</summary>
    public static Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, FilterDeclarations wanted)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(wanted);
        return FilterRows.DeclareAsync(session, wanted);
    }
}
