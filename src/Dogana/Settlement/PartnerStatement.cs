using Dogana.Billing;
using Dogana.Client;

namespace Dogana.Settlement;

/// <summary>A final statement between two companies: immutable.</summary>
/// <param name="Number">Gap-free per agreement, for example <c>CLOUD-SHARE-000001</c>.</param>
/// <param name="Agreement">The share agreement's id.</param>
/// <param name="Payer">Who owes.</param>
/// <param name="Payee">Who is owed.</param>
/// <param name="Month">The month it was made for.</param>
/// <param name="IssuedAt">When it became final.</param>
/// <param name="Accruals">The shares of its invoices.</param>
/// <param name="Closing">What the payer owes after it.</param>
/// <param name="Json">The document (<see cref="StatementDocument"/>) as stored.</param>
/// <param name="Hash">SHA-256 of <paramref name="Json"/> in lower-case hexadecimal.</param>
public sealed record PartnerStatement(
    string Number, string Agreement, string Payer, string Payee, BillingMonth Month, DateTimeOffset IssuedAt, Money Accruals, Money Closing, string Json, string Hash)
{
    /// <summary>The statement in a list.</summary>
    public StatementSummary ToSummary() => new(
        Number, Agreement, Payer, Payee, Month.ToString(), Accruals.Currency.Code, Accruals.ToAmountText(), Closing.ToAmountText(), Hash);
}
