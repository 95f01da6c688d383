using System.Globalization;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Billing.Credits;
using Dogana.Billing.Invoicing;
using Dogana.Billing.Payments;
using Dogana.Ledger;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>What is to be given back of an invoice: all that is left of it, of one line, or an amount.</summary>
/// <param name="Reason">Why, as the credit note says it.</param>
public sealed record CreditRequest(string Reason)
{
    /// <summary>The position of the one line to give back of; null for the whole invoice.</summary>
    public int? Line { get; init; }

    /// <summary>How much, without tax, in the invoice's currency; null for all that is left. Without a line it is taken from the first lines on.</summary>
    public decimal? Amount { get; init; }
}

/// <summary>
/// Gives back of final invoices, by final documents of their own. Of each line, of each category and rate, and of the whole never more is given back than was charged;
/// tax is given back so that the notes of an invoice that was given back whole add up to it exactly, whatever its parts.
/// </summary>
public static class CreditNotes
{
    /// <summary>Issues a credit note, posts it, and sets it off against what is open of the invoice; what is beyond that stays on account.</summary>
    /// <param name="session">The transaction; writers come one after another, so that two notes never give back the same.</param>
    /// <param name="number">The invoice's number.</param>
    /// <param name="request">What to give back.</param>
    /// <param name="reach">What the caller may touch.</param>
    /// <param name="actor">Who issues it.</param>
    /// <param name="now">Now.</param>
    public static async Task<Outcome<Invoice>> IssueAsync(StoreSession session, string number, CreditRequest request, Reach reach, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(reach);

        // 1. What is left of the invoice, and what of that is given back.
        if (await InvoiceRows.FindAsync(session, number) is not { } row || !reach.Has(row.Organisation, row.Channel))
        {
            return new Problem(ProblemCode.NotFound, $"There is no invoice '{number}'.", "number");
        }

        if (row.Kind != nameof(InvoiceKind.Invoice))
        {
            return new Problem(ProblemCode.InvalidRequest, $"{number} is a credit note: nothing is given back of it. Name the invoice {row.Corrects}.", "number");
        }

        if (request.Reason is not { Length: > 0 and <= 500 } || request.Reason.Any(char.IsControl))
        {
            return new Problem(ProblemCode.InvalidRequest, "A credit note says why it was issued. Write a reason of 1 to 500 characters on one line.", "reason");
        }

        var invoice = row.ToInvoice();
        var rest = new CreditRest(invoice.Document, [.. (await CreditRows.ReadOfAsync(session, number)).Select(static note => note.ToInvoice().Document)]);
        if (!rest.Take(request).TryGet(out var taken, out var problem))
        {
            return problem;
        }

        // 2. The number, from the seller's counter of credit notes: locked until the commit, so numbers have no gap.
        var parties = await PartyRegister.ReadAsync(session);
        var seller = parties.Organisations[row.Seller];
        var sequence = await session.NextAsync(CreditRows.Counter(row.Seller));
        var date = BillingMonth.DateIn(now, seller.TimeZone);
        var document = rest.ToDocument(
            taken, CreditRows.NumberOf(row.Seller, sequence), date, request.Reason, DocumentParties.Of(seller), DocumentParties.Of(parties.Organisations[row.Organisation]));
        var json = DocumentText.Write(document);
        var (net, tax) = (taken.Net, taken.Tax);
        var note = row with
        {
            Number = document.Number,
            Kind = nameof(InvoiceKind.CreditNote),
            SellerSequence = sequence,
            IssuedAt = now.ToMicros(),
            DueAt = now.ToMicros(),
            NetMicro = net.Micro,
            NetPico = net.Pico,
            TaxMicro = tax.Micro,
            TaxPico = tax.Pico,
            PayableMicro = (net + tax).Micro,
            PayablePico = (net + tax).Pico,
            Corrects = number,
            Document = json,
            Hash = DocumentText.Hash(json),
        };
        await InvoiceRows.InsertAsync(session, [note]);

        // 3. The books say so, and less of the invoice is open.
        var postings = Postings(row.Seller, row.Organisation, net, tax);
        if (postings.Count > 0)
        {
            await LedgerJournal.PostAsync(session, new NewEntry(Cause(note.Number), now, Description(note.Number, note.Hash), postings), now);
        }

        await Allocations.SetOffAsync(session, note.ToInvoice(), actor, now);
        await AuditLog.WriteAsync(session, now, actor, "invoice.credit", number, string.Create(CultureInfo.InvariantCulture, $"{note.Number}: {net + tax}; {request.Reason}"));
        return note.ToInvoice();
    }

    /// <summary>What the ledger's entry of a credit note comes from.</summary>
    internal static string Cause(string number) => $"credit_note/{number}";

    /// <summary>The ledger's description carries the document's hash: the journal's chain then holds the documents too.</summary>
    internal static string Description(string number, string hash) => $"Credit note {number}, document sha256:{hash}";

    /// <summary>Revenue and tax are given back (amounts below zero) and the receivable with them.</summary>
    internal static IReadOnlyList<Posting> Postings(string seller, string customer, Money net, Money tax)
    {
        Posting[] postings =
        [
            new(new Account(seller, AccountKind.CreditNotes, customer), -net),
            new(new Account(seller, AccountKind.TaxPayable, customer), -tax),
            new(new Account(seller, AccountKind.Receivable, customer), net + tax),
        ];
        return [.. postings.Where(static posting => !posting.Amount.IsZero)];
    }
}
