namespace Dogana.Client;

/// <summary>An organisation and the family it belongs to.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Parent">Its owner, or null.</param>
/// <param name="Family">The organisation at the top.</param>
public sealed record OrganisationRecord(string Id, string Name, string Country, string TimeZone, string? Parent, string Family);

/// <summary>One change that somebody made.</summary>
/// <param name="Sequence">Rises without a gap.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who: an admin key's id, or <c>operator</c>.</param>
/// <param name="Action">What, as <c>key.create</c>.</param>
/// <param name="Subject">To what.</param>
/// <param name="Detail">More of it.</param>
public sealed record AuditRecord(long Sequence, DateTimeOffset At, string Actor, string Action, string Subject, string Detail);
