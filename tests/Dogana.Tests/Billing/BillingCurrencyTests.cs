using System.Globalization;
using Dogana.Authority;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Exports;
using Dogana.Ledger;
using Dogana.Rating;
using Dogana.Tests.Storage;
using FsCheck.Fluent;

namespace Dogana.Tests.Billing;

/// <summary>Contracts whose prices are in US dollars and whose documents are in rupees.</summary>
public sealed class BillingCurrencyTests(StoreFixture stores)
{
    private static readonly BillingMonth January = new(2026, 1);

    private static ContractTerms Rupees => new() { BillingCurrency = "INR" };

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_document_is_converted_at_the_rate_of_the_end_of_its_period_and_each_currency_balances(StoreKind kind)
    {
        await using var world = await OpenAsync(kind, Rupees, (TermsWorld.On(2025, 1, 1), 80m), (TermsWorld.On(2026, 1, 20), 82.42135m), (TermsWorld.On(2026, 2, 1), 99m));
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 100);

        var document = (await world.CloseAsync(2026, 1))!;

        // 100.00 USD at 82.42135 are 8,242.14 INR (TigerBeetle's documentation, "Currency exchange").
        var line = document.Lines.ShouldHaveSingleItem();
        (document.Currency, line.Amount, line.ExactAmount, line.PricingAmount, line.PricingExactAmount).ShouldBe(("INR", "8242.14", "8242.135", "100.00", "100.00"));
        (document.Payable, document.Rounding).ShouldBe(("8242.14", "-0.005"));
        document.Manifest.ExchangeRate.ShouldBe(new DocumentExchangeRate("USD", "INR", "82.42135", TermsWorld.On(2026, 1, 20)));
        var entry = await world.Store.ReadAsync(session => LedgerJournal.FindAsync(session, $"invoice/{document.Number}"));
        entry!.Postings.Select(static posting => $"{posting.Account.Kind} {posting.Amount}").ShouldBe(
            ["Receivable 8242.14 INR", "UnbilledReceivable -100.00 USD", "FxClearing 100.00 USD", "FxClearing -8242.135 INR", "Rounding -0.005 INR"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Without_a_rate_a_contract_is_left_open_and_named_until_one_is_declared(StoreKind kind)
    {
        await using var world = await OpenAsync(kind, Rupees with { Fees = [new ContractFee("seat", "Seat", 5m, false)] });
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 100);
        await world.AccrueAsync();
        (await DraftAsync(world)).Problem!.Code.ShouldBe(ProblemCode.ExchangeRateUnknown);

        (await world.CloseAsync(2026, 1)).ShouldBeNull();
        var waiting = (await ReportAsync(world)).Waiting.ShouldHaveSingleItem();
        (waiting.Contract, waiting.Code).ShouldBe((TermsWorld.Contract, "exchange_rate_unknown"));
        waiting.Message.ShouldContain("USD to INR");
        (await world.CloseAsync(2026, 1)).ShouldBeNull();

        await DeclareAsync(world, (TermsWorld.On(2026, 1, 1), 82.42135m));
        var draft = (await DraftAsync(world)).Value;
        var document = await world.CloseAsync(2026, 1);
        (await world.CloseAsync(2026, 1)).ShouldNotBeNull();

        TermsWorld.Say(document).ShouldBe("usage 8242.14, fee 412.11");
        TermsWorld.Say(draft).ShouldBe(TermsWorld.Say(document));
        (await world.DocumentsAsync()).Count.ShouldBe(1);
        var report = await ReportAsync(world);
        report.Waiting.ShouldBeEmpty();
        report.Documents.ShouldBe(1);
    }

    [Fact]
    public async Task A_later_close_bills_what_an_earlier_one_left_open_once_at_its_own_rate()
    {
        await using var world = await OpenAsync(StoreKind.Sqlite, Rupees);
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 100);
        (await world.CloseAsync(2026, 1)).ShouldBeNull();
        await world.UseAsync(TermsWorld.On(2026, 2, 10), 10);
        await DeclareAsync(world, (TermsWorld.On(2026, 2, 15), 90m));
        (await world.CloseAsync(2026, 1)).ShouldBeNull("no rate was in force in January");

        var february = await world.CloseAsync(2026, 2);

        TermsWorld.Say(february).ShouldBe("usage 9000.00, usage 900.00");
        (await ReportAsync(world)).Waiting.ShouldBeEmpty();
        (await world.CloseAsync(2026, 1)).ShouldBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Minimums_and_corrections_count_in_the_currency_of_the_prices(StoreKind kind)
    {
        await using var world = await OpenAsync(
            kind, Rupees with { TermMonths = 3, Minimums = [new SpendMinimum("month", 60m, MinimumCadence.Period, EarlyEnd.Full), new SpendMinimum("term", 200m, MinimumCadence.Term, EarlyEnd.Full)] },
            (TermsWorld.On(2025, 1, 1), 80m), (TermsWorld.On(2026, 2, 10), 90m), (TermsWorld.On(2026, 3, 10), 100m));
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 40);
        TermsWorld.Say(await world.CloseAsync(2026, 1)).ShouldBe("usage 3200.00, true_up 1600.00");

        await world.UseAsync(TermsWorld.On(2026, 1, 11), 30); // late: 70 used, 10 more than the minimum
        await world.UseAsync(TermsWorld.On(2026, 2, 11), 60);
        var february = await world.CloseAsync(2026, 2);
        TermsWorld.Say(february).ShouldBe("correction 900.00, usage 5400.00");
        february!.Lines[0].Parts!.Select(static part => $"{part.Account} {part.Exact}").ShouldBe(["unbilled_receivable 30.00", "commitment_revenue -20.00"]);

        // 70 + 60 + 60 of 200.
        TermsWorld.Say(await world.CloseAsync(2026, 3)).ShouldBe("true_up 6000.00, true_up 1000.00");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_minimum_is_what_it_converts_to_to_the_minor_unit_whatever_its_lines_round_to(StoreKind kind)
    {
        foreach (var (uses, rate, least) in Checked.Sample(
            from uses in (from day in Gen.Choose(1, 30) from tokens in Gen.Choose(1, 3) from model in Gen.Elements("third", "one", "tiny") select (day, tokens, model)).ListOf(8)
            from rate in Gen.Elements(82.42135m, 0.0123456789m, 7.3m, 1.005m)
            from least in Gen.Elements(100m, 99.99m)
            select (uses, rate, least), 71, kind == StoreKind.Sqlite ? 8 : 2))
        {
            var said = $"rate {rate}, minimum {least}, used {string.Join(", ", uses)}";
            await using var world = await OpenAsync(
                kind, Rupees with { TermMonths = 2, Minimums = [new SpendMinimum("month", least, MinimumCadence.Period, EarlyEnd.Full), new SpendMinimum("term", 3m * least, MinimumCadence.Term, EarlyEnd.Full)] },
                (TermsWorld.On(2025, 1, 1), rate));
            foreach (var (day, tokens, model) in uses)
            {
                await world.UseAsync(TermsWorld.On(2026, 1, day), tokens, model);
            }

            var january = (await world.CloseAsync(2026, 1))!;
            await world.UseAsync(TermsWorld.On(2026, 1, 31), 2, "third"); // late, and still below the minimum
            await world.CloseAsync(2026, 2);

            decimal.Parse(january.Net, CultureInfo.InvariantCulture).ShouldBe(decimal.Round(least * rate, 2, MidpointRounding.AwayFromZero), said);
            (await world.DocumentsAsync()).SelectMany(static document => document.Lines).Sum(static line => decimal.Parse(line.PricingExactAmount!, CultureInfo.InvariantCulture)).ShouldBe(3m * least, said);
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_document_that_passes_over_the_newest_rate_is_found_and_one_that_could_not_know_it_is_whole(StoreKind kind)
    {
        await using var world = await OpenAsync(kind, Rupees, (TermsWorld.On(2026, 1, 1), 80m));
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 100);
        await world.CloseAsync(2026, 1);

        // Published after the close, for an instant before it: the document could not stand on it.
        await DeclareAsync(world, (TermsWorld.On(2026, 1, 20), 90m));
        await world.CheckAsync();

        await world.Store.WriteAsync(static session => session.ExecuteAsync("update exchange_rate set published_after = 0"));
        var faults = (await world.Store.ReadAsync(InvoiceVerification.VerifyAsync)).Select(static item => item.Message).ToArray();
        faults.ShouldHaveSingleItem().ShouldContain("its exchange rate is not the newest that was in force");

        await world.Store.WriteAsync(static session => session.ExecuteAsync("update exchange_rate set published_after = null")); // as rates of earlier builds are
        await world.CheckAsync();
    }

    [Fact]
    public async Task What_a_converted_document_gives_back_explains_and_shows_is_in_its_own_currency()
    {
        await using var world = await OpenAsync(StoreKind.Sqlite, Rupees, (TermsWorld.On(2026, 1, 1), 82.42135m));
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 60);
        await world.UseAsync(TermsWorld.On(2026, 1, 11), 40);
        var document = (await world.CloseAsync(2026, 1))!;

        var explained = await world.Store.ReadAsync(session => InvoiceExplanations.ExplainAsync(session, document.Number, 1, 0, 10));
        explained!.Explanation.ShouldBe("100 input_tokens of one × 1 ÷ 1 = 100.00 USD, × 82.42135 (USD/INR from 2026-01-01T00:00:00Z) = 8242.135 INR, rounded once to 8242.14.");
        explained.RatedLines.Sum(static line => line.Quantity).ShouldBe(100);

        var invoice = (await world.Store.ReadAsync(session => Invoices.FindAsync(session, document.Number)))!;
        Invoices.ToHtml(invoice).ShouldContain("1 USD = 82.42135 INR, in force from 2026-01-01 00:00 UTC");
        Invoices.ToPdf(invoice).Problem.ShouldBeNull();
        var ubl = Invoices.ToUbl(invoice).Value;
        ubl.ShouldContain("1 USD = 82.42135 INR");
        ubl.ShouldContain("<cbc:PriceAmount currencyID=\"INR\">82.42135</cbc:PriceAmount>");

        var rows = await ExportAsync(world);
        rows.Sum(static row => Number(row["BilledCost"])).ShouldBe(8242.14m);
        rows.Sum(static row => Number(row["PricingCurrencyEffectiveCost"])).ShouldBe(100m);
        rows.Count.ShouldBe(2);
        foreach (var row in rows)
        {
            (row["BillingCurrency"], row["PricingCurrency"], row["ListUnitPrice"], row["PricingCurrencyListUnitPrice"], row["PricingCurrencyContractedUnitPrice"]).ShouldBe(("INR", "USD", "82.42135", "1", "1"));
            (Number(row["ListUnitPrice"]) * Number(row["PricingQuantity"])).ShouldBe(Number(row["ListCost"]));
        }

        var note = await world.Store.WriteAsync(session => CreditNotes.IssueAsync(session, document.Number, new CreditRequest("Wrong price"), Reach.All, "tester", TermsWorld.On(2026, 2, 4)));
        note.Value.Document.Payable.ShouldBe("-8242.14");
        note.Value.Document.Lines.ShouldHaveSingleItem().PricingAmount.ShouldBeNull();
        await world.CheckAsync();
    }

    [Theory]
    [InlineData("update exchange_rate set rate_micro = rate_micro + 1", "its exchange rate is not one that was in force")]
    [InlineData("delete from exchange_rate", "its exchange rate is not one that was in force")]
    [InlineData("update exchange_rate set effective_from = effective_from + 1", "its exchange rate is not one that was in force")]
    public async Task A_changed_rate_is_found(string change, string fault)
    {
        await using var world = await OpenAsync(StoreKind.Sqlite, Rupees, (TermsWorld.On(2026, 1, 1), 82.42135m));
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 100);
        await world.CloseAsync(2026, 1);

        await world.Store.WriteAsync(session => session.ExecuteAsync(change));

        var faults = (await world.Store.ReadAsync(InvoiceVerification.VerifyAsync)).Select(static item => item.Message).ToArray();
        faults.ShouldNotBeEmpty();
        if (!change.StartsWith("update exchange_rate set rate", StringComparison.Ordinal))
        {
            faults.Contains(fault, StringComparer.Ordinal).ShouldBeTrue(string.Join('\n', faults));
        }
    }

