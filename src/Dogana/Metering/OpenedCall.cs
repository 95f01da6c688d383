using Dogana.Catalog;

namespace Dogana.Metering;

/// <summary>A call that is about to be sent: in the journal before anything leaves.</summary>
/// <param name="Id">The call's id, a version 7 UUID in its text form.</param>
/// <param name="Project">The project.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel it buys on.</param>
/// <param name="Key">The public id of the key.</param>
/// <param name="Deployment">The deployment called.</param>
/// <param name="Model">The model behind it.</param>
/// <param name="OpenedAt">When it was accepted.</param>
/// <param name="Held">The most that the call can cost.</param>
public sealed record OpenedCall(
    string Id, string Project, string Organisation, string Channel, string Key, string Deployment, string Model, DateTimeOffset OpenedAt, Money Held)
{
    /// <summary>Whom the customer buys it for; null when the call names nobody.</summary>
    public string? EndCustomer { get; init; }

    /// <summary>What it is marked with, as <see cref="UsageRecord.Tags"/>; null where nothing.</summary>
    public string? Tags { get; init; }

    /// <summary>The tier that it is served in.</summary>
    public ServiceTier ServiceTier { get; init; }

    /// <summary>The provisioned deployment that had no room for it; null where it is served by the one that was called.</summary>
    public string? SpilledFrom { get; init; }

    /// <summary>Is it served by capacity of the customer's own?</summary>
    public bool IsProvisioned { get; init; }

    /// <summary>The call's usage record.</summary>
    /// <param name="source">The node.</param>
    /// <param name="closedAt">When it ended.</param>
    /// <param name="ending">How.</param>
    /// <param name="usage">What it used.</param>
    /// <param name="charge">What budgets are charged with; null where nothing was held.</param>
    /// <param name="upstream">The upstream that it was sent to last; null where it was sent to none, or that is not known.</param>
    public UsageRecord Close(string source, DateTimeOffset closedAt, CallEnding ending, TokenUsage usage, Money? charge = null, string? upstream = null) => new()
    {
        Source = source,
        Id = Id,
        Project = Project,
        Organisation = Organisation,
        EndCustomer = EndCustomer,
        Channel = Channel,
        Key = Key,
        Deployment = Deployment,
        Model = Model,
        OpenedAt = OpenedAt,
        ClosedAt = closedAt,
        Ending = ending,
        InputTokens = usage.InputTokens,
        CachedInputTokens = usage.CachedInputTokens,
        CacheWriteTokens = usage.CacheWriteTokens,
        OutputTokens = usage.OutputTokens,
        IsEstimated = usage.IsEstimated,
        Tags = Tags,
        ServiceTier = ServiceTier,
        SpilledFrom = SpilledFrom,
        IsProvisioned = IsProvisioned,
        Upstream = upstream,
        Meter = usage.Units?.Meter.Name,
        Quantity = usage.Units?.Quantity ?? 0,
        Charge = charge,
    };
}

/// <summary>What a call counted other than the tokens of a conversation: images, seconds, characters.</summary>
/// <param name="Meter">A meter that is built in.</param>
/// <param name="Quantity">How many; never below zero.</param>
public readonly record struct MeteredUnits(Meter Meter, long Quantity);

/// <summary>What a call used: tokens by meter, no token in two of them, and what else it counted.</summary>
/// <param name="InputTokens">Prompt tokens that no cache served and that were not written to one.</param>
/// <param name="CachedInputTokens">Prompt tokens that the upstream's cache served.</param>
/// <param name="OutputTokens">Generated tokens.</param>
public readonly record struct TokenUsage(long InputTokens, long CachedInputTokens, long OutputTokens)
{
    /// <summary>Were they counted here, the upstream having said nothing that could be believed?</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Prompt tokens that the upstream wrote to its cache.</summary>
    public long CacheWriteTokens { get; init; }

    /// <summary>What it counted beside tokens; null for nothing.</summary>
    public MeteredUnits? Units { get; init; }

    /// <summary>All prompt tokens.</summary>
    public long PromptTokens => InputTokens + CachedInputTokens + CacheWriteTokens;

    /// <summary>All tokens, those that stand for sound among them.</summary>
    public long TotalTokens => PromptTokens + OutputTokens + (Units is { } units && units.Meter == Meter.AudioInputTokens ? units.Quantity : 0);
}
