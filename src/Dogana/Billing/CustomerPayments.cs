using System.Globalization;
using System.Text.RegularExpressions;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Billing.Invoicing;
using Dogana.Billing.Payments;
using Dogana.Parties;
using Dogana.Storage;
using NodaTime;
using NodaTime.Text;

namespace Dogana.Billing;

/// <summary>
/// Records what customers pay and are paid back, each once by its own id, and sets it off against invoices. What nothing says is for an invoice stays on account. At every
/// commit a customer's receivable in the ledger is what is open of its invoices, less what is on account.
/// </summary>
public static partial class CustomerPayments
{
    private const int TextMax = 500;

    /// <summary>Records a payment: set off against the invoice that it names or that its reference names, else one open invoice of its very amount, else as asked.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="wanted">The payment.</param>
    /// <param name="actor">Who records it.</param>
    /// <param name="now">Now.</param>
    public static async Task<Outcome<PaymentState>> RecordAsync(StoreSession session, NewPayment wanted, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(wanted);
        var parties = await PartyRegister.ReadAsync(session);
        if (!CheckedDay(parties, wanted.Seller, wanted.Organisation, wanted.Amount, wanted.PaidOn, wanted.Reference, now).TryGet(out var effectiveAt, out var problem))
        {
            return problem;
        }

        // 1. What was recorded stays as it was.
        var id = wanted.ExternalId ?? IdOf(wanted);
        if (id.Length is 0 or > 200 || id.Any(char.IsControl))
        {
            return new Problem(ProblemCode.InvalidRequest, "A payment's own id is 1 to 200 characters.", "id");
        }

        if (await PaymentRows.FindByIdAsync(session, wanted.Seller, id) is { } known)
        {
            return (known.Kind, known.Organisation, known.Amount, known.PaidOn, known.Reference) == (PaymentKind.Payment, wanted.Organisation, wanted.Amount, wanted.PaidOn, wanted.Reference)
                ? await StateAsync(session, known)
                : new Problem(ProblemCode.Conflict, $"'{id}' is recorded as {known.Number}, which is another one ({known.Amount} of {known.PaidOn}). Give this one an id of its own.", "id");
        }

        var items = await Allocations.ReadItemsAsync(session, wanted.Seller, wanted.Organisation);
        if (wanted.Invoice is { } named && items.All(item => item.Number != named || item.DueAt is null))
        {
            return new Problem(ProblemCode.NotFound, $"'{wanted.Organisation}' has no invoice '{named}' from '{wanted.Seller}'.", "invoice");
        }

        // 2. It is in the books, and sets off what it is for.
        var payment = await PaymentRows.InsertAsync(
            session, new Payment("", PaymentKind.Payment, wanted.Seller, wanted.Organisation, id, wanted.Amount, wanted.PaidOn, wanted.Reference, now, actor), effectiveAt);
        await Allocations.SetOffAsync(session, ItemOf(payment), Meant(wanted, items), most: null, actor, now);
        await AuditLog.WriteAsync(session, now, actor, "payment.record", payment.Number, $"{payment.Amount} from {payment.Organisation}, {payment.PaidOn}");
        return (await StateAsync(session, payment)) with { IsNew = true };
    }

    /// <summary>Sets what is on account of a payment or credit note off against an invoice, or the oldest ones.</summary>
    public static async Task<Outcome<PaymentAllocation>> AllocateAsync(
        StoreSession session, string number, string? invoice, decimal? amount, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var account = await PaymentRows.FindAsync(session, number) is { } payment ? (payment.Seller, payment.Organisation)
            : await InvoiceRows.FindAsync(session, number) is { } note ? (note.Seller, note.Organisation) : ((string, string)?)null;
        if (account is not var (seller, organisation))
        {
            return new Problem(ProblemCode.NotFound, $"There is no payment or credit note '{number}'. 'dogana payment list' shows the payments.", "number");
        }

        var items = await Allocations.ReadItemsAsync(session, seller, organisation);
        var source = items.First(item => item.Number == number);
        var wanted = amount is { } asked ? new Money(asked, source.Amount.Currency) : -source.Rest;
        if (wanted.Amount <= 0m || wanted > -source.Rest || wanted.Round() != wanted)
        {
            return new Problem(ProblemCode.AmountExceedsRest, $"{number} has {-source.Rest} on account. Allocate an amount above 0 in whole minor units, and no more.", "amount");
        }

        AccountItem[] targets = [.. items.Where(item => item.DueAt is not null && (invoice is null || item.Number == invoice) && item.Rest.Currency == wanted.Currency && item.Rest.Amount > 0m)];
        if (targets.Length == 0 || (amount is not null && Money.Sum(targets.Select(static item => item.Rest), wanted.Currency) < wanted))
        {
            return new Problem(
                ProblemCode.AmountExceedsRest, invoice is null ? $"Less than {wanted} is open of '{organisation}' at '{seller}'." : $"Less than {wanted} is open of '{invoice}', or it is not an invoice of '{organisation}' from '{seller}'.",
                "invoice");
        }

        var made = await Allocations.SetOffAsync(session, source, targets, wanted, actor, now);
        await AuditLog.WriteAsync(session, now, actor, "payment.allocate", number, string.Join(", ", made.Select(static item => $"{item.Target} {item.Amount}")));
        return new PaymentAllocation(number, made, -source.Rest - Money.Sum(made.Select(static item => item.Amount), wanted.Currency));
    }

