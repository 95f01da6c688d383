using System.Globalization;
using Dogana.Billing;
using Dogana.Billing.Credits;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing.Papers;

public sealed class CreditNoteTests(StoreFixture stores)
{
    private const ulong Seed = 590_004;

    [Fact]
    public void Credit_notes_never_exceed_the_invoice_and_together_give_back_exactly_it() => Checked.ForAll(PaperDocuments.Random, Seed, static document =>
    {
        var currency = Currency.Of(document.Currency);
        var invoice = document with { Kind = "invoice" };
        var (gross, net) = (Number(invoice.Gross), Number(invoice.Net));
        var random = new Random(HashCode.Combine(invoice.Lines.Count, (int)net));
        var notes = new List<InvoiceDocument>();
        for (var step = 0; step < 12; step++)
        {
            var rest = new CreditRest(invoice, notes);
            var line = random.Next(3) == 0 ? (int?)null : random.Next(1, invoice.Lines.Count + 1);
            var most = Math.Max(1, (int)Math.Abs(net * (currency.MinorDigits == 0 ? 1 : 100)) / 2);
            var amount = random.Next(4) == 0 && line is not null ? (decimal?)null : random.Next(1, most + 1) / (currency.MinorDigits == 0 ? 1m : 100m);
            var request = step == 11 ? new CreditRequest("all") : new CreditRequest("part") { Line = line, Amount = line is null ? amount ?? 1m : amount };
            if (!rest.Take(request).TryGet(out var taken, out _))
            {
                continue;
            }

            notes.Add(rest.ToDocument(taken, $"CN-{step}", "2026-03-01", "why", invoice.Seller, invoice.Customer));
            (-notes.Sum(static note => Number(note.Net))).ShouldBeLessThanOrEqualTo(net, $"seed {Seed}");
            (-notes.Sum(static note => Number(note.Gross))).ShouldBeLessThanOrEqualTo(gross, $"seed {Seed}");
            foreach (var tax in taken.Taxes)
            {
                // EN 16931's tolerance: one minor unit.
                Math.Abs(Number(tax.Amount) - Number(tax.Base) * Number(tax.Percent) / 100m).ShouldBeLessThanOrEqualTo(currency.MinorDigits == 0 ? 1m : 0.01m, $"seed {Seed}");
            }
        }

        if (net > 0m && new CreditRest(invoice, notes).Net.IsZero)
        {
            (-notes.Sum(static note => Number(note.Gross)), -notes.Sum(static note => Number(note.Tax))).ShouldBe((gross, Number(invoice.Tax)), $"seed {Seed}");
        }

        if (net > 0m && gross > 0m && notes.Count == 0)
        {
            new CreditRest(invoice, notes).Take(new CreditRequest("all")).Problem.ShouldBeNull($"seed {Seed}: {DocumentText.Write(invoice)}");
        }
    }, times: 500);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Notes_have_their_own_numbers_lessen_the_receivable_and_are_verified(StoreKind kind)
    {
        await using var world = await PaperWorld.OpenAsync(stores, kind);
        var number = await world.IssueAsync("acme", PaperWorld.Day, "EUR", TaxTests.Line(1, "100.05", "S", "19"), TaxTests.Line(2, "50.00", "S", "7"), TaxTests.Line(3, "-10.00", "S", "19"));
        var owed = await world.OwedAsync("acme");

        var first = (await world.CreditAsync(number, line: 2, amount: 20m)).Value;
        var second = (await world.CreditAsync(number)).Value;

        (first.Number, first.Kind, first.Net.ToAmountText(), first.Tax.ToAmountText()).ShouldBe(("NORTHWIND-CN-000001", InvoiceKind.CreditNote, "-20.00", "-1.40"));
        (second.Number, first.Payable + second.Payable).ShouldBe(("NORTHWIND-CN-000002", -owed));
        first.Document.Lines.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            static line => line.CorrectsLine.ShouldBe(2), static line => line.Amount.ShouldBe("-20.00"), static line => line.Quantity.ShouldBeNull());
        (await world.OwedAsync("acme")).IsZero.ShouldBeTrue();
        (await world.StateAsync(number)).ShouldSatisfyAllConditions(static item => item.State.ShouldBe(InvoiceState.Credited), static item => item.Open.IsZero.ShouldBeTrue());
        (await world.VerifyAsync()).ShouldBeEmpty();
        var balances = await world.Store.ReadAsync(session => LedgerJournal.BalancesAsync(session, "northwind"));
        balances.Where(static item => item.Account.Kind == AccountKind.TaxPayable).ShouldAllBe(static item => item.Amount.IsZero);
        balances.Single(static item => item.Account.Kind == AccountKind.CreditNotes).Amount.ToAmountText().ShouldBe("140.05");

