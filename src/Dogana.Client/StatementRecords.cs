using System.Text.Json.Serialization;

namespace Dogana.Client;

/// <summary>
/// A final partner statement, as stored: these very bytes are what its hash is over. One for two companies, a currency and a month. Amounts are decimal text in
/// the currency; what the payer owes the payee is above zero, what the payee owes the payer below.
/// </summary>
/// <param name="Document">The format: <c>dogana-statement-2</c>.</param>
/// <param name="Number">Gap-free per pair of companies, such as <c>CLOUD_OWNER-000001</c>.</param>
/// <param name="IssuedAt">When it became final.</param>
/// <param name="Payer">The company whose debts are above zero.</param>
/// <param name="Payee">The other one.</param>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Opening">The closing balance of the statement before.</param>
/// <param name="Legs">The shares, by leg of the agreements.</param>
/// <param name="TrueUps">What minimum guarantees add to the shares.</param>
/// <param name="Rents">Rent of servers.</param>
/// <param name="Payments">What one paid the other since the statement before.</param>
/// <param name="Remainders">What could not be reported to a marketplace any more; for the two to settle, it is in no amount here.</param>
/// <param name="Accruals">The sum of shares, true-ups and rents, without clawbacks.</param>
/// <param name="Clawbacks">The sum of what credit notes and corrections take back, its sign turned.</param>
/// <param name="Paid">The sum of the payments.</param>
/// <param name="Closing">Opening plus accruals less clawbacks less paid.</param>
/// <param name="NetOff">What each company's debt was set off against the other's by this statement.</param>
public sealed record StatementDocument(
    string Document, string Number, DateTimeOffset IssuedAt, DocumentParty Payer, DocumentParty Payee, string Month, string Currency, string Opening,
    IReadOnlyList<StatementLeg> Legs, IReadOnlyList<StatementTrueUp> TrueUps, IReadOnlyList<StatementRent> Rents, IReadOnlyList<StatementPayment> Payments,
    IReadOnlyList<StatementRemainder> Remainders, string Accruals, string Clawbacks, string Paid, string Closing, string NetOff);

/// <summary>The shares of one leg.</summary>
/// <param name="Agreement">The share agreement.</param>
/// <param name="Leg">The leg.</param>
/// <param name="Payer">Who owes the leg's shares.</param>
/// <param name="Channel">The channel whose documents are shared; null for all that the leg's payer invoices.</param>
/// <param name="Basis"><c>net</c>, <c>gross</c> or <c>collected</c>.</param>
/// <param name="Rates">The rates.</param>
/// <param name="Documents">The documents that it shares.</param>
/// <param name="CumulativeBasis">The basis of all its statements up to this one.</param>
/// <param name="Shares">The sum of the documents' shares.</param>
public sealed record StatementLeg(
    string Agreement, string Leg, string Payer, string? Channel, string Basis, IReadOnlyList<StatementRate> Rates, IReadOnlyList<StatementShare> Documents,
    string CumulativeBasis, string Shares);

/// <summary>A rate.</summary>
/// <param name="BasisPoints">1/100 of a per cent.</param>
/// <param name="UpTo">Of the cumulative basis up to this; left out on the last one.</param>
public sealed record StatementRate(int BasisPoints, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? UpTo);

/// <summary>The share of one document.</summary>
/// <param name="Number">The document's number.</param>
/// <param name="Kind"><c>invoice</c> or <c>credit_note</c>.</param>
/// <param name="Month">The document's month.</param>
/// <param name="Payment">The payment that was collected; left out where the document itself is shared.</param>
/// <param name="Lines">The lines that are in the leg's scope.</param>
/// <param name="Basis">The sum of the lines' basis.</param>
/// <param name="Share">The sum of the lines' shares.</param>
public sealed record StatementShare(
    string Number, string Kind, string Month, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Payment,
    IReadOnlyList<StatementShareLine> Lines, string Basis, string Share);

/// <summary>The share of one line of a document.</summary>
/// <param name="Line">The line's position.</param>
/// <param name="Basis">What it adds to the leg's basis.</param>
/// <param name="Share">What that adds to the rates over the leg's cumulative basis, rounded once and capped.</param>
public sealed record StatementShareLine(int Line, string Basis, string Share);

/// <summary>What a minimum guarantee adds.</summary>
/// <param name="Agreement">The share agreement.</param>
/// <param name="Leg">The leg.</param>
/// <param name="Payer">Who owes it.</param>
/// <param name="From">The first month it is for.</param>
/// <param name="To">The last month it is for.</param>
/// <param name="Minimum">The guarantee for these months.</param>
/// <param name="Shares">The leg's shares in them, in the leg's direction.</param>
/// <param name="Amount">What the guarantee adds; no more than the leg's cap leaves.</param>
public sealed record StatementTrueUp(string Agreement, string Leg, string Payer, string From, string To, string Minimum, string Shares, string Amount);

