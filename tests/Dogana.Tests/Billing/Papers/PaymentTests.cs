using System.Globalization;
using Dogana.Authority;
using Dogana.Billing;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing.Papers;

public sealed class PaymentTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite, 590_005)]
    [InlineData(StoreKind.Sqlite, 590_006)]
    [InlineData(StoreKind.Sqlite, 590_007)]
    [InlineData(StoreKind.Postgres, 590_008)]
    public async Task At_every_step_the_ledger_owes_what_is_open_less_what_is_on_account_and_no_payment_is_lost(StoreKind kind, int seed)
    {
        await using var world = await PaperWorld.OpenAsync(stores, kind);
        var random = new Random(seed);
        var (invoices, paid, refunded, step) = (new List<string>(), 0m, 0m, 0);
        for (; step < 60; step++)
        {
            var invoice = invoices.Count == 0 ? null : invoices[random.Next(invoices.Count)];
            var amount = random.Next(1, 30_000) / 100m;
            switch (random.Next(9))
            {
                case 0 or 1:
                    invoices.Add(await world.IssueAsync("acme", PaperWorld.Day.AddDays(-random.Next(150)), "EUR", TaxTests.Line(1, Text(amount), "S", "19"), TaxTests.Line(2, Text(amount / 4), "S", "7")));
                    break;
                case 2 or 3:
                    var state = await world.PayAsync("acme", amount, invoice is null || random.Next(2) == 0 ? "thank you" : $"for {invoice}.", id: $"p{step}", oldest: random.Next(2) == 0);
                    paid += state.Value.Payment.Amount.Amount;
                    (state.Value.Allocations.Sum(static item => item.Amount.Amount) + state.Value.OnAccount.Amount).ShouldBe(amount, $"seed {seed}, step {step}");
                    break;
                case 4 when invoice is not null:
                    await world.CreditAsync(invoice, random.Next(3) == 0 ? null : random.Next(1, 3), random.Next(2) == 0 ? null : Math.Round(amount / 3, 2, MidpointRounding.ToZero) + 0.01m);
                    break;
                case 5:
                    var refund = await world.Store.WriteAsync(session => CustomerPayments.RefundAsync(
                        session, new NewPayment("acme", "northwind", new Money(amount, Currency.Of("EUR")), "2026-02-02", "") { ExternalId = $"r{step}" }, "tester", PaperWorld.Day));
                    refunded += refund.Problem is null ? amount : 0m;
                    break;
                case 6:
                    var account = (await world.Store.ReadAsync(session => CustomerPayments.ListAsync(session, "acme", null, "", 100, Reach.All))).Where(static item => !item.OnAccount.IsZero).ToArray();
                    if (account.Length > 0)
                    {
                        await world.Store.WriteAsync(session => CustomerPayments.AllocateAsync(session, account[random.Next(account.Length)].Payment.Number, random.Next(2) == 0 ? invoice : null, null, "tester", PaperWorld.Day));
                    }

                    break;
                case 7 when invoice is not null:
                    await world.Store.WriteAsync(session => CustomerPayments.WriteOffAsync(session, invoice, "insolvent", "tester", PaperWorld.Day));
                    break;
                case 8 when invoice is not null:
                    await world.Store.WriteAsync(session => Disputes.OpenAsync(session, invoice, random.Next(2) == 0 ? null : 1, "wrong", Reach.All, "tester", PaperWorld.Day));
                    break;
            }

            await CheckAsync(world, $"seed {seed}, step {step}");
        }

        var payments = await world.Store.ReadAsync(session => CustomerPayments.ListAsync(session, null, null, "", 1_000, Reach.All));
        payments.Where(static item => item.Payment.Kind == PaymentKind.Payment).Sum(static item => item.Payment.Amount.Amount).ShouldBe(paid, $"seed {seed}");
        payments.Where(static item => item.Payment.Kind == PaymentKind.Refund).Sum(static item => item.Payment.Amount.Amount).ShouldBe(refunded, $"seed {seed}");
        payments.ShouldAllBe(static item => item.Payment.Kind == PaymentKind.Payment || item.OnAccount.IsZero);
        (await world.VerifyAsync()).ShouldBeEmpty($"seed {seed}");
        invoices.Count.ShouldBeGreaterThan(3);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_payment_is_recorded_once_and_pays_what_it_names_what_it_equals_or_what_is_oldest(StoreKind kind)
    {
        await using var world = await PaperWorld.OpenAsync(stores, kind);
        var numbers = new List<string>();
        foreach (var (index, amount) in "100.00 200.00 100.00 50.00".Split(' ').Index())
        {
            numbers.Add(await world.IssueAsync("acme", PaperWorld.Day.AddDays(index - 40), "EUR", TaxTests.Line(1, amount, "O", "0")));
        }

        var named = (await world.PayAsync("acme", 60m, $"Rechnung {numbers[2].ToLowerInvariant()}, danke", id: "bank-1")).Value;
        var exact = (await world.PayAsync("acme", 200m, "no word", id: "bank-2")).Value;
        var unclear = (await world.PayAsync("acme", 40m, $"{numbers[2]}1", id: "bank-3")).Value;
        var oldest = (await world.PayAsync("acme", 170m, "all", id: "bank-4", oldest: true)).Value;
        var again = (await world.PayAsync("acme", 60m, $"Rechnung {numbers[2].ToLowerInvariant()}, danke", id: "bank-1")).Value;

        named.Allocations.ShouldBe([new Allocation(named.Payment.Number, numbers[2], Euro(60m))]);
        exact.Allocations.ShouldBe([new Allocation(exact.Payment.Number, numbers[1], Euro(200m))]);
        (unclear.Allocations.Count, unclear.OnAccount).ShouldBe((1, Euro(0m)), "40 are just what is open of the third");
        oldest.Allocations.Select(static item => (item.Target, item.Amount)).ShouldBe([(numbers[0], Euro(100m)), (numbers[3], Euro(50m))]);
        oldest.OnAccount.ShouldBe(Euro(20m));
        (again.IsNew, again.Payment).ShouldBe((false, named.Payment));
        (await world.PayAsync("acme", 61m, "another", id: "bank-1")).Problem!.Code.ShouldBe(ProblemCode.Conflict);
        (await world.PayAsync("acme", 1m, invoice: "NORTHWIND-000099", id: "bank-9")).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        (await world.PayAsync("nobody", 1m)).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        (await world.PayAsync("acme", 0.001m)).Problem!.Code.ShouldBe(ProblemCode.InvalidRequest);
        (await world.OwedAsync("acme")).ShouldBe(Euro(-20m));
        foreach (var number in numbers)
        {
            (await world.StateAsync(number)).State.ShouldBe(InvoiceState.Paid);
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_banks_statement_is_taken_in_once_and_what_nobody_knows_is_named(StoreKind kind)
    {
        await using var world = await PaperWorld.OpenAsync(stores, kind);
        var first = await world.IssueAsync("acme", PaperWorld.Day, "EUR", TaxTests.Line(1, "100.00", "S", "19"));
        var second = await world.IssueAsync("lumen", PaperWorld.Day, "EUR", TaxTests.Line(1, "10.00", "O", "0"));
        var csv = $"""
            Date,Amount,Currency,Reference,Payer
            2026-02-01,119.00,EUR,"inv {first}
            thanks",somebody
            2026-02-01,5.00,EUR,part,"LUMEN ""Media"", Inc"
            2026-02-01,5.00,EUR,part,"LUMEN ""Media"", Inc"
            2026-02-02,7.00,EUR,no word,stranger
            2026-02-02,-7.00,EUR,bank fee,acme
            2026-02-31,7.00,EUR,x,acme
            """.Replace("\nthanks", " thanks", StringComparison.Ordinal);

        var report = (await ImportAsync()).Value;
        var again = (await ImportAsync()).Value;

        report.Payments.Select(static item => (item.Payment.Organisation, item.Payment.Amount.ToAmountText(), item.IsNew)).ShouldBe([("acme", "119.00", true), ("lumen", "5.00", true), ("lumen", "5.00", true)]);
        report.Refused.Select(static item => item.Line).ShouldBe([5, 6, 7]);
        again.Payments.ShouldAllBe(static item => !item.IsNew);
        (await world.StateAsync(first)).State.ShouldBe(InvoiceState.Paid);
        (await world.OwedAsync("lumen")).IsZero.ShouldBeTrue();
        (await world.StateAsync(second)).Open.ShouldBe(Euro(10m), "nothing says what 5 are for: they stay on account");
        (await world.Store.WriteAsync(session => PaymentImport.RunAsync(session, "northwind", "date,amount\n", false, "tester", PaperWorld.Day))).Problem!.Message.ShouldContain("'currency'");
        (await world.Store.WriteAsync(session => PaymentImport.RunAsync(session, "northwind", "\"date", false, "tester", PaperWorld.Day))).Problem!.Message.ShouldContain("not closed");
        (await world.VerifyAsync()).ShouldBeEmpty();

        Task<Outcome<PaymentImportReport>> ImportAsync() => world.Store.WriteAsync(session => PaymentImport.RunAsync(session, "northwind", csv, paysOldest: false, "tester", PaperWorld.Day));
    }

    [Fact]
    public async Task A_statement_of_account_begins_with_what_was_owed_and_ends_with_what_is()
    {
        await using var world = await PaperWorld.OpenAsync(stores, StoreKind.Sqlite);
        await world.IssueAsync("acme", new DateTimeOffset(2025, 11, 30, 23, 30, 0, TimeSpan.Zero), "EUR", TaxTests.Line(1, "100.00", "O", "0"));
        var second = await world.IssueAsync("acme", new DateTimeOffset(2026, 1, 10, 0, 0, 0, TimeSpan.Zero), "EUR", TaxTests.Line(1, "70.00", "O", "0"));
        await world.PayAsync("acme", 30m, second);
        await world.CreditAsync(second, amount: 50m);

        var whole = await world.StatementAsync("acme");
        var part = await world.StatementAsync("acme", "2025-12-02", "2026-02-01");

        whole.Lines.Select(static line => (line.Date, line.Kind, line.Amount.ToAmountText(), line.Balance.ToAmountText())).ShouldBe([
            ("2025-12-01", "invoice", "100.00", "100.00"), ("2026-01-10", "invoice", "70.00", "170.00"), ("2026-02-02", "payment", "-30.00", "140.00"), ("2026-02-02", "credit_note", "-50.00", "90.00"),
        ]);
        whole.Ageing.ShouldBe(new AccountAgeing(Euro(0m), Euro(0m), Euro(100m), Euro(0m), Euro(0m), Euro(10m), Euro(0m)));
        (part.Opening, part.Closing, part.Lines.Count, part.Ageing).ShouldBe((Euro(100m), Euro(170m), 1, null));
    }

    private static async Task CheckAsync(PaperWorld world, string at)
    {
        var owed = await world.OwedAsync("acme");
        var open = await world.Store.ReadAsync(session => Receivables.ListAsync(session, "acme", null, "", 1_000, Reach.All, PaperWorld.Day));
        var statements = (await world.Store.ReadAsync(session => AccountStatements.ReadAsync(session, "acme", "northwind", null, null, PaperWorld.Day))).Value;
        open.ShouldAllBe(static item => item.Open.Amount >= 0m && item.Open == item.Payable - item.Paid - item.Credited - item.WrittenOff && item.Disputed <= item.Open, at);
        open.ShouldAllBe(static item => item.Open.IsZero == (item.State == InvoiceState.Paid || item.State == InvoiceState.Credited || item.State == InvoiceState.Uncollectible), at);
        var payments = await world.Store.ReadAsync(session => CustomerPayments.ListAsync(session, "acme", null, "", 1_000, Reach.All));
        payments.ShouldAllBe(static item => item.OnAccount.Amount >= 0m && item.OnAccount.Amount + item.Allocations.Sum(part => part.Amount.Amount) == item.Payment.Amount.Amount, at);
        if (statements.Length == 0)
        {
            owed.IsZero.ShouldBeTrue(at);
            return;
        }

        var statement = statements.ShouldHaveSingleItem(at);
        statement.Closing.ShouldBe(owed, at);
        statement.Ageing!.Total.ShouldBe(owed, at);
        statement.Ageing.Other.IsZero.ShouldBeTrue(at);
        (statement.Ageing.Total + statement.Ageing.OnAccount).ShouldBe(Money.Sum(open.Select(static item => item.Open), owed.Currency), at);
    }

    private static Money Euro(decimal amount) => new(amount, Currency.Of("EUR"));

    private static string Text(decimal amount) => Math.Round(amount, 2, MidpointRounding.ToZero).ToString("0.00", CultureInfo.InvariantCulture);
}
