using Dogana.Audit;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing;

public sealed class PeriodCloseTests(StoreFixture stores)
{
    private static readonly BillingMonth January = MoneyWorld.January;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Small_calls_add_up_before_they_are_rounded(StoreKind kind)
    {
        // 1,000,000 × 1,234 tokens at 0.15 per million are 185.10; rounded per call they would be 0.00.
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync([.. Enumerable.Range(0, 1_000).Select(index => new Call("acme", MoneyWorld.MidJanuary.AddMinutes(index), 1_234_000))]);

        var invoice = (await world.CloseAsync(January, MoneyWorld.InFebruary)).ShouldHaveSingleItem();

        (invoice.Number, invoice.Seller, invoice.Organisation, invoice.Net.ToString()).ShouldBe(("OWNER-000001", "owner", "acme", "185.10 USD"));
        var line = Document(invoice).Lines.ShouldHaveSingleItem();
        (line.ServiceMonth, line.Model, line.Meter, line.Quantity, line.UnitPrice, line.Per, line.ExactAmount, line.Amount)
            .ShouldBe(("2026-01", "small", "input_tokens", 1_234_000_000, "0.15", 1_000_000, "185.10", "185.10"));
        (await world.VerifyAsync()).ShouldSatisfyAllConditions(report => report.Faults.ShouldBeEmpty(), report => report.Verified.ShouldBeTrue());
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Lines_are_rounded_once_each_and_the_books_take_the_difference(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 33_334, 8_334, 1), new Call("nippon", MoneyWorld.MidJanuary, 22_727));

        var invoices = await world.CloseAsync(January, MoneyWorld.InFebruary);

