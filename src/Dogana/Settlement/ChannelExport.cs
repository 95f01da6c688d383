using Dogana.Billing;
using Dogana.Catalog;

namespace Dogana.Settlement;

/// <summary>Which marketplace's form records of usage have. Stored by name; grows by appending.</summary>
public enum ExportFormat
{
    /// <summary>AWS Marketplace, <c>BatchMeterUsage</c>: records of at most 6 hours ago.</summary>
    Aws = 1,

    /// <summary>Azure Marketplace, <c>batchUsageEvent</c>: one event for an hour, a resource and a dimension, of at most 24 hours ago.</summary>
    Azure = 2,
}

/// <summary>What became of an hour's record. Stored by name; grows by appending.</summary>
public enum ExportState
{
    /// <summary>The hour was counted, and gave nothing to report.</summary>
    Counted = 1,

    /// <summary>Given out, to be sent.</summary>
    Written = 2,

    /// <summary>The marketplace has it.</summary>
    Accepted = 3,

    /// <summary>The marketplace had it already.</summary>
    Duplicate = 4,

    /// <summary>The marketplace takes it no more, or never got it in time.</summary>
    Expired = 5,
}

/// <summary>What a marketplace counts, and of which meters it is made.</summary>
/// <param name="Dimension">The marketplace's name.</param>
/// <param name="Models">Which models' usage; empty for all.</param>
/// <param name="Meters">Which meters are added up.</param>
/// <param name="UnitsPerQuantity">How many units the marketplace counts as one.</param>
/// <param name="Included">How many of a calendar month of UTC its fixed fee pays for: they are not reported.</param>
public sealed record ExportDimension(string Dimension, IReadOnlyList<string> Models, IReadOnlyList<Meter> Meters, long UnitsPerQuantity, long Included);

/// <summary>How a channel's usage is reported to the marketplace that bills for it, in hours of UTC.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Format">The marketplace's form.</param>
/// <param name="Resource">What the marketplace sold: Azure's resource id, AWS's licence ARN.</param>
/// <param name="From">The first hour.</param>
/// <param name="To">The first hour after it, or null while it has no end.</param>
/// <param name="Dimensions">What is counted.</param>
public sealed record ChannelExport(
    string Id, string Channel, ExportFormat Format, string Resource, DateTimeOffset From, DateTimeOffset? To, IReadOnlyList<ExportDimension> Dimensions)
{
    /// <summary>Whose usage it is; null for all of the channel's.</summary>
    public string? Organisation { get; init; }

    /// <summary>AWS's product code, where the product needs one.</summary>
    public string? Product { get; init; }

    /// <summary>AWS's account of the customer.</summary>
    public string? Customer { get; init; }

    /// <summary>Azure's plan.</summary>
    public string? Plan { get; init; }

    /// <summary>How many minutes after its end an hour is closed: what comes later is not reported.</summary>
    public long SettleMinutes { get; init; } = 30;

    /// <summary>How long after an hour's first instant the marketplace takes its record. AWS: BatchMeterUsage; Azure: marketplace metering service.</summary>
    public TimeSpan Limit => Format == ExportFormat.Aws ? TimeSpan.FromHours(6) : TimeSpan.FromHours(24);

    /// <summary>Is an hour over, with the time for what comes late?</summary>
    public bool IsClosed(DateTimeOffset hour, DateTimeOffset now) => hour.AddHours(1).AddMinutes(SettleMinutes) <= now;

    /// <summary>Does the marketplace take an hour's record no more?</summary>
    public bool IsExpired(DateTimeOffset hour, DateTimeOffset now) => now >= hour + Limit;

    /// <summary>What is to be reported of a month in which so many units were counted: whole quantities above what is included.</summary>
    public static long Due(ExportDimension dimension, long units)
    {
        ArgumentNullException.ThrowIfNull(dimension);
        return Math.Max(0, units / dimension.UnitsPerQuantity - dimension.Included);
    }
}

/// <summary>One hour of a resource and a dimension: there is one, ever.</summary>
/// <param name="Export">The channel export.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Hour">Its first instant.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Dimension">The dimension.</param>
/// <param name="Month">The calendar month of UTC.</param>
/// <param name="Units">What was counted when the hour was closed.</param>
/// <param name="Quantity">What is reported.</param>
/// <param name="State">What became of it.</param>
/// <param name="WrittenAt">When it was counted.</param>
public sealed record ExportedHour(
    string Export, string Channel, DateTimeOffset Hour, string Resource, string Dimension, BillingMonth Month, long Units, long Quantity, ExportState State, DateTimeOffset WrittenAt)
{
    /// <summary>Does the marketplace have it, as far as is known?</summary>
    public bool IsReported => State is ExportState.Written or ExportState.Accepted or ExportState.Duplicate;
}