/// <summary>The rent of a month.</summary>
/// <param name="Agreement">The rent agreement.</param>
/// <param name="Lessor">Who lets.</param>
/// <param name="Lessee">Who rents, and owes it.</param>
/// <param name="Month">A calendar month of UTC.</param>
/// <param name="Unit">What is counted: <c>unit_minute</c>.</param>
/// <param name="Rented">Unit minutes that are paid for.</param>
/// <param name="Used">Unit minutes that customers' capacity took of them.</param>
/// <param name="Unused">Rented less used, no less than 0.</param>
/// <param name="Charges">What the month is charged.</param>
/// <param name="Total">The sum of the charges, in the lessee's direction.</param>
/// <param name="Before">What earlier statements charged of it already: usage that came late is charged later.</param>
/// <param name="Amount">What is charged by this statement.</param>
public sealed record StatementRent(
    string Agreement, string Lessor, string Lessee, string Month, string Unit, long Rented, long Used, long Unused, IReadOnlyList<StatementRentCharge> Charges,
    string Total, string Before, string Amount);

/// <summary>One charge of rent.</summary>
/// <param name="Kind"><c>units</c>, <c>fixed</c> or <c>minimum</c> (what the other charges leave of the minimum).</param>
/// <param name="From">Its first instant.</param>
/// <param name="To">The first instant after it.</param>
/// <param name="UnitMinutes">How many; 0 for what is not by units.</param>
/// <param name="Price">Of a unit's hour, or of a month; the minimum of the month.</param>
/// <param name="Amount">Rounded once.</param>
public sealed record StatementRentCharge(string Kind, DateTimeOffset From, DateTimeOffset To, long UnitMinutes, string Price, string Amount);

/// <summary>A payment between the two companies.</summary>
/// <param name="From">Who paid.</param>
/// <param name="Reference">Names it: recorded once.</param>
/// <param name="PaidOn">The day, as <c>2026-02-14</c>.</param>
/// <param name="Amount">Decimal text; below zero where the payee paid the payer.</param>
public sealed record StatementPayment(string From, string Reference, string PaidOn, string Amount);

/// <summary>What could not be reported to a marketplace.</summary>
/// <param name="Export">The channel export.</param>
/// <param name="Dimension">The marketplace's dimension.</param>
/// <param name="Month">The month of the usage.</param>
/// <param name="Units">Metered units beyond what was reported and was told on statements before.</param>
/// <param name="UnitsPerQuantity">How many units the marketplace counts as one.</param>
public sealed record StatementRemainder(string Export, string Dimension, string Month, long Units, long UnitsPerQuantity);

/// <summary>A statement in a list.</summary>
/// <param name="Number">Gap-free per pair of companies.</param>
/// <param name="Payer">The company whose debts are above zero.</param>
/// <param name="Payee">The other one.</param>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Accruals">Decimal text.</param>
/// <param name="Clawbacks">Decimal text.</param>
/// <param name="Paid">Decimal text.</param>
/// <param name="Closing">Decimal text: what the payer owes; below zero what the payee does.</param>
/// <param name="Hash">SHA-256 of the stored document, lower-case hexadecimal.</param>
public sealed record StatementSummary(
    string Number, string Payer, string Payee, string Month, string Currency, string Accruals, string Clawbacks, string Paid, string Closing, string Hash);

/// <summary>A payment between partners, to be recorded.</summary>
/// <param name="From">Who paid.</param>
/// <param name="To">Who was paid.</param>
/// <param name="Amount">Decimal text above zero, in whole minor units.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="PaidOn">The day, as <c>2026-02-14</c>.</param>
/// <param name="Reference">Names it: of the two companies the same reference records once.</param>
public sealed record SettlementPaymentRequest(string From, string To, string Amount, string Currency, string PaidOn, string Reference);

/// <summary>A recorded payment between partners.</summary>
/// <param name="Number">From 1, in the order of recording.</param>
/// <param name="From">Who paid.</param>
/// <param name="To">Who was paid.</param>
/// <param name="Amount">Decimal text.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="PaidOn">The day.</param>
/// <param name="Reference">Its name.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="Actor">Who recorded it.</param>
public sealed record SettlementPaymentRecord(
    long Number, string From, string To, string Amount, string Currency, string PaidOn, string Reference, DateTimeOffset RecordedAt, string Actor);

/// <summary>What a channel's seller keeps of what it sold in a month, in one currency.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Seller">Its seller.</param>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Sold">Net invoiced by invoices of the month.</param>
/// <param name="Credited">Net given back by credit notes of the month.</param>
/// <param name="SharesPaid">Shares of these documents that the seller owes.</param>
/// <param name="SharesReceived">Shares of these documents that the seller is owed.</param>
/// <param name="Margin">Sold less credited less shares paid plus shares received.</param>
/// <param name="MarginBasisPoints">The margin in 1/100 of a per cent of sold less credited, rounded half away from zero; null where that is nothing.</param>
public sealed record ChannelMarginRecord(
    string Channel, string Seller, string Month, string Currency, string Sold, string Credited, string SharesPaid, string SharesReceived, string Margin, long? MarginBasisPoints);