    [Fact]
    public async Task A_currency_that_is_none_and_credit_in_another_are_refused()
    {
        var credit = new Prepayment("all", "All", 50m, TermsWorld.On(2026, 1, 1), null, 0, false);

        (await RefusedAsync(new ContractTerms { BillingCurrency = "XXX" })).ShouldContain("billing_currency 'XXX' is no currency");
        (await RefusedAsync(Rupees with { Prepayments = [credit] })).ShouldContain("credit is bought and used in one currency");
        await using var same = await OpenAsync(StoreKind.Sqlite, new ContractTerms { BillingCurrency = "USD", Prepayments = [credit] });
        TermsWorld.Say(await same.CloseAsync(2026, 1)).ShouldBe("prepayment 50.00");
    }

    private async Task<string> RefusedAsync(ContractTerms terms)
    {
        await using var world = await TermsWorld.OpenAsync(stores, StoreKind.Sqlite, new ContractTerms());
        return (await Should.ThrowAsync<ProblemException>(() => world.DeclareAsync(
            TermsWorld.On(2025, 12, 2), new Contract("other", "acme", "direct", "round", TermsWorld.On(2026, 1, 1), null) { Terms = terms }))).Problem.Message;
    }

    private async Task<TermsWorld> OpenAsync(StoreKind kind, ContractTerms terms, params (DateTimeOffset From, decimal Rate)[] rates)
    {
        var world = await TermsWorld.OpenAsync(stores, kind, terms);
        await DeclareAsync(world, rates);
        return world;
    }

    private static async Task DeclareAsync(TermsWorld world, params (DateTimeOffset From, decimal Rate)[] rates) => await world.Store.WriteAsync(session => ExchangeRates.DeclareAsync(
        session, [.. rates.Select(static rate => new ExchangeRate("USD", "INR", rate.From, rate.Rate, "test"))], TermsWorld.On(2025, 12, 1)));

    private static Task<PeriodReport> ReportAsync(TermsWorld world) => world.Store.ReadAsync(session => PeriodClose.ReportAsync(session, January));

    private static Task<Outcome<InvoiceDocument>> DraftAsync(TermsWorld world) => world.Store.ReadAsync(async session =>
        await Invoices.DraftAsync(session, (await Contracts.FindAsync(session, TermsWorld.Contract))!, January, TermsWorld.On(2026, 2, 3)));

    private static async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> ExportAsync(TermsWorld world)
    {
        await using var text = new StringWriter();
        await world.Store.ReadAsync(async session =>
        {
            await FocusExport.WriteAsync(session, January, null, null, false, Reach.All, text);
            return 0;
        });
        var lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static line => line.Split(',')).ToArray();
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal))];
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
