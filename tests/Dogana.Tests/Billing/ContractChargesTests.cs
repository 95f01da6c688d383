using System.Globalization;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing;

/// <summary>Corrections, fees, discounts and periods, by the published examples of others and by hand.</summary>
public sealed class ContractChargesTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task OpenMeter_late_usage_keeps_its_period_20_for_the_first_and_30_for_the_second(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms());
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 5, "ten");
        TermsWorld.Say(await world.CloseAsync(2026, 1)).ShouldBe("usage 50.00");
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 2, "ten");
        await world.UseAsync(TermsWorld.On(2026, 2, 10), 3, "ten");

        var february = await world.CloseAsync(2026, 2);

        february!.Lines.Select(static line => $"{line.ServiceMonth} {line.Kind} {line.Amount}").ShouldBe(["2026-01 correction 20.00", "2026-02 usage 30.00"]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, "ten", 5, 3, "50.00", "30.00")] // delta: 5 at 10, then 8
    [InlineData(StoreKind.Sqlite, "volume", 15, 1, "150.00", "-70.00")] // 15 at 10, then 16 at 5: −150, +80
    [InlineData(StoreKind.Sqlite, "graduated", 15, 1, "150.00", "5.00")]
    [InlineData(StoreKind.Postgres, "volume", 15, 1, "150.00", "-70.00")]
    public async Task OpenMeter_delta_a_correction_is_the_whole_period_less_what_was_charged(StoreKind kind, string model, long first, long late, string charged, string corrected)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms());
        await world.UseAsync(TermsWorld.On(2026, 1, 10), first, model);
        TermsWorld.Say(await world.CloseAsync(2026, 1)).ShouldBe($"usage {charged}");
        await world.UseAsync(TermsWorld.On(2026, 1, 11), late, model);

        TermsWorld.Say(await world.CloseAsync(2026, 2)).ShouldBe($"correction {corrected}");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, true, "fee 16.00", "fee 31.00", "fee 10.00")]
    [InlineData(StoreKind.Sqlite, false, "fee 31.00", "fee 31.00", "fee 31.00")]
    [InlineData(StoreKind.Postgres, true, "fee 16.00", "fee 31.00", "fee 10.00")]
    public async Task A_contract_that_begins_and_ends_in_mid_month_pays_its_fee_whole_or_by_time(StoreKind kind, bool isProrated, string first, string whole, string last)
    {
        await using var world = await TermsWorld.OpenAsync(
            stores, kind, new ContractTerms { Fees = [new ContractFee("seat", "Seat", 31m, isProrated)] }, TermsWorld.On(2026, 1, 16), TermsWorld.On(2026, 3, 11));

        TermsWorld.Say(await world.CloseAsync(2026, 1)).ShouldBe(first);
        TermsWorld.Say(await world.CloseAsync(2026, 2)).ShouldBe(whole);
        TermsWorld.Say(await world.CloseAsync(2026, 3)).ShouldBe(last);
        (await world.CloseAsync(2026, 4)).ShouldBeNull();
    }

    [Fact]
    public async Task A_fee_by_time_counts_real_hours_over_a_change_of_clocks()
    {
        // March 2026 has 743 hours in Berlin; from the 29th on there are 71 of them.
        await using var world = await TermsWorld.OpenAsync(
            stores, StoreKind.Sqlite, new ContractTerms { TimeZone = "Europe/Berlin", Fees = [new ContractFee("seat", "Seat", 743m, true)] }, new DateTimeOffset(2026, 3, 28, 23, 0, 0, TimeSpan.Zero));

        TermsWorld.Say(await world.CloseAsync(2026, 3)).ShouldBe("fee 71.00");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_discount_is_on_its_models_alone_and_late_usage_has_it_too(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms
        {
            Discounts = [new ContractDiscount("ten", "On ten", 2_500, ["ten"]), new ContractDiscount("all", "On all", 1_000, [])],
            Fees = [new ContractFee("seat", "Seat", 5m, false)],
        });
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 100);
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 10, "ten");
        TermsWorld.Say(await world.CloseAsync(2026, 1)).ShouldBe("usage 100.00, usage 100.00, fee 5.00, discount -25.00, discount -20.00");
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 10, "ten");

        var february = await world.CloseAsync(2026, 2);

        TermsWorld.Say(february).ShouldBe("correction 65.00, fee 5.00");
        february!.Lines[0].Parts!.Select(static part => $"{part.Account} {part.Exact}").ShouldBe(["unbilled_receivable 100.00", "discount -35.00"]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Periods_from_31_January_end_on_the_last_days_of_shorter_months(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(
            stores, kind, new ContractTerms { Anchor = PeriodAnchor.Anniversary, Fees = [new ContractFee("seat", "Seat", 1m, true)] }, TermsWorld.On(2027, 1, 31));
        await world.UseAsync(TermsWorld.On(2027, 2, 27, 23), 2);
        await world.UseAsync(TermsWorld.On(2027, 2, 28), 3);

        (await world.CloseAsync(2027, 1)).ShouldBeNull();
        var documents = new List<InvoiceDocument?>();
        for (var month = 2; month <= 5; month++)
        {
            documents.Add(await world.CloseAsync(2027, month));
        }

        documents.Select(TermsWorld.Say).ShouldBe(["usage 2.00, fee 1.00", "usage 3.00, fee 1.00", "fee 1.00", "fee 1.00"]);
        documents.Select(static document => document!.Period.End).ShouldBe([TermsWorld.On(2027, 2, 28), TermsWorld.On(2027, 3, 31), TermsWorld.On(2027, 4, 30), TermsWorld.On(2027, 5, 31)]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_quarter_is_charged_once_at_its_end_and_corrected_in_any_month_after(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(
            stores, kind, new ContractTerms { PeriodMonths = 3, Fees = [new ContractFee("seat", "Seat", 90m, true)] }, TermsWorld.On(2026, 2, 1));
        await world.UseAsync(TermsWorld.On(2026, 2, 1), 1);
        await world.UseAsync(TermsWorld.On(2026, 3, 31, 23), 2);
        await world.UseAsync(TermsWorld.On(2026, 4, 1), 4);

        (await world.CloseAsync(2026, 2)).ShouldBeNull();
        TermsWorld.Say(await world.CloseAsync(2026, 3)).ShouldBe("usage 3.00, fee 59.00"); // 59 of 90 days
        await world.UseAsync(TermsWorld.On(2026, 2, 2), 8);
        TermsWorld.Say(await world.CloseAsync(2026, 4)).ShouldBe("correction 8.00");
        (await world.CloseAsync(2026, 5)).ShouldBeNull();
        TermsWorld.Say(await world.CloseAsync(2026, 6)).ShouldBe("usage 4.00, fee 90.00");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Two_contracts_in_one_month_have_a_document_each_and_share_no_instant(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms(), to: TermsWorld.On(2026, 1, 15, 12));
        await world.DeclareAsync(TermsWorld.On(2026, 1, 2), new Contract("pacific-next", "pacific", "direct", "round", TermsWorld.On(2026, 1, 15, 12), null) { Terms = new ContractTerms { Overrides = "special" } });
        await world.UseAsync(TermsWorld.On(2026, 1, 15, 12).AddMicroseconds(-1), 1, "ten");
        await world.UseAsync(TermsWorld.On(2026, 1, 15, 12), 1, "ten");
        await world.UseAsync(TermsWorld.On(2026, 1, 15, 12), 1);

        TermsWorld.Say(await world.CloseAsync(2026, 1)).ShouldBe("usage 10.00");
        TermsWorld.Say((await world.DocumentsAsync("pacific-next")).Single()).ShouldBe("usage 1.00, usage 7.00"); // the override has ten alone
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_resold_is_charged_to_the_reseller_and_by_it_to_its_customer(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms { Overrides = "special" });
        await world.DeclareAsync(TermsWorld.On(2025, 12, 1), new Contract("acme-retail", "acme", "direct", "round", TermsWorld.On(2026, 1, 1), null) { Terms = new ContractTerms { Seller = "pacific" } });
        await world.UseAsync(new Call("pacific", TermsWorld.On(2026, 1, 10), 3) { Model = "ten", EndCustomer = "acme" }, new Call("pacific", TermsWorld.On(2026, 1, 10), 2) { Model = "ten", EndCustomer = "nippon" });

        TermsWorld.Say(await world.CloseAsync(2026, 1)).ShouldBe("usage 35.00");
        var retail = (await world.DocumentsAsync("acme-retail")).Single();
        (retail.Number, retail.Seller.Id, retail.Customer.Id, TermsWorld.Say(retail)).ShouldBe(("PACIFIC-000001", "pacific", "acme", "usage 30.00"));
        await world.UseAsync(new Call("pacific", TermsWorld.On(2026, 1, 10), 1) { Model = "ten", EndCustomer = "acme" });
        TermsWorld.Say(await world.CloseAsync(2026, 2)).ShouldBe("correction 7.00");
        TermsWorld.Say((await world.DocumentsAsync("acme-retail"))[^1]).ShouldBe("correction 10.00");
        var refused = await Should.ThrowAsync<ProblemException>(() => world.DeclareAsync(
            TermsWorld.On(2026, 2, 1), new Contract("nippon-retail", "nippon", "direct", "round", TermsWorld.On(2026, 1, 10), null) { Terms = new ContractTerms { Seller = "pacific" } }));
        refused.Message.ShouldContain("is charged up to 2026-01-10T01:00:00Z, without it");
        await world.CheckAsync();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_taken_back_before_and_after_the_invoice_costs_nothing_in_the_end(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms());
        await world.UseAsync(new Call("pacific", TermsWorld.On(2026, 1, 10), 10) { Model = "volume" }, new Call("pacific", TermsWorld.On(2026, 1, 10), 6) { Model = "volume" });
        await world.UseAsync(TermsWorld.On(2026, 1, 11), 7);
        await world.AccrueAsync();
        (await world.VoidAsync(3, TermsWorld.On(2026, 1, 12))).ShouldBeNull();
        TermsWorld.Say(await world.CloseAsync(2026, 1)).ShouldBe("usage 80.00");

        (await world.VoidAsync(2, TermsWorld.On(2026, 2, 12))).ShouldBeNull();
        TermsWorld.Say(await world.CloseAsync(2026, 2)).ShouldBe("correction 20.00"); // 10 by volume cost more than 16
        (await world.VoidAsync(1, TermsWorld.On(2026, 3, 12))).ShouldBeNull();
        TermsWorld.Say(await world.CloseAsync(2026, 3)).ShouldBe("correction -100.00");
        (await world.DocumentsAsync()).Sum(static document => decimal.Parse(document.Net, CultureInfo.InvariantCulture)).ShouldBe(0m);
        (await world.Store.ReadAsync(session => LedgerJournal.BalancesAsync(session))).Where(static balance => balance.Account.Kind == AccountKind.Receivable).ShouldAllBe(balance => balance.Amount.IsZero);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Sums_are_exact_to_the_twelfth_place(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms());
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 20_000_000);
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 1, "tiny");

        var document = await world.CloseAsync(2026, 1);

        (document!.ExactTotal, document.Net, document.Rounding).ShouldBe(("20000000.000000000001", "20000000.00", "0.000000000001"));
    }

    [Fact]
    public async Task A_contract_ends_now_or_later_and_stays_ended()
    {
        await using var world = await TermsWorld.OpenAsync(stores, StoreKind.Sqlite, new ContractTerms());
        var contract = new Contract(TermsWorld.Contract, "pacific", "direct", "round", TermsWorld.On(2026, 1, 1), null);
        var end = TermsWorld.On(2026, 2, 10);

        (await RefusedAsync(end.AddMinutes(1), end)).ShouldContain("would end in the past");
        await world.DeclareAsync(end, contract with { To = end });
        await world.DeclareAsync(end.AddDays(1), contract with { To = end });
        (await RefusedAsync(end.AddDays(1), end.AddDays(2))).ShouldContain("has ended");
        (await RefusedAsync(end.AddDays(1), null)).ShouldContain("has ended");

        async Task<string> RefusedAsync(DateTimeOffset now, DateTimeOffset? to) => (await Should.ThrowAsync<ProblemException>(() => world.DeclareAsync(now, contract with { To = to }))).Message;
    }
}
