namespace Dogana.Billing;

/// <summary>What money, or the want of it, did to a customer's account. Stored by name; grows by appending.</summary>
public enum PaymentKind
{
    /// <summary>The customer paid.</summary>
    Payment = 1,

    /// <summary>The customer was paid back what was on account.</summary>
    Refund = 2,

    /// <summary>An invoice will not be paid.</summary>
    WriteOff = 3,
}

/// <summary>A payment, a refund or a write-off, as recorded. Never changes.</summary>
/// <param name="Number">Gap-free per seller, for example <c>ACME-PAY-000001</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Seller">Whom it was paid to.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="ExternalId">Its own id, by which it is recorded once: the bank's, or what it is made of.</param>
/// <param name="Amount">Above zero, in whole minor units.</param>
/// <param name="PaidOn">The bank's date, as <c>2026-02-10</c>.</param>
/// <param name="Reference">What the bank's statement says, or why it was written off.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="RecordedBy">Who recorded it.</param>
public sealed record Payment(
    string Number, PaymentKind Kind, string Seller, string Organisation, string ExternalId, Money Amount, string PaidOn, string Reference, DateTimeOffset RecordedAt, string RecordedBy);

/// <summary>What sets off what: a payment, a write-off or a credit note against an invoice, or either against a refund.</summary>
/// <param name="Source">The number of the payment, write-off or credit note.</param>
/// <param name="Target">The number of the invoice or refund.</param>
/// <param name="Amount">Above zero.</param>
public sealed record Allocation(string Source, string Target, Money Amount);

/// <summary>A payment that is to be recorded.</summary>
/// <param name="Organisation">The customer.</param>
/// <param name="Seller">Whom it was paid to.</param>
/// <param name="Amount">Above zero, in whole minor units.</param>
/// <param name="PaidOn">The bank's date, as <c>2026-02-10</c>.</param>
/// <param name="Reference">What the bank's statement says.</param>
public sealed record NewPayment(string Organisation, string Seller, Money Amount, string PaidOn, string Reference)
{
    /// <summary>Its own id; made of all that it is where the bank has none.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The invoice that it is for; null to look for it.</summary>
    public string? Invoice { get; init; }

    /// <summary>Set the rest off against the oldest invoices, where nothing says which ones are meant.</summary>
    public bool PaysOldest { get; init; }
}

/// <summary>A recorded payment and what became of it.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Allocations">What it set off.</param>
/// <param name="OnAccount">What is left of it.</param>
/// <param name="IsNew">False where it was recorded before.</param>
public sealed record PaymentState(Payment Payment, IReadOnlyList<Allocation> Allocations, Money OnAccount, bool IsNew = false);

/// <summary>What was set off of what was on account.</summary>
/// <param name="Source">The number of the payment or credit note.</param>
/// <param name="Allocations">What it set off now.</param>
/// <param name="OnAccount">What is left of it.</param>
public sealed record PaymentAllocation(string Source, IReadOnlyList<Allocation> Allocations, Money OnAccount);
