namespace Dogana.Catalog;

/// <summary>How a deployment is sold. Stored by name; in files <c>standard</c>, <c>global_provisioned</c>, <c>data_zone_provisioned</c>, <c>regional_provisioned</c>.</summary>
public enum DeploymentType
{
    /// <summary>By the token.</summary>
    Standard = 1,

    /// <summary>By the unit and minute; computed anywhere.</summary>
    GlobalProvisioned = 2,

    /// <summary>By the unit and minute; computed within a zone of regions.</summary>
    DataZoneProvisioned = 3,

    /// <summary>By the unit and minute; computed in one region.</summary>
    RegionalProvisioned = 4,
}

/// <summary>
/// That a model may be deployed with capacity of its own, and what a unit of it can do. Source: Microsoft Learn, "Provisioned throughput for Foundry
/// Models" and its sizing page.
/// </summary>
/// <param name="Type">As which type of deployment; never <see cref="DeploymentType.Standard"/>.</param>
/// <param name="Minimum">The fewest units, 1 or more.</param>
/// <param name="Increment">Units are the minimum and whole steps of this above it, 1 or more.</param>
/// <param name="InputTokensPerMinute">What one unit takes in a minute, in prompt tokens that no cache served; 1 or more.</param>
/// <param name="OutputRatio">How many prompt tokens a generated one weighs; at most 6 digits after the point.</param>
public sealed record ProvisionedOffer(DeploymentType Type, long Minimum, long Increment, long InputTokensPerMinute, decimal OutputRatio)
{
    /// <summary>May a deployment have so many units?</summary>
    public bool Allows(long units) => units >= Minimum && (units - Minimum) % Increment == 0;

    /// <summary>The fewest units that may be deployed and are not below <paramref name="needed"/>.</summary>
    public long UnitsFor(decimal needed)
    {
        var steps = decimal.Ceiling((Math.Max(needed, Minimum) - Minimum) / Increment);
        return checked(Minimum + (long)steps * Increment);
    }
}

/// <summary>The most units that an organisation may have deployed of a type in a region, all models together. A quota is no capacity: it promises none.</summary>
/// <param name="Organisation">Whose.</param>
/// <param name="Type">Of which type.</param>
/// <param name="Region">Where: as the deployments say it.</param>
/// <param name="Units">How many.</param>
public sealed record UnitQuota(string Organisation, DeploymentType Type, string Region, long Units)
{
    /// <summary>Its name in changes.</summary>
    public string Id => $"{Organisation}/{EnumWords.Of(Type)}/{Region}";
}

/// <summary>
/// Units that an organisation pays for, used or not, for a month or a year at a price of their own; they cover what its deployments of that type and region hold on
/// the channel, whichever the models are. What is deployed beyond them is charged by the hour.
/// </summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Organisation">Who pays.</param>
/// <param name="Channel">On which channel: its seller invoices.</param>
/// <param name="Type">For which type of deployment.</param>
/// <param name="Region">For which region: as the deployments say it.</param>
/// <param name="Units">How many, 1 or more.</param>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant after it: a calendar month or year of UTC later.</param>
public sealed record CapacityReservation(
    string Id, string Organisation, string Channel, DeploymentType Type, string Region, long Units, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Is it in force at an instant?</summary>
    public bool Holds(DateTimeOffset at) => at >= From && at < To;
}

/// <summary>How many units a deployment held, from when to when. What is charged, long after the deployment was changed.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Project">For which project.</param>
/// <param name="Model">Of which model.</param>
/// <param name="Type">As which type.</param>
/// <param name="Region">Where.</param>
/// <param name="Units">How many.</param>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant no longer; null while it goes on.</param>
public sealed record ProvisionedSpan(
    string Deployment, string Project, string Model, DeploymentType Type, string Region, long Units, DateTimeOffset From, DateTimeOffset? To)
{
    /// <summary>Are they held at an instant?</summary>
    public bool Holds(DateTimeOffset at) => at >= From && (To is not { } end || at < end);
}
