using System.Collections.Frozen;
using System.Globalization;
using Dogana.Catalog;
using Dogana.Gateway.Upstreams;

namespace Dogana.Gateway.Routing;

/// <summary>The upstreams' keys that are kept in the store, in the order in which they are tried. Immutable; decrypted once, when it is made.</summary>
internal sealed class UpstreamKeyTable
{
    private readonly FrozenDictionary<string, IReadOnlyList<UpstreamKey>> _keys;

    public UpstreamKeyTable(IReadOnlyList<OpenedUpstreamKey> keys)
    {
        // A new key of an old name is another key: the number tells them apart where one is being rested.
        _keys = keys.GroupBy(static key => key.Key.Upstream, StringComparer.Ordinal).ToFrozenDictionary(
            static group => group.Key,
            static IReadOnlyList<UpstreamKey> (group) => [.. group.Where(static key => key.Text is not null).Select(static key => new UpstreamKey(
                string.Create(CultureInfo.InvariantCulture, $"{key.Key.Id}#{key.Key.Number}"), key.Text))],
            StringComparer.Ordinal);
        Unreadable = [.. keys.Where(static key => key.Text is null).Select(static key => key.ToString())];
    }

    /// <summary>Those that could not be decrypted, as UPSTREAM/KEY: they are not used.</summary>
    public IReadOnlyList<string> Unreadable { get; }

    /// <summary>An upstream's keys; null when the store has none for it, empty when it has some and none could be decrypted.</summary>
    public IReadOnlyList<UpstreamKey>? Find(string upstream) => _keys.GetValueOrDefault(upstream);
}
