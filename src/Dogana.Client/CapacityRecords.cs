namespace Dogana.Client;

/// <summary>A deployment with capacity of its own.</summary>
/// <param name="Deployment">Its name.</param>
/// <param name="Model">The model.</param>
/// <param name="Type"><c>global_provisioned</c>, <c>data_zone_provisioned</c> or <c>regional_provisioned</c>.</param>
/// <param name="Region">As it was declared.</param>
/// <param name="Project">Whose capacity it is.</param>
/// <param name="Organisation">The project's organisation.</param>
/// <param name="Units">How many units.</param>
/// <param name="WeightedTokensPerMinute">What they take in a minute.</param>
/// <param name="WeightedTokens">What is used or held now and has not drained.</param>
/// <param name="UtilisationPercent">The same as a part of the minute; above 100 calls are refused or spill over.</param>
/// <param name="Spillover">The standard deployment that serves what there is no room for; null where it is refused.</param>
public sealed record CapacityRecord(
    string Deployment, string Model, string Type, string Region, string Project, string Organisation, long Units, decimal WeightedTokensPerMinute, decimal WeightedTokens,
    decimal UtilisationPercent, string? Spillover);

/// <summary>What calls that were accepted in a minute used.</summary>
/// <param name="At">The minute's first instant.</param>
/// <param name="Calls">How many.</param>
/// <param name="WeightedTokens">Prompt tokens that no cache served, and generated ones by the model's ratio.</param>
/// <param name="Units">The most units that were held in it.</param>
/// <param name="UtilisationPercent">What they used of what the units take in a minute.</param>
public sealed record CapacityMinute(DateTimeOffset At, long Calls, decimal WeightedTokens, long Units, decimal UtilisationPercent);

/// <summary>How many units calls of one kind need.</summary>
/// <param name="Model">The model.</param>
/// <param name="Sizes">One for each type in which the model is offered.</param>
public sealed record CapacitySizing(string Model, IReadOnlyList<CapacitySize> Sizes);

/// <summary>How many units of a type are needed.</summary>
/// <param name="Type">The type.</param>
/// <param name="WeightedTokensPerMinute">What the calls come to in a minute.</param>
/// <param name="ExactUnits">The units for just that, to two digits.</param>
/// <param name="Units">The fewest that may be deployed: at least the minimum, in whole steps.</param>
public sealed record CapacitySize(string Type, decimal WeightedTokensPerMinute, decimal ExactUnits, long Units);

/// <summary>Units that are paid for a month or a year.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Organisation">Who pays.</param>
/// <param name="Channel">On which channel.</param>
/// <param name="Type">For which type of deployment.</param>
/// <param name="Region">For which region.</param>
/// <param name="Units">How many.</param>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant after it.</param>
public sealed record ReservationRecord(string Id, string Organisation, string Channel, string Type, string Region, long Units, DateTimeOffset From, DateTimeOffset To);
