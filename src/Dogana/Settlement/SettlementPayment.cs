using Dogana.Client;

namespace Dogana.Settlement;

/// <summary>A payment from one partner to the other.</summary>
/// <param name="Number">From 1, in the order of recording.</param>
/// <param name="From">Who paid.</param>
/// <param name="To">Who was paid.</param>
/// <param name="Reference">Names it: from one to the other the same reference is one payment.</param>
/// <param name="Amount">Above zero, in whole minor units.</param>
/// <param name="PaidOn">The day, as <c>2026-02-14</c>.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="Actor">Who recorded it.</param>
public sealed record SettlementPayment(long Number, string From, string To, string Reference, Money Amount, string PaidOn, DateTimeOffset RecordedAt, string Actor)
{
    /// <summary>As the admin API has it.</summary>
    public SettlementPaymentRecord ToRecord() => new(Number, From, To, Amount.ToAmountText(), Amount.Currency.Code, PaidOn, Reference, RecordedAt, Actor);
}
