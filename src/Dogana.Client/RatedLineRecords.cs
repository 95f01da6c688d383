namespace Dogana.Client;

/// <summary>What one meter of one call costs, and by which price. Amounts are decimal text, exact to 10⁻¹².</summary>
/// <param name="Number">The line's number; the next page starts after the last one's.</param>
/// <param name="UsageSource">With <paramref name="UsageId"/> the usage record's key.</param>
/// <param name="UsageId">The call's id.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Seller">The seller.</param>
/// <param name="Model">The model.</param>
/// <param name="Meter">What was counted.</param>
/// <param name="At">When the call was opened: decides price and month.</param>
/// <param name="Quantity">Units.</param>
/// <param name="PriceBook">The price book.</param>
/// <param name="PriceEffectiveFrom">The version within the book.</param>
/// <param name="UnitPrice">The price of <paramref name="Per"/> units.</param>
/// <param name="Per">Units that the price is for.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Amount">Quantity × price.</param>
/// <param name="LedgerCause">The cause of the ledger entry that it is part of.</param>
/// <param name="Invoice">The invoice that charged it, or null while there is none.</param>
public sealed record RatedLineRecord(
    long Number, string UsageSource, string UsageId, string Organisation, string Channel, string Seller, string Model, string Meter, DateTimeOffset At,
    long Quantity, string PriceBook, DateTimeOffset PriceEffectiveFrom, string UnitPrice, long Per, string Currency, string Amount, string LedgerCause, string? Invoice);
