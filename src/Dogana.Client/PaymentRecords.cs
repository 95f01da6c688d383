namespace Dogana.Client;

/// <summary>An invoice as it stands. Amounts are decimal text.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Seller">The seller's id.</param>
/// <param name="Organisation">The customer's id.</param>
/// <param name="Channel">The channel's id.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Payable">What was to be paid.</param>
/// <param name="Paid">Set off by payments.</param>
/// <param name="Credited">Set off by credit notes.</param>
/// <param name="WrittenOff">Given up.</param>
/// <param name="Open">What is left.</param>
/// <param name="Disputed">What is disputed of what is left.</param>
/// <param name="DueDate">The seller's date.</param>
/// <param name="State"><c>open</c>, <c>partly_paid</c>, <c>paid</c>, <c>overdue</c>, <c>disputed</c>, <c>uncollectible</c> or <c>credited</c>.</param>
/// <param name="Reminders">The level of the last reminder; 0 where there was none.</param>
public sealed record ReceivableRecord(
    string Number, string Seller, string Organisation, string Channel, string Currency, string Payable, string Paid, string Credited, string WrittenOff, string Open, string Disputed,
    string DueDate, string State, int Reminders);

/// <summary>What to give back of an invoice; all that is left of it with a reason alone.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Line">The position of the one line.</param>
/// <param name="Amount">How much, without tax.</param>
public sealed record CreditInvoiceRequest(string Reason, int? Line = null, string? Amount = null);

/// <summary>Why an invoice is given up.</summary>
/// <param name="Reason">Why.</param>
public sealed record WriteOffRequest(string Reason);

/// <summary>That a document was sent.</summary>
/// <param name="Number">The document.</param>
/// <param name="Times">How many times, this one included.</param>
public sealed record SentRecord(string Number, int Times);

/// <summary>What is disputed.</summary>
/// <param name="Reason">What is wrong.</param>
/// <param name="Line">The position of the line; the whole invoice when left out.</param>
public sealed record NewDisputeRequest(string Reason, int? Line = null);

/// <summary>How a dispute is decided.</summary>
/// <param name="Text">What is said to it.</param>
/// <param name="Accept">What is given back, without tax; it is rejected when left out.</param>
/// <param name="Line">The line that it is about; left out for one about the whole invoice.</param>
public sealed record ResolveDisputeRequest(string Text, string? Accept = null, int? Line = null);

/// <summary>A dispute.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Invoice">The invoice.</param>
/// <param name="Line">The line, or null for the whole invoice.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Amount">What was open of it, with tax.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="State"><c>open</c>, <c>accepted</c> or <c>rejected</c>.</param>
/// <param name="OpenedAt">When it was opened.</param>
/// <param name="OpenedBy">Who opened it.</param>
/// <param name="ResolvedAt">When it was decided.</param>
/// <param name="ResolvedBy">Who decided it.</param>
/// <param name="Resolution">What was said to it.</param>
/// <param name="CreditNote">The credit note that gave something back.</param>
public sealed record DisputeRecord(
    long Number, string Invoice, int? Line, string Reason, string Amount, string Currency, string State, DateTimeOffset OpenedAt, string OpenedBy, DateTimeOffset? ResolvedAt,
    string? ResolvedBy, string? Resolution, string? CreditNote);

/// <summary>A payment or refund to record.</summary>
/// <param name="Organisation">The customer.</param>
/// <param name="Seller">The seller.</param>
/// <param name="Amount">Above zero, in whole minor units.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Date">The bank's date, as <c>2026-02-10</c>.</param>
/// <param name="Reference">What the bank's statement says.</param>
/// <param name="Invoice">The invoice that it is for; looked for when left out.</param>
/// <param name="Id">Its own id, by which it is recorded once; made of the rest when left out.</param>
/// <param name="Allocate"><c>oldest</c>: where nothing says which invoices are meant, the oldest ones.</param>
public sealed record NewPaymentRequest(
    string Organisation, string Seller, string Amount, string Currency, string Date, string? Reference = null, string? Invoice = null, string? Id = null, string? Allocate = null);

