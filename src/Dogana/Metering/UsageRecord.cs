using System.Text.Json.Serialization;
using Dogana.Catalog;

namespace Dogana.Metering;

/// <summary>How a call ended. Stored by name; grows by appending.</summary>
public enum CallEnding
{
    /// <summary>The whole answer was handed over to the client.</summary>
    Completed = 1,

    /// <summary>The client went away first; what was generated until then is charged.</summary>
    ClientClosed = 2,

    /// <summary>The upstream failed before its answer was whole. Not charged.</summary>
    UpstreamFailed = 3,

    /// <summary>This server died or was killed while the call was open. Not charged.</summary>
    Interrupted = 4,

    /// <summary>The call was refused after it was opened. Not charged.</summary>
    Refused = 5,

    /// <summary>It was broken off because it may be served no longer; what the client received until then is charged.</summary>
    Cut = 6,
}

/// <summary>What names a usage record or event for ever.</summary>
/// <param name="Source">Who counted it.</param>
/// <param name="Id">Its id there.</param>
public sealed record UsageKey(string Source, string Id);

/// <summary>
/// One call, as metered; an hour of provisioned capacity; an outside event; or what takes one of these back. Every call that was opened gets exactly one.
/// Append-only.
/// </summary>
public sealed record UsageRecord
{
    /// <summary>The node (or outside meter) that counted it. With <see cref="Id"/> the permanent key.</summary>
    public required string Source { get; init; }

    /// <summary>The call's own id, a version 7 UUID in its text form; never the upstream's.</summary>
    public required string Id { get; init; }

    /// <summary>Given at intake, from one counter: rises without a gap in the order of commits. 0 before intake.</summary>
    public long IngestSequence { get; init; }

    /// <summary>The project.</summary>
    public required string Project { get; init; }

    /// <summary>The customer.</summary>
    public required string Organisation { get; init; }

    /// <summary>Whom the customer bought it for, where the call named an end customer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] // as below
    public string? EndCustomer { get; init; }

    /// <summary>The channel it bought on.</summary>
    public required string Channel { get; init; }

    /// <summary>The public id of the key that was used.</summary>
    public required string Key { get; init; }

    /// <summary>The deployment that was called.</summary>
    public required string Deployment { get; init; }

    /// <summary>The model behind it.</summary>
    public required string Model { get; init; }

    /// <summary>When the call was accepted: the instant that decides its price and its billing period.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset ClosedAt { get; init; }

    /// <summary>How it ended.</summary>
    public required CallEnding Ending { get; init; }

    /// <summary>Prompt tokens that no cache served and that were not written to one.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Prompt tokens that the upstream's cache served.</summary>
    public required long CachedInputTokens { get; init; }

    /// <summary>Generated tokens.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Were the tokens counted by the gateway, because the upstream did not say what the call used?</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] // so that the hash of a record from before there were estimates stays what it was
    public bool IsEstimated { get; init; }

    /// <summary>What the caller and its key marked the call with: <c>name=value</c>, by name, with commas in between; null where nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Tags { get; init; }

    /// <summary>The tier that it was served in.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ServiceTier ServiceTier { get; init; }

    /// <summary>The provisioned deployment that was called and had no room, where the call was served by <see cref="Deployment"/> in its place.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? SpilledFrom { get; init; }

    /// <summary>Was the call served by capacity of the customer's own? Its tokens are counted and not charged: the capacity is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsProvisioned { get; init; }

    /// <summary>Minutes of provisioned units that were kept for the customer; 0 for a call.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long UnitMinutes { get; init; }

    /// <summary>Minutes of units that the customer had reserved, used or not; 0 for a call.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ReservedUnitMinutes { get; init; }

    /// <summary>How many of <see cref="ReservedUnitMinutes"/> covered units that were held; null for anything but a reservation, and where it was not recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long? CoveredUnitMinutes { get; init; }

    /// <summary>Prompt tokens that the upstream wrote to its cache.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long CacheWriteTokens { get; init; }

    /// <summary>The upstream that served it, or was tried last; null where none was, or that is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Upstream { get; init; }

    /// <summary>All prompt tokens: what chooses among prices for long and short prompts.</summary>
    [JsonIgnore]
    public long PromptTokens => InputTokens + CachedInputTokens + CacheWriteTokens;

    /// <summary>What an outside event counts, by a meter of one's own; or a call beside tokens, by one that is built in. Null where nothing but tokens and capacity was counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Meter { get; init; }

    /// <summary>Is it an outside event: does it count a meter of one's own?</summary>
    [JsonIgnore]
    public bool IsEvent => Meter is not null && Catalog.Meter.Find(Meter) is { IsBuiltIn: false };

    /// <summary>
    /// What it adds to <see cref="Meter"/>. Where a meter takes the highest, last or the different values of a window, what the event
    /// changed about that, and <see cref="OpenedAt"/> is the window's first instant.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Quantity { get; init; }

    /// <summary>The record that this one takes back: all that it counted stands here again, below zero, with the same <see cref="OpenedAt"/>. Null for any other.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public UsageKey? Voids { get; init; }

    /// <summary>An event's value in a window of the highest, last or different ones; null for any other.</summary>
    internal string? EventValue { get; init; }

    /// <summary>The hash of what was sent, for outside events; null where it is that of the record.</summary>
    internal string? PayloadHash { get; init; }

    /// <summary>What budgets were charged with when it was closed: by the prices at <see cref="OpenedAt"/>, as it is rated later; null where nothing was held.</summary>
    [JsonIgnore]
    public Money? Charge
    {
        get => ChargeCurrency is null ? null : Money.FromParts(ChargeMicro, ChargePico, Currency.Of(ChargeCurrency));
        init => (ChargeCurrency, ChargeMicro, ChargePico) = (value?.Currency.Code, value?.Micro ?? 0, value?.Pico ?? 0);
    }

    [JsonInclude, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    internal string? ChargeCurrency { get; init; }

    [JsonInclude, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    internal long ChargeMicro { get; init; }

    [JsonInclude, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    internal long ChargePico { get; init; }
}