    /// <summary>Pays back what is on account of a customer, the oldest first; never more than that. Recorded once by its own id.</summary>
    public static async Task<Outcome<PaymentState>> RefundAsync(StoreSession session, NewPayment wanted, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(wanted);
        var parties = await PartyRegister.ReadAsync(session);
        if (!CheckedDay(parties, wanted.Seller, wanted.Organisation, wanted.Amount, wanted.PaidOn, wanted.Reference, now).TryGet(out var effectiveAt, out var problem))
        {
            return problem;
        }

        var id = wanted.ExternalId ?? "refund " + IdOf(wanted);
        if (await PaymentRows.FindByIdAsync(session, wanted.Seller, id) is { } known)
        {
            return (known.Kind, known.Organisation, known.Amount) == (PaymentKind.Refund, wanted.Organisation, wanted.Amount)
                ? await StateAsync(session, known)
                : new Problem(ProblemCode.Conflict, $"'{id}' is recorded as {known.Number}, which is another one. Give this one an id of its own.", "id");
        }

        var currency = wanted.Amount.Currency;
        AccountItem[] sources = [.. (await Allocations.ReadItemsAsync(session, wanted.Seller, wanted.Organisation)).Where(item => item.Rest.Currency == currency && item.Rest.Amount < 0m)];
        var onAccount = -Money.Sum(sources.Select(static item => item.Rest), currency);
        if (wanted.Amount > onAccount)
        {
            return new Problem(ProblemCode.AmountExceedsRest, $"'{wanted.Organisation}' has {onAccount} on account at '{wanted.Seller}': no more can be paid back.", "amount");
        }

        var refund = await PaymentRows.InsertAsync(
            session, new Payment("", PaymentKind.Refund, wanted.Seller, wanted.Organisation, id, wanted.Amount, wanted.PaidOn, wanted.Reference, now, actor), effectiveAt);
        var target = new AccountItem(refund.Number, refund.Amount, refund.Amount, DueAt: null);
        foreach (var source in sources)
        {
            var made = await Allocations.SetOffAsync(session, source, [target], most: null, actor, now);
            target = target with { Rest = target.Rest - Money.Sum(made.Select(static item => item.Amount), currency) };
        }

        await AuditLog.WriteAsync(session, now, actor, "payment.refund", refund.Number, $"{refund.Amount} to {refund.Organisation}, {refund.PaidOn}");
        return (await StateAsync(session, refund)) with { IsNew = true };
    }

    /// <summary>Gives up what is open of an invoice: a loss from then on, whatever is paid later stays on account.</summary>
    public static async Task<Outcome<PaymentState>> WriteOffAsync(StoreSession session, string invoice, string reason, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (await InvoiceRows.FindAsync(session, invoice) is not { Kind: nameof(InvoiceKind.Invoice) } row)
        {
            return new Problem(ProblemCode.NotFound, $"There is no invoice '{invoice}'.", "number");
        }

        var item = (await Allocations.ReadItemsAsync(session, row.Seller, row.Organisation)).First(item => item.Number == invoice);
        if (item.Rest.Amount <= 0m)
        {
            return new Problem(ProblemCode.AmountExceedsRest, $"Nothing is open of invoice '{invoice}'.", "number");
        }

        var parties = await PartyRegister.ReadAsync(session);
        var today = BillingMonth.DateIn(now, parties.Organisations[row.Seller].TimeZone);
        if (!CheckedDay(parties, row.Seller, row.Organisation, item.Rest, today, reason, now).TryGet(out _, out var problem))
        {
            return problem;
        }

        var loss = await PaymentRows.InsertAsync(
            session, new Payment("", PaymentKind.WriteOff, row.Seller, row.Organisation, $"write-off {invoice} {InstantText.Format(now)}", item.Rest, today, reason, now, actor), now);
        await Allocations.SetOffAsync(session, ItemOf(loss), [item], most: null, actor, now);
        await AuditLog.WriteAsync(session, now, actor, "invoice.write_off", invoice, $"{loss.Number}: {loss.Amount}; {reason}");
        return (await StateAsync(session, loss)) with { IsNew = true };
    }

