using System.Globalization;
using Dogana.Authority;
using Dogana.Billing;
using Dogana.Billing.Invoicing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing.Papers;

/// <summary>Invoices of any lines and taxes, issued as the close issues them, without the usage behind them.</summary>
internal sealed class PaperWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Day = new(2026, 2, 2, 9, 0, 0, TimeSpan.Zero);

    private PaperWorld(Store store) => Store = store;

    public Store Store { get; }

    public static async Task<PaperWorld> OpenAsync(StoreFixture stores, StoreKind kind)
    {
        var world = new PaperWorld(await stores.OpenAsync(kind));
        await world.Store.WriteAsync(session => PartyRegister.DeclareAsync(
            session,
            [
                new Organisation("northwind", "Northwind GmbH", "DE", "Europe/Berlin", null) { TaxId = "DE123456789", City = "Berlin" },
                new Organisation("acme", "Acme GmbH", "DE", "Europe/Berlin", null) { TaxId = "DE987654321", InvoiceEmail = "accounts@acme.example" },
                new Organisation("lumen", "Lumen \"Media\", Inc", "US", "America/New_York", null),
            ],
            [new Channel("direct", "Direct", ChannelKind.Direct, "northwind")], [], []));
        return world;
    }

    /// <summary>Issues an invoice, due 30 days later.</summary>
    public async Task<string> IssueAsync(string organisation, DateTimeOffset at, string currency, params IReadOnlyList<InvoiceDocumentLine> lines) => await Store.WriteAsync(async session =>
    {
        var parties = (await PartyRegister.ReadAsync(session)).Organisations;
        var sequence = await session.NextAsync(InvoiceIssue.Counter("northwind"));
        var (net, tax, document) = Compose(lines, currency, string.Create(CultureInfo.InvariantCulture, $"NORTHWIND-{sequence:000000}"), parties[organisation], at);
        var gross = net + tax;
        var json = DocumentText.Write(document);
        await InvoiceRows.InsertAsync(session, [new InvoiceRow(
            document.Number, nameof(InvoiceKind.Invoice), "northwind", sequence, organisation, "direct", "", currency, "2026-01", document.Period.Start.ToMicros(), document.Period.End.ToMicros(),
            0, at.ToMicros(), at.AddDays(30).ToMicros(), net.Micro, net.Pico, tax.Micro, tax.Pico, gross.Micro, gross.Pico, null, json, DocumentText.Hash(json), 0)]);
        Posting[] postings =
        [
            new(new Account("northwind", AccountKind.Receivable, organisation), gross), new(new Account("northwind", AccountKind.UnbilledReceivable, organisation), -net),
            new(new Account("northwind", AccountKind.TaxPayable, organisation), -tax),
        ];
        Posting[] posted = [.. postings.Where(static posting => !posting.Amount.IsZero)];
        if (posted.Length > 0)
        {
            await LedgerJournal.PostAsync(session, new NewEntry($"invoice/{document.Number}", at, $"Invoice {document.Number}", posted), at);
        }

        return document.Number;
    });

    public Task<Outcome<Invoice>> CreditAsync(string number, int? line = null, decimal? amount = null, DateTimeOffset? at = null) => Store.WriteAsync(
        session => CreditNotes.IssueAsync(session, number, new CreditRequest("Wrong price") { Line = line, Amount = amount }, Reach.All, "tester", at ?? Day));

    public Task<Outcome<PaymentState>> PayAsync(string organisation, decimal amount, string reference = "", string currency = "EUR", string? id = null, string? invoice = null, bool oldest = false, DateTimeOffset? at = null) =>
        Store.WriteAsync(session => CustomerPayments.RecordAsync(
            session, new NewPayment(organisation, "northwind", new Money(amount, Currency.Of(currency)), "2026-02-02", reference) { ExternalId = id, Invoice = invoice, PaysOldest = oldest }, "tester", at ?? Day));

    public async Task<Receivable> StateAsync(string number, DateTimeOffset? at = null) =>
        (await Store.ReadAsync(session => Receivables.FindAsync(session, number, Reach.All, at ?? Day))).ShouldNotBeNull();

    public Task<Invoice?> FindAsync(string number) => Store.ReadAsync(session => Invoices.FindAsync(session, number));

    /// <summary>What the ledger says that a customer owes.</summary>
    public async Task<Money> OwedAsync(string organisation, string currency = "EUR") => Money.Sum(
        (await Store.ReadAsync(session => LedgerJournal.BalancesAsync(session, "northwind")))
            .Where(balance => balance.Account == new Account("northwind", AccountKind.Receivable, organisation) && balance.Amount.Currency.Code == currency).Select(static balance => balance.Amount),
        Currency.Of(currency));

    public async Task<AccountStatement> StatementAsync(string organisation, string? from = null, string? to = null, DateTimeOffset? at = null) =>
        (await Store.ReadAsync(session => AccountStatements.ReadAsync(session, organisation, "northwind", from, to, at ?? Day))).Value.Single(static item => item.Currency.Code == "EUR");

    /// <summary>What is wrong with credit notes, payments and the journal.</summary>
    public Task<IReadOnlyList<BookFault>> VerifyAsync() => Store.ReadAsync<IReadOnlyList<BookFault>>(async session =>
    [
        .. await CreditNoteVerification.VerifyAsync(session), .. await PaymentVerification.VerifyAsync(session), .. (await LedgerVerification.VerifyAsync(session)).Faults,
    ]);

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private static (Money Net, Money Tax, InvoiceDocument Document) Compose(IReadOnlyList<InvoiceDocumentLine> lines, string code, string number, Organisation customer, DateTimeOffset at)
    {
        var currency = Currency.Of(code);
        var document = PaperDocuments.Of(lines, code);
        var (net, tax) = (DocumentText.Amount(document.Net, currency)!.Value, DocumentText.Amount(document.Tax, currency)!.Value);
        return (net, tax, document with
        {
            Number = number, Customer = DocumentParties.Of(customer), IssueDate = BillingMonth.DateIn(at, "Europe/Berlin"), DueDate = BillingMonth.DateIn(at.AddDays(30), "Europe/Berlin"),
        });
    }
}
