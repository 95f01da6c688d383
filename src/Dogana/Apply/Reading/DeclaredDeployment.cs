using Dogana.Catalog;
using Dogana.Rating;

namespace Dogana.Apply.Reading;

/// <summary>A deployment as declared: what was left out follows from its model, which may be in the store only.</summary>
internal sealed record DeclaredDeployment(string Name, string Model, string Upstream, string? UpstreamModel, long? DefaultOutputCap)
{
    private const long CapMax = 1_024;

    public Deployment Complete(Model model) =>
        new(Name, Model, Upstream, UpstreamModel ?? Model, DefaultOutputCap ?? Math.Min(CapMax, model.MaxOutputTokens));
}

/// <summary>A price book with its versions.</summary>
internal sealed record DeclaredBook(PriceBook Book, IReadOnlyList<Declared<PriceBookVersion>> Versions);