    /// <summary>At most <paramref name="limit"/> payments, refunds and write-offs after a number, by number; of a customer or a seller, where one is given.</summary>
    public static async Task<IReadOnlyList<PaymentState>> ListAsync(StoreSession session, string? organisation, string? seller, string after, int limit, Reach reach)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(reach);
        var states = new List<PaymentState>();
        foreach (var payment in await PaymentRows.ReadAsync(session, organisation, seller, after, limit, reach))
        {
            states.Add(await StateAsync(session, payment));
        }

        return states;
    }

    private static async Task<PaymentState> StateAsync(StoreSession session, Payment payment)
    {
        var allocations = await Allocations.ReadOfAsync(session, payment.Number);
        var set = Money.Sum(allocations.Select(static item => item.Amount), payment.Amount.Currency);
        return new PaymentState(payment, allocations, payment.Amount - set);
    }

    private static AccountItem ItemOf(Payment payment) => new(payment.Number, -payment.Amount, -payment.Amount, DueAt: null);

    // The invoices that a payment is for, in the order in which it pays them.
    private static IEnumerable<AccountItem> Meant(NewPayment wanted, IReadOnlyList<AccountItem> items)
    {
        AccountItem[] open = [.. items.Where(item => item.DueAt is not null && item.Rest.Currency == wanted.Amount.Currency && item.Rest.Amount > 0m)];
        if (wanted.Invoice is { } named)
        {
            return open.Where(item => item.Number == named);
        }

        var words = NumbersIn(wanted.Reference);
        AccountItem[] referred = [.. words.SelectMany(word => open.Where(item => item.Number == word))];
        AccountItem[] exact = [.. open.Where(item => item.Rest == wanted.Amount)];
        return referred.Length > 0 ? wanted.PaysOldest ? referred.Concat(open).DistinctBy(static item => item.Number, StringComparer.Ordinal) : referred
            : exact.Length == 1 ? exact
            : wanted.PaysOldest ? open
            : [];
    }

    /// <summary>What may be invoices' numbers in a reference, in capitals.</summary>
    internal static IReadOnlyList<string> NumbersIn(string reference) =>
        [.. NumberPattern().Matches(reference.ToUpperInvariant()).Select(static match => match.Value).Distinct(StringComparer.Ordinal)];

    // The first instant of a bank's date in the seller's time zone, where all that is written of a payment can be.
    private static Outcome<DateTimeOffset> CheckedDay(PartyTable parties, string seller, string organisation, Money amount, string paidOn, string text, DateTimeOffset now)
    {
        if (!parties.Organisations.TryGetValue(seller, out var of) || !parties.Organisations.ContainsKey(organisation))
        {
            var (id, field) = of is null ? (seller, "seller") : (organisation, "organisation");
            return new Problem(ProblemCode.NotFound, $"There is no organisation '{id}'. 'dogana organisation list' shows them.", field);
        }

        if (amount.Amount <= 0m || amount.Round() != amount)
        {
            return new Problem(ProblemCode.InvalidRequest, $"{amount} is no amount of a payment. Write one above 0 in whole minor units, such as 12.50.", "amount");
        }

        if (text.Length > TextMax || text.Any(char.IsControl))
        {
            return new Problem(ProblemCode.InvalidRequest, $"A reference or reason is one line of at most {TextMax} characters.", "reference");
        }

        var date = LocalDatePattern.Iso.Parse(paidOn);
        return !date.Success || date.Value.Year is < 1970 or > 8_999 ? new Problem(ProblemCode.InvalidRequest, $"'{paidOn}' is no date. Write one such as 2026-02-10.", "date")
            : string.CompareOrdinal(paidOn, BillingMonth.DateIn(now, of.TimeZone)) > 0 ? new Problem(ProblemCode.InvalidRequest, $"{paidOn} is yet to come for '{seller}'. Record it then.", "date")
            : date.Value.AtStartOfDayInZone(DateTimeZoneProviders.Tzdb[of.TimeZone]).ToDateTimeOffset().ToUniversalTime();
    }

    private static string IdOf(NewPayment payment) => DocumentText.Hash(string.Create(
        CultureInfo.InvariantCulture, $"{payment.Organisation}\n{payment.Amount}\n{payment.PaidOn}\n{payment.Reference}"))[..32];

    [GeneratedRegex("[A-Z0-9][A-Z0-9.-]*-[0-9]{6,}(?![A-Z0-9])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex NumberPattern();
}
