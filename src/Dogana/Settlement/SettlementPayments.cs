using System.Globalization;
using Dogana.Audit;
using Dogana.Ledger;
using Dogana.Parties;
using Dogana.Settlement.Statements;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>Payments between partners. Each is posted in both books when it is recorded, and stands on the next statement of the two.</summary>
public static class SettlementPayments
{
    private const int ReferenceMax = 200;

    /// <summary>
    /// Records a payment. The same reference from the same payer to the same payee gives what is there; with other content it is a
    /// <see cref="ProblemCode.Conflict"/>.
    /// </summary>
    public static async Task<Outcome<SettlementPayment>> PayAsync(
        StoreSession session, string from, string to, Money amount, string paidOn, string reference, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(reference);
        var parties = await PartyRegister.ReadAsync(session);
        var problem = !parties.Organisations.ContainsKey(from) ? Wrong($"There is no organisation '{from}'. Name who paid.", "from")
            : !parties.Organisations.ContainsKey(to) || from == to ? Wrong($"'{to}' is no other organisation. Name who was paid.", "to")
            : amount.Amount <= 0 || amount.Round() != amount ? Wrong($"An amount is above 0 and in whole minor units of {amount.Currency}. Write one such as \"46.91\".", "amount")
            : !DateOnly.TryParseExact(paidOn, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? Wrong($"'{paidOn}' is no day. Write it as 2026-02-14.", "paid_on")
            : reference.Length is 0 or > ReferenceMax || reference.Any(char.IsControl) ? Wrong($"A reference has 1 to {ReferenceMax} characters on one line.", "reference")
            : null;
        if (problem is not null)
        {
            return problem;
        }

        if (await PaymentRows.FindAsync(session, from, to, reference) is { } before)
        {
            return before.Amount == amount && before.PaidOn == paidOn ? before
                : new Problem(ProblemCode.Conflict, $"'{reference}' from {from} to {to} is recorded with other content: {before.Amount} on {before.PaidOn}. Give this payment a reference of its own.", "reference");
        }

        var payment = new SettlementPayment(
            await session.NextAsync(PaymentRows.Counter), from, to, reference, amount, paidOn, StoredTime.FromMicros(now.ToMicros()), actor);
        await PaymentRows.InsertAsync(session, payment);
        await LedgerJournal.PostAsync(session, PaymentRows.EntryOf(payment), now);
        await AuditLog.WriteAsync(session, now, actor, "settlement.pay", PaymentRows.Cause(payment.Number), $"{from} to {to}: {amount}, {reference}");
        return payment;
    }

    /// <summary>At most <paramref name="limit"/> payments numbered above <paramref name="after"/>, in order.</summary>
    public static Task<IReadOnlyList<SettlementPayment>> ListAsync(StoreSession session, long after, int limit) => PaymentRows.ReadAfterAsync(session, after, limit);

    private static Problem Wrong(string message, string param) => new(ProblemCode.InvalidRequest, message, param);
}
