namespace Dogana.Client;

/// <summary>What one batch of usage added to what a customer is charged for an hour, model, meter and price. Amounts are decimal text, exact to 10⁻¹².</summary>
/// <param name="Number">The line's number; the next page starts after the last one's.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Seller">The seller.</param>
/// <param name="Contract">The contract.</param>
/// <param name="PeriodStart">The first instant of the billing period.</param>
/// <param name="Hour">The UTC hour in which the calls were opened: from here on.</param>
/// <param name="Model">The model.</param>
/// <param name="Meter">What was counted.</param>
/// <param name="Records">Meters of usage in it.</param>
/// <param name="Quantity">Units.</param>
/// <param name="PriceBook">The price book.</param>
/// <param name="PriceEffectiveFrom">The version within the book.</param>
/// <param name="PriceKey">The price within the version: <c>unit</c>, <c>graduated</c>, <c>priority</c> and the like.</param>
/// <param name="UnitPrice">The price of <paramref name="Per"/> units; null where it goes by tiers.</param>
/// <param name="Per">Units that the price is for.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Amount">What the usage adds to the period's cost.</param>
/// <param name="FirstSequence">The lowest ingest sequence of its usage.</param>
/// <param name="LastSequence">The highest.</param>
/// <param name="LedgerCause">The cause of the ledger entry that it is part of.</param>
public sealed record RatedLineRecord(
    long Number, string Organisation, string Channel, string Seller, string Contract, DateTimeOffset PeriodStart, DateTimeOffset Hour, string Model, string Meter, long Records, long Quantity,
    string PriceBook, DateTimeOffset PriceEffectiveFrom, string PriceKey, string? UnitPrice, long Per, string Currency, string Amount, long FirstSequence, long LastSequence, string LedgerCause);

/// <summary>A meter of usage that a rated line adds up.</summary>
/// <param name="Source">With <paramref name="Id"/> the usage record's permanent key.</param>
/// <param name="Id">The call's id, or the event's.</param>
/// <param name="IngestSequence">Its place in the order of intake.</param>
/// <param name="At">When the call was opened.</param>
/// <param name="Meter">What was counted.</param>
/// <param name="Quantity">Units.</param>
public sealed record RatedUsage(string Source, string Id, long IngestSequence, DateTimeOffset At, string Meter, long Quantity);

/// <summary>How a line of a document came about.</summary>
/// <param name="Number">The document.</param>
/// <param name="Line">The line.</param>
/// <param name="Explanation">In words.</param>
/// <param name="RatedLines">A page of the rated lines that it stands on.</param>
/// <param name="Next">The rated line after which the next page begins; null where this is the last one.</param>
public sealed record InvoiceLineExplanation(string Number, InvoiceDocumentLine Line, string Explanation, IReadOnlyList<RatedLineRecord> RatedLines, long? Next);

/// <summary>A rated line and the usage that it adds up.</summary>
/// <param name="Line">The line.</param>
/// <param name="Usage">A page of its usage, by ingest sequence.</param>
public sealed record RatedLineUsage(RatedLineRecord Line, IReadOnlyList<RatedUsage> Usage);