        invoices.Select(static invoice => $"{invoice.Number} {invoice.Organisation} {invoice.Net}").ShouldBe(["OWNER-000001 acme 0.02 USD", "OWNER-000002 nippon 0 JPY"]);
        Document(invoices[0]).ShouldSatisfyAllConditions(
            document => document.Lines.Select(static line => $"{line.Meter} {line.ExactAmount} {line.Amount}").ShouldBe(
                ["input_tokens 0.0050001 0.01", "cached_input_tokens 0.000000075 0.00", "output_tokens 0.0050004 0.01"]),
            document => (document.ExactTotal, document.Net, document.Rounding).ShouldBe(("0.010000575", "0.02", "-0.009999425")));
        var entry = await world.Store.ReadAsync(session => LedgerJournal.FindAsync(session, "invoice/OWNER-000001"));
        entry!.Postings.Select(static posting => $"{posting.Account.Kind} {posting.Amount}").ShouldBe(
            ["Receivable 0.02 USD", "UnbilledReceivable -0.010000575 USD", "Rounding -0.009999425 USD"]);
        var unbilled = await world.Store.ReadAsync(session => LedgerJournal.BalancesAsync(session));
        unbilled.Where(static balance => balance.Account.Kind == AccountKind.UnbilledReceivable).ShouldAllBe(balance => balance.Amount.IsZero);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Closing_again_gives_the_same_documents_and_makes_nothing(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 1_000_000));
        var first = await world.CloseAsync(January, MoneyWorld.InFebruary);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 5_000_000));

        var again = await world.CloseAsync(January, MoneyWorld.InFebruary.AddDays(3));

        again.ShouldBe(first);
        var audit = await world.Store.ReadAsync(session => AuditLog.ReadAsync(session, 10));
        audit.Where(static row => row.Action == "period.close").ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            row => row.Actor.ShouldBe("tester"), row => row.Subject.ShouldBe("2026-01"));
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Late_usage_lands_on_the_next_invoice_with_its_own_month(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 1_000_000));
        var january = await world.CloseAsync(January, MoneyWorld.InFebruary);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 2_000_000), new Call("acme", MoneyWorld.InFebruary, 3_000_000));

        var february = await world.CloseAsync(MoneyWorld.February, MoneyWorld.InMarch);

        january.ShouldHaveSingleItem().Net.Amount.ShouldBe(0.15m);
        Document(february.ShouldHaveSingleItem()).Lines.Select(static line => $"{line.ServiceMonth} {line.Quantity} {line.Amount}").ShouldBe(
            ["2026-01  0.30", "2026-02 3000000 0.45"]);
        Document(february[0]).Lines[0].ShouldSatisfyAllConditions(
            line => line.Kind.ShouldBe("correction"), line => line.Corrects.ShouldBe(january[0].Number), line => line.ServiceStart.ShouldBe(january[0].PeriodStart),
            line => line.Parts.ShouldBe([new InvoiceDocumentPart("unbilled_receivable", "0.30")]));
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_month_is_the_customers_own()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        var tokyoFebruary = new DateTimeOffset(2026, 1, 31, 15, 0, 0, TimeSpan.Zero);
        await world.UseAsync(
            new Call("nippon", tokyoFebruary, 1_000_000), new Call("nippon", tokyoFebruary.AddMicroseconds(-1), 2_000_000),
            new Call("acme", tokyoFebruary, 1_000_000));

        var invoices = await world.CloseAsync(January, MoneyWorld.InFebruary);

        invoices.Select(static invoice => $"{invoice.Organisation} {invoice.Net}").ShouldBe(["acme 0.15 USD", "nippon 44 JPY"]);
        Document(invoices[1]).Period.ShouldSatisfyAllConditions(
            period => period.TimeZone.ShouldBe("Asia/Tokyo"), period => period.End.ShouldBe(tokyoFebruary));
        (await world.CloseAsync(MoneyWorld.February, MoneyWorld.InMarch)).ShouldHaveSingleItem().Net.ToString().ShouldBe("22 JPY");
    }

    [Fact]
    public async Task A_month_is_closed_only_when_it_is_over_for_every_customer()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        var honolulu = new DateTimeOffset(2026, 2, 1, 10, 0, 0, TimeSpan.Zero);

        var early = await PeriodClose.CloseAsync(world.Store, January, honolulu.AddTicks(-1), "tester");
        var settled = await Dogana.Settlement.Settlements.CloseAsync(world.Store, January, honolulu, "tester");
        var onTime = await PeriodClose.CloseAsync(world.Store, January, honolulu, "tester");

        early.Problem!.Code.ShouldBe(ProblemCode.Conflict);
        early.Problem.Message.ShouldBe("2026-01 is not over: for organisation 'pacific' Pacific/Honolulu it ends at 2026-02-01T10:00:00Z. Close it then.");
        settled.Problem!.Message.ShouldContain("Close its billing first");
        onTime.Value.ShouldBe(new ClosedMonth(January, true, 0));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Twenty_closes_at_once_leave_no_gap_and_no_double_charge(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        BillingMonth[] months = [.. Enumerable.Range(1, 5).Select(static month => new BillingMonth(2026, month))];
        await world.UseAsync([.. months.SelectMany(static month => new[]
        {
            new Call("acme", month.Start("Etc/UTC").AddDays(9), 1_000_000), new Call("acme", month.Start("Etc/UTC").AddDays(9), 1_000_000) { Channel = "resale" },
            new Call("pacific", month.Start("Etc/UTC").AddDays(9), 1_000_000) { Channel = "resale" },
        })]);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(index => world.CloseAsync(months[index % 5], MoneyWorld.InMarch.AddYears(1))));

        var report = await world.VerifyAsync();
        report.Faults.ShouldBeEmpty();
        var invoices = await world.Store.ReadAsync(session => Invoices.ListAsync(session));
        Money.Sum(invoices.Select(static invoice => invoice.Net), Currency.Of("USD")).Amount.ShouldBe(15 * 0.15m);
        foreach (var seller in invoices.GroupBy(static invoice => invoice.Seller, StringComparer.Ordinal))
        {
            seller.Select(static invoice => invoice.Number).ShouldBe(Enumerable.Range(1, seller.Count()).Select(number => $"{seller.Key.ToUpperInvariant()}-{number:000000}"));
        }
    }

    internal static InvoiceDocument Document(Invoice invoice) => DocumentText.Read<InvoiceDocument>(invoice.Json)!;
}
