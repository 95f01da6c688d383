using System.Collections.Frozen;
using Dogana.Gateway.Upstreams;

namespace Dogana.Gateway.Routing;

/// <summary>The upstreams' keys that are kept in the store, in the order in which they are tried. Immutable.</summary>
internal sealed class UpstreamKeyTable(IEnumerable<KeyValuePair<string, IReadOnlyList<UpstreamKey>>> keys)
{
    private readonly FrozenDictionary<string, IReadOnlyList<UpstreamKey>> _keys = keys.ToFrozenDictionary(StringComparer.Ordinal);

    public static UpstreamKeyTable Empty { get; } = new([]);

    public IReadOnlyList<UpstreamKey> Of(string upstream) => _keys.GetValueOrDefault(upstream, []);
}
