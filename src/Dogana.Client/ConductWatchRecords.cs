namespace Dogana.Client;

/// <summary>How many of a node's served calls conduct saw in an hour.</summary>
/// <param name="Hour">The hour's first instant, UTC.</param>
/// <param name="Node">The node.</param>
/// <param name="Offered">Calls that were served.</param>
/// <param name="LookedAt">Of them, calls that were looked at.</param>
/// <param name="Dropped">Of them, calls that were not: the queue was full, or looking at them failed.</param>
/// <param name="Refused">Findings that could not be recorded; the node's log says why.</param>
public sealed record ConductCoverageRecord(DateTimeOffset Hour, string Node, long Offered, long LookedAt, long Dropped, long Refused);

/// <summary>A set of indicators that was taken over from others.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">Its version, as its maker says.</param>
/// <param name="Signatures">The ids of its signatures.</param>
/// <param name="ImportedAt">When it was taken over.</param>
/// <param name="ImportedBy">By whom.</param>
public sealed record IndicatorsRecord(string Id, string Version, IReadOnlyList<string> Signatures, DateTimeOffset ImportedAt, string ImportedBy);

/// <summary>Indicators to be taken over.</summary>
/// <param name="Document">The document that another one exported: JSON of the format <c>dogana-conduct-indicators/1</c>, as text.</param>
public sealed record ImportIndicatorsRequest(string Document);

/// <summary>All signatures that are looked for, as a document that others can import.</summary>
/// <param name="Document">JSON of the format <c>dogana-conduct-indicators/1</c>, as text.</param>
public sealed record IndicatorsDocument(string Document);
