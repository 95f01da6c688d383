using System.Collections.Concurrent;
using System.Collections.Frozen;
using Dogana.Filtering.Matching;
using Dogana.Storage;

namespace Dogana.Filtering;

/// <summary>All policies and block lists, made ready for calls. Immutable; thread-safe.</summary>
public sealed class FilterTable
{
    private readonly FrozenDictionary<string, FilterPolicy> _policies;
    private readonly FrozenDictionary<string, BlockListMatcher> _lists;
    private readonly FrozenDictionary<string, FilterProvider> _providers;
    private readonly ConcurrentDictionary<(string?, string?), AppliedFilter?> _applied = new();

    private FilterTable(FilterDeclarations declared, FilterTable? earlier)
    {
        _policies = declared.Policies.ToFrozenDictionary(static item => item.Id, StringComparer.Ordinal);
        _providers = declared.Providers.ToFrozenDictionary(static item => item.Id, StringComparer.Ordinal);
        _lists = declared.BlockLists.ToFrozenDictionary(static item => item.Id, item => earlier?._lists.GetValueOrDefault(item.Id) is { } known && IsSame(known.List, item) ? known : new BlockListMatcher(item), StringComparer.Ordinal);
    }

    /// <summary>Makes what is declared ready.</summary>
    public static FilterTable Of(FilterDeclarations declared)
    {
        ArgumentNullException.ThrowIfNull(declared);
        return new FilterTable(declared, earlier: null);
    }

    /// <summary>Reads them from the store.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="earlier">What was read before: block lists that did not change are not made ready again.</param>
    public static async Task<FilterTable> ReadAsync(StoreSession session, FilterTable? earlier) => new(await FilterPolicies.ReadAsync(session), earlier);

    /// <summary>What a call is looked at by; null where neither names a policy.</summary>
    /// <param name="project">The project's policy.</param>
    /// <param name="deployment">The deployment's. Where both have one, both apply: the stricter counts.</param>
    public AppliedFilter? Find(string? project, string? deployment) =>
        project is null && deployment is null ? null : _applied.GetOrAdd((project, deployment), static (names, table) => table.Join(names.Item1, names.Item2), this);

    private AppliedFilter? Join(string? project, string? deployment)
    {
        FilterPolicy[] policies = [.. new[] { project, deployment }.Distinct(StringComparer.Ordinal).Select(id => id is null ? null : _policies.GetValueOrDefault(id)).OfType<FilterPolicy>()];
        return policies.Length == 0 ? null : new AppliedFilter(policies, _lists, _providers);
    }

    private static bool IsSame(BlockList one, BlockList other) => one.Terms.SequenceEqual(other.Terms, StringComparer.Ordinal) && one.Patterns.SequenceEqual(other.Patterns, StringComparer.Ordinal);
}
