using Dogana.Client;

namespace Dogana.Billing;

/// <summary>A final invoice: immutable.</summary>
/// <param name="Number">Gap-free per seller, for example <c>ACME-000001</c>.</param>
/// <param name="Seller">The seller's id.</param>
/// <param name="Organisation">The customer's id.</param>
/// <param name="Channel">The channel's id.</param>
/// <param name="Month">The month it is for.</param>
/// <param name="PeriodStart">The month's first instant in the customer's time zone.</param>
/// <param name="PeriodEnd">The first instant after it.</param>
/// <param name="IssuedAt">When it became final.</param>
/// <param name="Net">What is to be paid, in whole minor units.</param>
/// <param name="Json">The document (<see cref="InvoiceDocument"/>) as stored.</param>
/// <param name="Hash">SHA-256 of <paramref name="Json"/> in lower-case hexadecimal.</param>
public sealed record Invoice(
    string Number, string Seller, string Organisation, string Channel, BillingMonth Month, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd,
    DateTimeOffset IssuedAt, Money Net, string Json, string Hash)
{
    /// <summary>The invoice in a list.</summary>
    public InvoiceSummary ToSummary() =>
        new(Number, Seller, Organisation, Channel, Month.ToString(), IssuedAt, Net.Currency.Code, Net.ToAmountText(), Hash);
}
