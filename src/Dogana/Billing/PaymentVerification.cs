using Dogana.Billing.Payments;
using Dogana.Ledger;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>Compares payments, refunds and write-offs with their numbers and ledger entries, and what was set off with what there is of both sides.</summary>
public static class PaymentVerification
{
    /// <summary>Verifies all payments and allocations; no fault means that no money is counted twice or lost.</summary>
    public static async Task<IReadOnlyList<BookFault>> VerifyAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var faults = new List<BookFault>();
        var payments = await PaymentRows.ReadAllAsync(session);
        foreach (var seller in payments.GroupBy(static item => item.Payment.Seller, StringComparer.Ordinal))
        {
            faults.AddRange(Numbering.Check(
                "payment", PaymentRows.Counter(seller.Key), [.. seller.Select(static item => item.Sequence)], await session.LastAsync(PaymentRows.Counter(seller.Key))));
        }

        foreach (var (payment, sequence) in payments)
        {
            var check = new FaultList($"payment {payment.Number}");
            check.Equal("number", payment.Number, PaymentRows.NumberOf(payment.Seller, sequence));
            var entry = await LedgerJournal.FindAsync(session, PaymentRows.Cause(payment.Number));
            check.Equal("ledger entry's description", entry?.Description, PaymentRows.Description(payment));
            check.Equal("ledger postings", Text(entry?.Postings), Text(PaymentRows.Postings(payment)));
            faults.AddRange(check.Faults);
        }

        await VerifyAllocationsAsync(session, payments, faults);
        return faults;
    }

    // Within one account, in one currency, and of each side at most what there is of it.
    private static async Task VerifyAllocationsAsync(StoreSession session, IReadOnlyList<(Payment Payment, long Sequence)> payments, List<BookFault> faults)
    {
        var documents = await Invoices.ListAsync(session);
        var items = new Dictionary<string, (string Seller, string Organisation, Money Amount)>(StringComparer.Ordinal);
        foreach (var invoice in documents)
        {
            items[invoice.Number] = (invoice.Seller, invoice.Organisation, invoice.Payable);
        }

        foreach (var (payment, _) in payments)
        {
            items[payment.Number] = (payment.Seller, payment.Organisation, payment.Kind == PaymentKind.Refund ? payment.Amount : -payment.Amount);
        }

        var set = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var allocation in await Allocations.ReadAllAsync(session))
        {
            if (!items.TryGetValue(allocation.Source, out var source) || !items.TryGetValue(allocation.Target, out var target)
                || (source.Seller, source.Organisation, source.Amount.Currency) != (target.Seller, target.Organisation, target.Amount.Currency)
                || allocation.Amount.Currency != source.Amount.Currency || allocation.Amount.Amount <= 0m || source.Amount.Amount >= 0m || target.Amount.Amount <= 0m)
            {
                faults.Add(new BookFault($"allocation of {allocation.Source} to {allocation.Target}", "the two are not there, or not of one account and currency"));
                continue;
            }

            set[allocation.Source] = set.GetValueOrDefault(allocation.Source) + allocation.Amount.Amount;
            set[allocation.Target] = set.GetValueOrDefault(allocation.Target) + allocation.Amount.Amount;
        }

        faults.AddRange(from item in set
                        let there = Math.Abs(items[item.Key].Amount.Amount)
                        where item.Value > there
                        select new BookFault(item.Key, "more is set off than there is of it", item.Value.ToString(System.Globalization.CultureInfo.InvariantCulture), there.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static string? Text(IReadOnlyList<Posting>? postings) => postings is null ? null
        : string.Join("; ", postings.Select(static posting => $"{posting.Account.Book} {posting.Account.Kind} {posting.Account.Party} {posting.Amount}"));
}
