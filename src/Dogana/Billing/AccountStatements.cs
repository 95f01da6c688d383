using Dogana.Billing.Payments;
using Dogana.Ledger;
using Dogana.Parties;
using Dogana.Storage;
using NodaTime;
using NodaTime.Text;

namespace Dogana.Billing;

/// <summary>Makes statements of account of the ledger: what is in the books is on them, whatever put it there.</summary>
public static class AccountStatements
{
    /// <summary>A customer's account with a seller, one statement for each currency.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="organisation">The customer.</param>
    /// <param name="seller">The seller.</param>
    /// <param name="from">The first day, as <c>2026-01-01</c>, or null.</param>
    /// <param name="to">The last day, or null.</param>
    /// <param name="now">Now.</param>
    public static async Task<Outcome<AccountStatement[]>> ReadAsync(StoreSession session, string organisation, string seller, string? from, string? to, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var parties = await PartyRegister.ReadAsync(session);
        if (!parties.Organisations.TryGetValue(seller, out var of) || !parties.Organisations.ContainsKey(organisation))
        {
            var (id, field) = of is null ? (seller, "seller") : (organisation, "organisation");
            return new Problem(ProblemCode.NotFound, $"There is no organisation '{id}'.", field);
        }

        if (new[] { (from, "from"), (to, "to") }.FirstOrDefault(static item => item.Item1 is { } text && !LocalDatePattern.Iso.Parse(text).Success) is { Item1: not null } wrong)
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{wrong.Item1}' is no date. Write one such as 2026-02-10.", wrong.Item2);
        }

        var payments = (await PaymentRows.ReadAccountAsync(session, seller, organisation)).ToDictionary(static payment => PaymentRows.Cause(payment.Number), StringComparer.Ordinal);
        var items = await Allocations.ReadItemsAsync(session, seller, organisation);
        var postings = await LedgerJournal.ReadAccountAsync(session, new Account(seller, AccountKind.Receivable, organisation));
        return postings.GroupBy(static posting => posting.Amount.Currency).OrderBy(static group => group.Key.Code, StringComparer.Ordinal).Select(group =>
        {
            var (opening, balance, lines) = (Money.Zero(group.Key), Money.Zero(group.Key), new List<AccountLine>());
            foreach (var posting in group)
            {
                var date = BillingMonth.DateIn(posting.EffectiveAt, of.TimeZone);
                if (to is not null && string.CompareOrdinal(date, to) > 0)
                {
                    break;
                }

                balance += posting.Amount;
                if (from is not null && string.CompareOrdinal(date, from) < 0)
                {
                    opening = balance;
                    continue;
                }

                lines.Add(ToLine(posting, date, payments.GetValueOrDefault(posting.Cause), balance));
            }

            var ageing = to is null ? Age(items.Where(item => item.Rest.Currency == group.Key), balance, of.TimeZone, now) : null;
            return new AccountStatement(organisation, seller, group.Key, from, to, opening, lines, balance, ageing);
        }).ToArray();
    }

    private static AccountLine ToLine(AccountPosting posting, string date, Payment? payment, Money balance)
    {
        var slash = posting.Cause.IndexOf('/', StringComparison.Ordinal);
        var (prefix, number) = slash < 0 ? ("", posting.Cause) : (posting.Cause[..slash], posting.Cause[(slash + 1)..]);
        var (kind, text) = payment is not null ? (EnumWords.Of(payment.Kind), payment.Reference) : prefix is "invoice" or "credit_note" ? (prefix, "") : ("other", posting.Description);
        return new AccountLine(date, kind, number, text, posting.Amount, balance);
    }

    private static AccountAgeing Age(IEnumerable<AccountItem> items, Money balance, string zone, DateTimeOffset now)
    {
        var zero = Money.Zero(balance.Currency);
        var today = LocalDatePattern.Iso.Parse(BillingMonth.DateIn(now, zone)).Value;
        var (buckets, onAccount) = (new[] { zero, zero, zero, zero, zero }, zero);
        foreach (var item in items)
        {
            if (item.Rest.Amount < 0m || item.DueAt is null)
            {
                onAccount -= item.Rest;
                continue;
            }

            var days = Period.DaysBetween(LocalDatePattern.Iso.Parse(BillingMonth.DateIn(item.DueAt.Value, zone)).Value, today);
            buckets[days switch { <= 0 => 0, <= 30 => 1, <= 60 => 2, <= 90 => 3, _ => 4 }] += item.Rest;
        }

        return new AccountAgeing(
            buckets[0], buckets[1], buckets[2], buckets[3], buckets[4], onAccount, balance - Money.Sum(buckets, balance.Currency) + onAccount);
    }
}
