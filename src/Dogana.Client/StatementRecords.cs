namespace Dogana.Client;

/// <summary>A final partner statement, as stored: these very bytes are what its hash is over. Amounts are decimal text in its currency.</summary>
/// <param name="Document">The format: <c>dogana-statement-1</c>.</param>
/// <param name="Number">Gap-free per agreement.</param>
/// <param name="IssuedAt">When it became final.</param>
/// <param name="Agreement">The share agreement.</param>
/// <param name="Payer">Who owes the share.</param>
/// <param name="Payee">Whom it is owed to.</param>
/// <param name="Channel">The channel whose sales are shared.</param>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Opening">The closing balance of the statement before.</param>
/// <param name="Lines">A line for each invoice.</param>
/// <param name="Accruals">The sum of the lines' shares.</param>
/// <param name="Payments">What was paid since the statement before.</param>
/// <param name="Closing">Opening plus accruals less payments: what the payer owes.</param>
public sealed record StatementDocument(
    string Document, string Number, DateTimeOffset IssuedAt, string Agreement, DocumentParty Payer, DocumentParty Payee, string Channel, string Month,
    string Currency, string Opening, IReadOnlyList<StatementDocumentLine> Lines, string Accruals, string Payments, string Closing);

/// <summary>The share of one invoice.</summary>
/// <param name="Position">From 1.</param>
/// <param name="Invoice">The invoice's number.</param>
/// <param name="Month">The invoice's month.</param>
/// <param name="Net">The invoice's net amount.</param>
/// <param name="RateBasisPoints">The rate in 1/100 of a per cent.</param>
/// <param name="Share">Net × rate, rounded once to the currency's minor unit, half away from zero.</param>
public sealed record StatementDocumentLine(int Position, string Invoice, string Month, string Net, int RateBasisPoints, string Share);

/// <summary>A statement in a list.</summary>
/// <param name="Number">Gap-free per agreement.</param>
/// <param name="Agreement">The share agreement.</param>
/// <param name="Payer">The payer's id.</param>
/// <param name="Payee">The payee's id.</param>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Accruals">Decimal text.</param>
/// <param name="Closing">Decimal text: what the payer owes.</param>
/// <param name="Hash">SHA-256 of the stored document, lower-case hexadecimal.</param>
public sealed record StatementSummary(
    string Number, string Agreement, string Payer, string Payee, string Month, string Currency, string Accruals, string Closing, string Hash);
