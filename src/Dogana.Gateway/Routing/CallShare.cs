using Dogana.Catalog;

namespace Dogana.Gateway.Routing;

/// <summary>By what a call shares places at an upstream with others.</summary>
/// <param name="Organisation">The customer.</param>
/// <param name="Weight">Its weight, 1 to 1,000.</param>
/// <param name="Tier">The tier that the call is served in.</param>
internal sealed record CallShare(string Organisation, int Weight, ServiceTier Tier)
{
    /// <summary>For what is never sent.</summary>
    public static CallShare None { get; } = new("", 1, ServiceTier.Standard);
}