/// <summary>What is to be set off of what is on account.</summary>
/// <param name="Invoice">The invoice; the oldest ones when left out.</param>
/// <param name="Amount">How much; all that is on account when left out.</param>
public sealed record AllocatePaymentRequest(string? Invoice = null, string? Amount = null);

/// <summary>What set off what.</summary>
/// <param name="Source">The payment, write-off or credit note.</param>
/// <param name="Target">The invoice or refund.</param>
/// <param name="Amount">Decimal text.</param>
public sealed record AllocationRecord(string Source, string Target, string Amount);

/// <summary>A payment, refund or write-off, and what became of it.</summary>
/// <param name="Number">Gap-free per seller.</param>
/// <param name="Kind"><c>payment</c>, <c>refund</c> or <c>write_off</c>.</param>
/// <param name="Seller">The seller's id.</param>
/// <param name="Organisation">The customer's id.</param>
/// <param name="Id">Its own id.</param>
/// <param name="Amount">Decimal text.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Date">The bank's date.</param>
/// <param name="Reference">What the bank's statement says.</param>
/// <param name="Allocations">What it set off.</param>
/// <param name="OnAccount">What is left of it.</param>
/// <param name="IsNew">False where it was recorded before.</param>
public sealed record PaymentRecord(
    string Number, string Kind, string Seller, string Organisation, string Id, string Amount, string Currency, string Date, string Reference,
    IReadOnlyList<AllocationRecord> Allocations, string OnAccount, bool IsNew);

/// <summary>What was set off.</summary>
/// <param name="Source">The payment or credit note.</param>
/// <param name="Allocations">What it set off now.</param>
/// <param name="OnAccount">What is left of it.</param>
public sealed record PaymentAllocationRecord(string Source, IReadOnlyList<AllocationRecord> Allocations, string OnAccount);

/// <summary>A row of a bank's statement that was not recorded.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Reason">Why.</param>
public sealed record RefusedPaymentRecord(int Line, string Reason);

/// <summary>What became of a bank's statement.</summary>
/// <param name="Payments">What was recorded, now or before.</param>
/// <param name="Refused">What was not.</param>
public sealed record PaymentImportResult(IReadOnlyList<PaymentRecord> Payments, IReadOnlyList<RefusedPaymentRecord> Refused);

/// <summary>A line of a statement of account.</summary>
/// <param name="Date">The seller's date.</param>
/// <param name="Kind"><c>invoice</c>, <c>credit_note</c>, <c>payment</c>, <c>refund</c>, <c>write_off</c> or <c>other</c>.</param>
/// <param name="Number">The document's number.</param>
/// <param name="Text">The payment's reference, or a description.</param>
/// <param name="Amount">What it raised the balance by.</param>
/// <param name="Balance">The balance behind it.</param>
public sealed record AccountLineRecord(string Date, string Kind, string Number, string Text, string Amount, string Balance);

/// <summary>What is open, by how many days it is overdue.</summary>
/// <param name="NotDue">Not due yet.</param>
/// <param name="Days1To30">1 to 30 days.</param>
/// <param name="Days31To60">31 to 60 days.</param>
/// <param name="Days61To90">61 to 90 days.</param>
/// <param name="Over90Days">More than 90 days.</param>
/// <param name="OnAccount">To be taken off: paid or given back, and set off against nothing.</param>
/// <param name="Other">What other documents left on the account.</param>
public sealed record AccountAgeingRecord(string NotDue, string Days1To30, string Days31To60, string Days61To90, string Over90Days, string OnAccount, string Other);

/// <summary>A customer's account with a seller in one currency. Above zero the customer owes.</summary>
/// <param name="Organisation">The customer's id.</param>
/// <param name="Seller">The seller's id.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="From">The first day; null from the beginning.</param>
/// <param name="To">The last day; null until now.</param>
/// <param name="Opening">The balance before.</param>
/// <param name="Lines">What changed it.</param>
/// <param name="Closing">The balance after.</param>
/// <param name="Ageing">What is open now; null where the statement ends before.</param>
public sealed record AccountStatementRecord(
    string Organisation, string Seller, string Currency, string? From, string? To, string Opening, IReadOnlyList<AccountLineRecord> Lines, string Closing, AccountAgeingRecord? Ageing);
