using Dogana.Catalog;

namespace Dogana.Settlement;

/// <summary>The terms of a rent from an instant on, until the next version.</summary>
/// <param name="From">The first instant they hold.</param>
/// <param name="UnitHour">The price of a unit for an hour, or null.</param>
/// <param name="Month">A fixed price of a month, or null; a part of a month costs its part.</param>
/// <param name="Minimum">The least that a month is charged, or null; a part of a month counts by its part.</param>
public sealed record RentVersion(DateTimeOffset From, Money? UnitHour, Money? Month, Money? Minimum);

/// <summary>How many units are rented in a window, used or not.</summary>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant after it, or null while it has no end.</param>
/// <param name="Units">How many.</param>
public sealed record RentedUnits(DateTimeOffset From, DateTimeOffset? To, long Units);

/// <summary>Servers that one company rents from another.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Lessor">Who lets.</param>
/// <param name="Lessee">Who rents.</param>
/// <param name="Currency">The currency of its prices.</param>
/// <param name="From">The first instant it is in force.</param>
/// <param name="To">The first instant it no longer is, or null while it has no end.</param>
/// <param name="Versions">Its terms, by their first instants; the first one begins no later than the agreement.</param>
public sealed record RentAgreement(
    string Id, string Lessor, string Lessee, Currency Currency, DateTimeOffset From, DateTimeOffset? To, IReadOnlyList<RentVersion> Versions)
{
    /// <summary>The upstreams whose provisioned deployments use what is rented; empty for any.</summary>
    public IReadOnlyList<string> Upstreams { get; init; } = [];

    /// <summary>The type of deployments that use what is rented; null for any.</summary>
    public DeploymentType? Type { get; init; }

    /// <summary>What is rented; empty where what is used is charged.</summary>
    public IReadOnlyList<RentedUnits> Units { get; init; } = [];

    /// <summary>Is what is used charged, not what is rented?</summary>
    public bool IsMetered => Units.Count == 0;
}
