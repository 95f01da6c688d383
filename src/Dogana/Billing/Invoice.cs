using Dogana.Client;

namespace Dogana.Billing;

/// <summary>What a final document of billing is. Stored by name; grows by appending.</summary>
public enum InvoiceKind
{
    /// <summary>What is charged.</summary>
    Invoice = 1,

    /// <summary>What is given back of an invoice.</summary>
    CreditNote = 2,
}

/// <summary>A final invoice or credit note: immutable.</summary>
/// <param name="Number">Gap-free per seller and kind, for example <c>ACME-000001</c>; credit notes <c>ACME-CN-000001</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Seller">The seller's id.</param>
/// <param name="Organisation">The customer's id.</param>
/// <param name="Channel">The channel's id.</param>
/// <param name="Contract">The contract's id.</param>
/// <param name="Month">The month in which its period ends.</param>
/// <param name="PeriodStart">The period's first instant.</param>
/// <param name="PeriodEnd">The first instant after it.</param>
/// <param name="IssuedAt">When it became final.</param>
/// <param name="DueAt">When it is to be paid.</param>
/// <param name="Net">Without tax, in whole minor units; below zero on a credit note.</param>
/// <param name="Tax">The tax.</param>
/// <param name="Payable">What is to be paid: net and tax, less prepaid credit.</param>
/// <param name="Corrects">The number of the invoice that a credit note is about, or null.</param>
/// <param name="Json">The document (<see cref="InvoiceDocument"/>) as stored.</param>
/// <param name="Hash">SHA-256 of <paramref name="Json"/> in lower-case hexadecimal.</param>
public sealed record Invoice(
    string Number, InvoiceKind Kind, string Seller, string Organisation, string Channel, string Contract, BillingMonth Month, DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd, DateTimeOffset IssuedAt, DateTimeOffset DueAt, Money Net, Money Tax, Money Payable, string? Corrects, string Json, string Hash)
{
    /// <summary>The document.</summary>
    /// <exception cref="InvalidOperationException">What is stored is not an invoice: the store was tampered with.</exception>
    public InvoiceDocument Document => DocumentText.Read<InvoiceDocument>(Json)
        ?? throw new InvalidOperationException($"The stored document of {Number} cannot be read. Run verify.");

    /// <summary>The invoice in a list.</summary>
    public InvoiceSummary ToSummary() => new(
        Number, EnumWords.Of(Kind), Seller, Organisation, Channel, Month.ToString(), IssuedAt, Net.Currency.Code, Net.ToAmountText(), Payable.ToAmountText(), Hash);
}
