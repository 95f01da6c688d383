using System.Collections.Frozen;

namespace Dogana.Catalog;

/// <summary>The whole catalogue at one moment, immutable.</summary>
public sealed class CatalogTable(
    IReadOnlyList<Model> models, IReadOnlyList<Upstream> upstreams, IReadOnlyList<Deployment> deployments, IReadOnlyList<Market> markets)
{
    private const string All = "*";

    /// <summary>Models by id.</summary>
    public IReadOnlyDictionary<string, Model> Models { get; } = models.ToFrozenDictionary(static model => model.Id, StringComparer.Ordinal);

    /// <summary>Upstreams by id.</summary>
    public IReadOnlyDictionary<string, Upstream> Upstreams { get; } = upstreams.ToFrozenDictionary(static upstream => upstream.Id, StringComparer.Ordinal);

    /// <summary>Deployments by name.</summary>
    public IReadOnlyDictionary<string, Deployment> Deployments { get; } = deployments.ToFrozenDictionary(static deployment => deployment.Name, StringComparer.Ordinal);

    /// <summary>Markets by country.</summary>
    public IReadOnlyDictionary<string, Market> Markets { get; } = markets.ToFrozenDictionary(static market => market.Country, StringComparer.Ordinal);

    /// <summary>The release waves, by id. A model without any is not held back.</summary>
    public IReadOnlyList<ReleaseWave> Waves { get; init; } = [];

    /// <summary>May this model be sold in this country over this channel? What no market allows is denied.</summary>
    public bool IsSold(string model, string country, string channel) =>
        Markets.TryGetValue(country, out var market) && Names(market.Models, model) && Names(market.Channels, channel);

    private static bool Names(IReadOnlyList<string> list, string id)
    {
        foreach (var item in list)
        {
            if (item == All || item == id)
            {
                return true;
            }
        }

        return false;
    }
}
