using System.Text.Json.Serialization;

namespace Dogana.Client;

/// <summary>One call, as metered.</summary>
/// <param name="IngestSequence">Its number in the order of intake; the next page starts after the last one's.</param>
/// <param name="Source">The node that counted it.</param>
/// <param name="Id">The call's id: the <c>x-request-id</c> that the client saw.</param>
/// <param name="Project">The project.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Key">The public id of the key.</param>
/// <param name="Deployment">The deployment called.</param>
/// <param name="Model">The model behind it.</param>
/// <param name="OpenedAt">When it was accepted: decides price and month.</param>
/// <param name="ClosedAt">When it ended.</param>
/// <param name="Ending"><c>completed</c>, <c>client_closed</c>, <c>upstream_failed</c>, <c>interrupted</c>, <c>refused</c> or <c>cut</c>.</param>
/// <param name="InputTokens">Prompt tokens that no cache served and that were not written to one.</param>
/// <param name="CachedInputTokens">Prompt tokens that a cache served.</param>
/// <param name="OutputTokens">Generated tokens.</param>
/// <param name="IsEstimated">Were they counted by the gateway, because the upstream did not say?</param>
/// <param name="EndCustomer">Whom the customer bought it for, where the call named an end customer.</param>
/// <param name="Tags">What the call was marked with: <c>name=value</c>, with commas in between; null where nothing.</param>
/// <param name="ServiceTier"><c>batch</c>, <c>standard</c> or <c>priority</c>: how it was served.</param>
/// <param name="SpilledFrom">The provisioned deployment that had no room for it, where another one served it.</param>
/// <param name="UnitMinutes">Minutes of provisioned units; 0 for a call.</param>
/// <param name="Charge">What budgets were charged with, in <paramref name="ChargeCurrency"/>; null where nothing was held.</param>
/// <param name="ChargeCurrency">ISO 4217.</param>
/// <param name="IsProvisioned">Was it served by capacity of the customer's own, so that its tokens are not charged?</param>
/// <param name="ReservedUnitMinutes">Minutes of reserved units; 0 for a call.</param>
/// <param name="CacheWriteTokens">Prompt tokens that the upstream wrote to its cache.</param>
/// <param name="Upstream">The upstream that served it; only told to the platform's own users.</param>
/// <param name="Meter">What it counts beside tokens, as <c>generated_images</c>; of an outside event the meter of one's own. Null for nothing.</param>
/// <param name="Quantity">What it adds to that meter.</param>
/// <param name="VoidsSource">The source of what it takes back; null where it takes nothing back.</param>
/// <param name="VoidsId">The id of what it takes back.</param>
public sealed record UsageLine(
    long IngestSequence, string Source, string Id, string Project, string Organisation, string Channel, string Key, string Deployment, string Model,
    DateTimeOffset OpenedAt, DateTimeOffset ClosedAt, string Ending, long InputTokens, long CachedInputTokens, long OutputTokens, bool IsEstimated, string? EndCustomer,
    string? Tags, string ServiceTier, string? SpilledFrom, long UnitMinutes, decimal? Charge, string? ChargeCurrency,
    bool IsProvisioned = false, long ReservedUnitMinutes = 0, long CacheWriteTokens = 0, string? Upstream = null, string? Meter = null, long Quantity = 0, string? VoidsSource = null, string? VoidsId = null);

/// <summary>What became of usage events that were sent.</summary>
/// <param name="Accepted">How many are new and kept.</param>
/// <param name="Duplicates">How many were there already.</param>
/// <param name="Conflicts">How many contradict another event with their source and id; they were not taken.</param>
/// <param name="Refused">How many cannot be taken in.</param>
/// <param name="Results">One for each, in order.</param>
public sealed record UsageEventReport(int Accepted, int Duplicates, int Conflicts, int Refused, IReadOnlyList<UsageEventResult> Results);

/// <summary>What became of one event.</summary>
/// <param name="Id">Its id; null where it has none.</param>
/// <param name="Result"><c>accepted</c>, <c>duplicate</c>, <c>conflict</c> or <c>refused</c>.</param>
/// <param name="Source">Its source; null where it has none.</param>
public sealed record UsageEventResult(string? Id, string Result, string? Source)
{
    /// <summary>Why it was not taken; left out where it was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UsageEventError? Error { get; init; }
}

/// <summary>Why an event was not taken.</summary>
/// <param name="Code">As in the error envelope: <c>usage_conflict</c>, <c>meter_unknown</c>, <c>usage_from_future</c>, <c>invalid_request</c>, <c>not_found</c>.</param>
/// <param name="Message">For a person, with the remedy.</param>
/// <param name="Param">The attribute at fault, as <c>data.value</c>.</param>
public sealed record UsageEventError(string Code, string Message, string? Param);
