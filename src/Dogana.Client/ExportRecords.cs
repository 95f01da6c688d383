namespace Dogana.Client;

/// <summary>Is every unit that was metered accounted for?</summary>
/// <param name="Month">The month of use, UTC; null for all time.</param>
/// <param name="Records">Usage records, those that take others back among them.</param>
/// <param name="Empty">Records that counted nothing, such as calls that were refused.</param>
/// <param name="Meters">One for each meter.</param>
/// <param name="Reconciled">Are all differences zero?</param>
public sealed record ReconcileReport(string? Month, long Records, long Empty, IReadOnlyList<MeterReconciliation> Meters, bool Reconciled);

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