        (await world.CreditAsync(number)).Problem!.Code.ShouldBe(ProblemCode.AmountExceedsRest);
        (await world.CreditAsync(first.Number)).Problem!.Message.ShouldContain(number);
        (await world.CreditAsync("NONE")).Problem!.Code.ShouldBe(ProblemCode.NotFound);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Notes_that_race_give_back_no_more_than_there_is(StoreKind kind)
    {
        await using var world = await PaperWorld.OpenAsync(stores, kind);
        var number = await world.IssueAsync("acme", PaperWorld.Day, "EUR", TaxTests.Line(1, "100.00", "S", "19"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => world.CreditAsync(number, line: 1, amount: 30m))));

        outcomes.Count(static outcome => outcome.Problem is null).ShouldBe(3);
        outcomes.Where(static outcome => outcome.Problem is not null).ShouldAllBe(static outcome => outcome.Problem!.Code == ProblemCode.AmountExceedsRest);
        (await world.OwedAsync("acme")).ToAmountText().ShouldBe("11.90");
        (await world.VerifyAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("update invoice set document = replace(document, '-23.80', '-23.90') where kind = 'CreditNote'")]
    [InlineData("update invoice set net_micro = net_micro - 10000 where kind = 'CreditNote'")]
    [InlineData("update invoice set corrects = 'NORTHWIND-000009' where kind = 'CreditNote'")]
    [InlineData("update ledger_entry set description = 'x' where cause like 'credit_note/%'")]
    [InlineData("delete from invoice where kind = 'CreditNote'")]
    public async Task What_somebody_changed_of_a_note_is_found(string change)
    {
        await using var world = await PaperWorld.OpenAsync(stores, StoreKind.Sqlite);
        var number = await world.IssueAsync("acme", PaperWorld.Day, "EUR", TaxTests.Line(1, "100.00", "S", "19"));
        (await world.CreditAsync(number, line: 1, amount: 20m)).Problem.ShouldBeNull();
        (await world.VerifyAsync()).ShouldBeEmpty();

        await world.Store.WriteAsync(session => session.ExecuteAsync(change));

        (await world.VerifyAsync()).ShouldContain(static fault => fault.Subject.Contains("credit note", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, "100.01", ProblemCode.AmountExceedsRest)]
    [InlineData(1, "90.01", ProblemCode.AmountExceedsRest)]
    [InlineData(1, "0.001", ProblemCode.InvalidRequest)]
    [InlineData(2, "1.00", ProblemCode.InvalidRequest)]
    [InlineData(9, "1.00", ProblemCode.NotFound)]
    [InlineData(null, "90.01", ProblemCode.AmountExceedsRest)]
    public async Task What_is_not_there_is_not_given_back(int? line, string amount, ProblemCode code)
    {
        await using var world = await PaperWorld.OpenAsync(stores, StoreKind.Sqlite);
        var number = await world.IssueAsync("acme", PaperWorld.Day, "EUR", TaxTests.Line(1, "100.00", "S", "19"), TaxTests.Line(2, "-10.00", "S", "19"));

        (await world.CreditAsync(number, line, Number(amount))).Problem.ShouldNotBeNull().Code.ShouldBe(code);

        (await world.Store.ReadAsync(session => Invoices.ListAsync(session))).Count.ShouldBe(1);
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
