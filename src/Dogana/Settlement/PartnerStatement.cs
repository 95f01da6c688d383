using Dogana.Billing;
using Dogana.Client;

namespace Dogana.Settlement;

/// <summary>A final statement between two companies, of a month and a currency: immutable. What the payer owes is above zero, what the payee owes below.</summary>
/// <param name="Number">Gap-free per pair of companies, for example <c>CLOUD_OWNER-000001</c>.</param>
/// <param name="Payer">The company whose debts are above zero: who owed first.</param>
/// <param name="Payee">The other one.</param>
/// <param name="Month">The month it was made for.</param>
/// <param name="IssuedAt">When it became final.</param>
/// <param name="Accruals">Shares, true-ups and rents.</param>
/// <param name="Clawbacks">What credit notes and corrections take back.</param>
/// <param name="Paid">What was paid since the statement before.</param>
/// <param name="Closing">What the payer owes after it.</param>
/// <param name="Json">The document (<see cref="StatementDocument"/>) as stored.</param>
/// <param name="Hash">SHA-256 of <paramref name="Json"/> in lower-case hexadecimal.</param>
public sealed record PartnerStatement(
    string Number, string Payer, string Payee, BillingMonth Month, DateTimeOffset IssuedAt, Money Accruals, Money Clawbacks, Money Paid, Money Closing, string Json, string Hash)
{
    /// <summary>The statement in a list.</summary>
    public StatementSummary ToSummary() => new(
        Number, Payer, Payee, Month.ToString(), Accruals.Currency.Code, Accruals.ToAmountText(), Clawbacks.ToAmountText(), Paid.ToAmountText(), Closing.ToAmountText(), Hash);
}
