using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Exports;
using Dogana.Rating;
using Dogana.Tests.Storage;
using FsCheck.Fluent;

namespace Dogana.Tests.Billing;

/// <summary>Prices of the past: what was charged is rated again, final documents stay, and the difference comes as a correction.</summary>
public sealed class RepricingTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Middle = TermsWorld.On(2026, 1, 10, 6).AddMinutes(30); // within an hour

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_price_of_the_past_leaves_documents_as_they_are_and_comes_as_one_correction(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms());
        await world.UseAsync(TermsWorld.On(2026, 1, 10, 6), 3, "ten"); // before it, in the same hour
        await world.UseAsync(Middle, 5, "ten");
        await world.UseAsync(TermsWorld.On(2026, 1, 20), 7, "ten");
        await world.UseAsync(TermsWorld.On(2026, 1, 20), 1, "one"); // at a price that stays
        var january = await world.CloseAsync(2026, 1);
        var before = (await world.Store.ReadAsync(static session => Invoices.ListAsync(session))).Single();

        await PublishAsync(world, "round", Middle, static price => price.Model == "ten" ? price with { Amount = 12m } : price);
        await world.UseAsync(TermsWorld.On(2026, 1, 21), 2, "ten"); // late, by the new price at once
        await world.UseAsync(TermsWorld.On(2026, 2, 3), 1, "ten");
        await world.AccrueAsync();
        var february = await world.CloseAsync(2026, 2);

        TermsWorld.Say(january).ShouldBe("usage 1.00, usage 150.00");
        TermsWorld.Say(february).ShouldBe("correction 48.00, usage 12.00"); // 12 tokens × 2 more, and 2 × 12 that came late
        var correction = february!.Lines[0];
        (correction.Corrects, correction.ServiceStart).ShouldBe((january!.Number, TermsWorld.On(2026, 1, 1)));
        (await world.Store.ReadAsync(static session => Invoices.ListAsync(session))).Single(invoice => invoice.Number == before.Number).Hash.ShouldBe(before.Hash);
        (await world.Store.ReadAsync(static session => Reconciliation.RunAsync(session, new BillingMonth(2026, 1)))).Reconciled.ShouldBeTrue();

        // Down to the records: what was taken back and what was charged instead.
        var page = await world.Store.ReadAsync(session => InvoiceExplanations.ExplainAsync(session, february.Number, 1, 0, 100));
        foreach (var line in page!.RatedLines)
        {
            (await world.Store.ReadAsync(session => InvoiceExplanations.ReadUsageAsync(session, line.Number, 0, 100)))!.Sum(static usage => usage.Quantity).ShouldBe(line.Quantity);
        }

        page.RatedLines.Sum(static line => line.Quantity).ShouldBe(2);
        page.RatedLines.Where(static line => line.Quantity < 0).Sum(static line => line.Quantity).ShouldBe(-13); // the same price of another version too
    }

    [Fact]
    public async Task Published_late_or_in_time_all_documents_together_charge_the_same()
    {
        var calls =
            from model in Gen.Elements("one", "ten", "third", "graduated", "volume", "steps", "packs", "once")
            from hour in Gen.Choose(0, 24 * 31 - 1)
            from tokens in Gen.Choose(1, 40)
            select new Call("pacific", TermsWorld.On(2026, 1, 1).AddHours(hour), tokens) { Model = model };
        var histories =
            from used in calls.ListOf(40)
            from first in Gen.Choose(0, 40)
            from second in Gen.Choose(0, 40)
            from from1 in Gen.Choose(1, 24 * 29)
            from from2 in Gen.Choose(1, 24 * 29).Where(other => other != from1)
            from book in Gen.Elements("round", "special")
            select (Used: used, Late: (first, second), From: (TermsWorld.On(2026, 1, 1).AddHours(from1), TermsWorld.On(2026, 1, 1).AddHours(from2)), Book: book);
        foreach (var history in Checked.Sample(histories, 2601, 8))
        {
            (await ChargeAsync([.. history.Used], history.From, (0, 0), history.Book)).ShouldBe(await ChargeAsync([.. history.Used], history.From, history.Late, history.Book));
        }
    }

    [Fact]
    public async Task What_had_no_price_is_charged_by_a_retry_and_not_twice()
    {
        await using var world = await TermsWorld.OpenAsync(stores, StoreKind.Sqlite, new ContractTerms());
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 5, "later");
        await world.AccrueAsync();
        await PublishAsync(world, "round", TermsWorld.On(2026, 1, 5), static price => price, new Price("later", Meter.InputTokens, 2m, 1));
        await world.AccrueAsync();

        var january = await world.CloseAsync(2026, 1); // tries again what was not charged
        await PublishAsync(world, "round", TermsWorld.On(2026, 1, 6), static price => price, new Price("later", Meter.InputTokens, 3m, 1));
        await world.AccrueAsync();

        TermsWorld.Say(january).ShouldBe("usage 10.00");
        TermsWorld.Say(await world.CloseAsync(2026, 2)).ShouldBe("correction 5.00");
    }

    [Fact]
    public async Task What_a_reseller_charges_is_rated_again_by_itself()
    {
        await using var world = await TermsWorld.OpenAsync(stores, StoreKind.Sqlite, new ContractTerms());
        await world.Store.WriteAsync(static session => PriceBooks.DeclareAsync(
            session, [new PriceBook("retail", "Retail", "USD")], [new PriceBookVersion("retail", TermsWorld.On(2025, 1, 1), [new Price("ten", Meter.InputTokens, 20m, 1)])], TermsWorld.On(2025, 12, 2)));
        await world.DeclareAsync(
            TermsWorld.On(2025, 12, 2), new Contract("acme-retail", "acme", "direct", "retail", TermsWorld.On(2026, 1, 1), null) { Terms = new ContractTerms { Seller = "pacific" } });
        await world.UseAsync(
            new Call("pacific", Middle, 3) { Model = "ten", EndCustomer = "acme" }, new Call("pacific", Middle, 1) { Model = "one", EndCustomer = "acme" }); // the other one is not resold
        await world.CloseAsync(2026, 1);

        await PublishAsync(world, "retail", TermsWorld.On(2026, 1, 2), static price => price with { Amount = 25m });
        await world.AccrueAsync();
        var february = await world.CloseAsync(2026, 2);

        TermsWorld.Say(february).ShouldBe("none"); // what pacific pays stays
        (await world.DocumentsAsync("acme-retail")).Select(TermsWorld.Say).ShouldBe(["usage 60.00", "correction 15.00"]);
    }

    [Fact]
    public async Task Usage_that_was_charged_keeps_a_price()
    {
        await using var world = await TermsWorld.OpenAsync(stores, StoreKind.Sqlite, new ContractTerms());

        var refused = await Should.ThrowAsync<ProblemException>(() => world.Store.WriteAsync(static session => PriceBooks.DeclareAsync(
            session, [], [new PriceBookVersion("special", TermsWorld.On(2026, 1, 1), [new Price("one", Meter.InputTokens, 1m, 1)]) { IsRetroactive = true }], TermsWorld.On(2026, 2, 1))));

        refused.Problem.Message.ShouldContain("no price for input_tokens of 'ten' (unit), which special@2025-01-01T00:00:00Z has");
    }

    [Theory]
    [InlineData("update price_repricing set first_sequence = first_sequence + 1, done_to = last_sequence", "it is not about all usage that was rated before it")]
    [InlineData("update rated_line set quantity = quantity - 1 where quantity < 0", "quantity")]
    [InlineData("update price_repricing set done_to = first_sequence - 1", "it is of a price of the past that accruals do not know")]
    [InlineData("delete from price_repricing", "it is of a price of the past that accruals do not know")]
    public async Task What_somebody_changed_of_it_is_found(string change, string fault)
    {
        await using var world = await TermsWorld.OpenAsync(stores, StoreKind.Sqlite, new ContractTerms());
        await world.UseAsync(Middle, 5, "ten");
        await world.UseAsync(Middle, 5, "ten");
        await world.AccrueAsync();
        await PublishAsync(world, "round", TermsWorld.On(2026, 1, 5), static price => price.Model == "ten" ? price with { Amount = 12m } : price);
        await world.AccrueAsync();
        await world.CheckAsync();

        await world.Store.WriteAsync(session => session.ExecuteAsync(change));

        (await world.Store.ReadAsync(AccrualVerification.VerifyAsync)).ShouldContain(item => item.Message.StartsWith(fault, StringComparison.Ordinal));
    }

    // What the documents of two months charge, exactly, where two versions are published before a call with a number is taken in; some accruals die.
    private async Task<string> ChargeAsync(List<Call> calls, (DateTimeOffset First, DateTimeOffset Second) from, (int First, int Second) after, string book)
    {
        await using var world = await TermsWorld.OpenAsync(stores, StoreKind.Sqlite, new ContractTerms { Overrides = "special" });
        for (var call = 0; call <= calls.Count; call++)
        {
            if (call == after.First)
            {
                await PublishAsync(world, book, from.First, static price => price.Tiers.Count == 0 ? price with { Amount = price.Amount + 1m } : price, TermsWorld.On(2026, 1, 1), new Price("one", Meter.InputTokens, 4m, 1));
            }

            if (call == after.Second)
            {
                await PublishAsync(world, book, from.Second, static price => price.Tiers.Count == 0 ? price with { Amount = price.Amount + 2m }
                    : price with { Tiers = [.. price.Tiers.Select(static tier => tier with { Amount = tier.Amount + 1m })] }, TermsWorld.On(2026, 1, 1), new Price("one", Meter.InputTokens, 6m, 1));
            }

            if (call < calls.Count)
            {
                await world.UseAsync(calls[call]);
            }

            await world.AccrueAsync(isDying: call % 3 == 1);
            if (call == 20)
            {
                await world.CloseAsync(2026, 1);
            }
        }

        await world.CloseAsync(2026, 2);
        var documents = await world.DocumentsAsync();
        return Money.Sum(documents.Select(static document => DocumentText.Amount(document.ExactTotal, Currency.Of("USD"))!.Value), Currency.Of("USD")).ToAmountText();
    }

    private static Task<IReadOnlyList<Change>> PublishAsync(TermsWorld world, string book, DateTimeOffset from, Func<Price, Price> change, params IReadOnlyList<Price> more) =>
        PublishAsync(world, book, from, change, TermsWorld.On(2026, 2, 5), more);

    private static Task<IReadOnlyList<Change>> PublishAsync(TermsWorld world, string book, DateTimeOffset from, Func<Price, Price> change, DateTimeOffset now, params IReadOnlyList<Price> more) => world.Store.WriteAsync(async session =>
    {
        // A version lists all that the one before it lists; it does not depend on which were published before it.
        var present = (await PriceBooks.ReadAsync(session)).All.Where(price => price.Book == book).GroupBy(static price => price.EffectiveFrom).MinBy(static version => version.Key)!;
        var prices = present.Select(price => change(price.Price)).Where(price => more.All(other => other.Model != price.Model)).Concat(more);
        return await PriceBooks.DeclareAsync(session, [], [new PriceBookVersion(book, from, [.. prices]) { IsRetroactive = true }], now);
    });
}
