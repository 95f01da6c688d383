using System.Text.Json;

namespace Dogana.Client;

/// <summary>What is to be sent to a marketplace.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Format"><c>aws</c> or <c>azure</c>.</param>
/// <param name="Records">How many records the batches hold.</param>
/// <param name="Batches">Request bodies, each of at most 25 records, in the marketplace's own form.</param>
public sealed record ChannelExportBatches(string Channel, string Format, long Records, IReadOnlyList<JsonElement> Batches);

/// <summary>One hour of a resource and a dimension, as it was counted for a marketplace.</summary>
/// <param name="Export">The channel export.</param>
/// <param name="Hour">The hour's first instant.</param>
/// <param name="Resource">The marketplace's resource.</param>
/// <param name="Dimension">The marketplace's dimension.</param>
/// <param name="Units">Metered units when the hour was closed.</param>
/// <param name="Quantity">What is reported.</param>
/// <param name="State"><c>counted</c>, <c>written</c>, <c>accepted</c>, <c>duplicate</c> or <c>expired</c>.</param>
public sealed record ChannelExportRecord(string Export, DateTimeOffset Hour, string Resource, string Dimension, long Units, long Quantity, string State);

/// <summary>What a marketplace said of records.</summary>
/// <param name="Results">One for each record.</param>
public sealed record ChannelExportAcknowledgement(IReadOnlyList<ChannelExportResult> Results);

/// <summary>What a marketplace said of one record.</summary>
/// <param name="Hour">The hour's first instant.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Dimension">The dimension.</param>
/// <param name="Result"><c>accepted</c> (also HTTP 200), <c>duplicate</c> or <c>expired</c>.</param>
public sealed record ChannelExportResult(DateTimeOffset Hour, string Resource, string Dimension, string Result);

/// <summary>How many results were kept.</summary>
/// <param name="Acknowledged">How many.</param>
public sealed record ChannelExportAcknowledged(long Acknowledged);

/// <summary>Is every unit that was metered accounted for?</summary>
/// <param name="Month">The month of use, UTC; null for all time.</param>
/// <param name="Records">Usage records, those that take others back among them.</param>
/// <param name="Empty">Records that counted nothing, such as calls that were refused.</param>
/// <param name="Meters">One for each meter.</param>
/// <param name="Reconciled">Are all differences zero?</param>
public sealed record ReconcileReport(string? Month, long Records, long Empty, IReadOnlyList<MeterReconciliation> Meters, bool Reconciled)
{
    /// <summary>What organisations that resell bought for end customers, one for each meter. It is in <see cref="Meters"/> too: this is its second sale.</summary>
    public IReadOnlyList<RetailUsage> Retail { get; init; } = [];
}

/// <summary>A meter's units that were bought for end customers of organisations that resell.</summary>
/// <param name="Meter">Its name.</param>
/// <param name="Rated">Units that end customers are charged for.</param>
/// <param name="RatedEvents">Records of them.</param>
/// <param name="Unmatched">What they are not charged for: <c>no_retail_contract</c>, <c>no_retail_price</c> or <c>retail_out_of_range</c>.</param>
public sealed record RetailUsage(string Meter, long Rated, long RatedEvents, IReadOnlyList<UnmatchedUsage> Unmatched);

/// <summary>A meter's units: ingested = rated + voided + unmatched + waiting.</summary>
/// <param name="Meter">Its name.</param>
/// <param name="Events">Records that counted it, those that take others back among them.</param>
/// <param name="Ingested">Units, without what takes others back.</param>
/// <param name="Rated">Units on rated lines, less those that were taken back.</param>
/// <param name="Voided">Units that were taken back.</param>
/// <param name="Unmatched">What was not charged, by reason.</param>
/// <param name="Waiting">Units that accruals have not read yet.</param>
/// <param name="RatedEvents">Records on rated lines.</param>
/// <param name="WaitingEvents">Records that accruals have not read yet.</param>
/// <param name="Difference">Units that are missing on the right side: 0.</param>
/// <param name="EventsDifference">Records that are missing on the right side: 0.</param>
public sealed record MeterReconciliation(
    string Meter, long Events, long Ingested, long Rated, long Voided, IReadOnlyList<UnmatchedUsage> Unmatched, long Waiting, long RatedEvents, long WaitingEvents,
    long Difference, long EventsDifference);

/// <summary>Usage that was not charged.</summary>
/// <param name="Reason"><c>not_charged</c>, <c>provisioned</c>, <c>no_contract</c>, <c>no_price</c>, <c>out_of_range</c> or <c>invalid_quantity</c>.</param>
/// <param name="Events">Records.</param>
/// <param name="Quantity">Units.</param>
public sealed record UnmatchedUsage(string Reason, long Events, long Quantity);

/// <summary>What taking in an outside bill did.</summary>
/// <param name="Provider">Under whose name.</param>
/// <param name="FileHash">SHA-256 of the file, lower-case hexadecimal.</param>
/// <param name="Rows">Rows of the file.</param>
/// <param name="Added">Rows that were new.</param>
/// <param name="IgnoredColumns">Columns that FOCUS 1.2 does not have.</param>
public sealed record FocusImportReport(string Provider, string FileHash, long Rows, long Added, IReadOnlyList<string> IgnoredColumns);

/// <summary>What an outside provider billed for a month.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Month">The month that holds the billing period's middle, UTC, as <c>2026-01</c>.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="BilledCost">Decimal text, exact.</param>
public sealed record ImportedSum(string Provider, string Month, string Currency, long Rows, string BilledCost);
