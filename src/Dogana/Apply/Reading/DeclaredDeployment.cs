using Dogana.Catalog;
using Dogana.Rating;

namespace Dogana.Apply.Reading;

/// <summary>A deployment as declared: what was left out follows from its model, which may be in the store only.</summary>
internal sealed record DeclaredDeployment(
    string Name, string Model, IReadOnlyList<DeclaredRoute> Routes, long? DefaultOutputCap, long? RequestsPerMinute, long? TokensPerMinute, string? Region, bool ObservesLimits,
    DeclaredCapacity Capacity, string? FilterPolicy)
{
    private const long CapMax = 1_024;

    public Deployment Complete(Model model) =>
        new(
            Name, Model, [.. Routes.Select(route => new Route(route.Upstream, route.UpstreamModel ?? Model, route.Order, route.Weight))],
            DefaultOutputCap ?? Math.Min(CapMax, model.MaxOutputTokens))
        {
            RequestsPerMinute = RequestsPerMinute,
            TokensPerMinute = TokensPerMinute,
            Region = Region ?? "global",
            ObservesLimits = ObservesLimits,
            Type = Capacity.Type,
            Units = Capacity.Units,
            Project = Capacity.Project,
            Spillover = Capacity.Spillover,
            FilterPolicy = FilterPolicy,
        };
}

/// <summary>A route as declared.</summary>
internal sealed record DeclaredRoute(string Upstream, string? UpstreamModel, int Order, int Weight);

/// <summary>How a deployment is sold, as declared.</summary>
internal sealed record DeclaredCapacity(DeploymentType Type, long Units, string? Project, string? Spillover);

/// <summary>A price book with its versions.</summary>
internal sealed record DeclaredBook(PriceBook Book, IReadOnlyList<Declared<PriceBookVersion>> Versions);
