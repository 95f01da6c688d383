using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Metering;
using Dogana.Rating;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing;

public sealed class DraftAndExplanationTests(StoreFixture stores)
{
    private static readonly BillingMonth January = new(2026, 1);
    private static readonly DateTimeOffset InFebruary = TermsWorld.On(2026, 2, 3);

    private static ContractTerms Terms => new()
    {
        Overrides = "special",
        Fees = [new ContractFee("seat", "Seat", 5m, true)],
        Discounts = [new ContractDiscount("all", "On all", 1_000, [])],
        Minimums = [new SpendMinimum("month", 500m, MinimumCadence.Period, EarlyEnd.Full)],
        Prepayments = [new Prepayment("all", "All", 50m, TermsWorld.On(2026, 1, 1), null, 0, false)],
    };

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_draft_is_the_document_but_for_its_number_and_nothing_once_it_is_made(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, Terms);
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 20, "ten");
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 20, "volume");
        await world.AccrueAsync();

        var draft = await DraftAsync(world, January);
        var document = await world.CloseAsync(2026, 1);
        var again = await DraftAsync(world, January);
        await world.UseAsync(TermsWorld.On(2026, 1, 11), 1, "ten");
        await world.AccrueAsync();
        var late = await DraftAsync(world, January);

        draft.Number.ShouldBe("DRAFT");
        DocumentText.Write(draft with { Number = document!.Number, IssueDate = document.IssueDate, DueDate = document.DueDate }).ShouldBe(DocumentText.Write(document));
        again.Lines.ShouldBeEmpty();
        TermsWorld.Say(late).ShouldBe("correction 0.00"); // 6.30 under the minimum
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Every_line_of_usage_is_explained_down_to_its_records_page_by_page(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms());
        await world.Store.WriteAsync(session => PriceBooks.DeclareAsync( // the same price again, and a line of its own
            session, [], [new PriceBookVersion("round", TermsWorld.On(2026, 1, 16), [new Price("one", Meter.InputTokens, 1m, 1), new Price("ten", Meter.InputTokens, 10m, 1)])], TermsWorld.On(2026, 1, 1)));
        for (var day = 1; day <= 30; day++)
        {
            await world.UseAsync(TermsWorld.On(2026, 1, day), day, day % 2 == 0 ? "one" : "ten");
            await world.UseAsync(TermsWorld.On(2026, 1, day, 1), day, "one");
            if (day % 3 == 0)
            {
                await world.AccrueAsync();
            }
        }

        var document = await world.CloseAsync(2026, 1);

        document!.Lines.Count.ShouldBe(4);
        var seen = new List<string>();
        foreach (var line in document.Lines)
        {
            var (units, counted) = (0L, 0L);
            for (long? after = 0; after is not null;)
            {
                var page = await world.Store.ReadAsync(session => InvoiceExplanations.ExplainAsync(session, document.Number, line.Position, after.Value, 4));
                foreach (var rated in page!.RatedLines)
                {
                    units += rated.Quantity;
                    var usage = await world.Store.ReadAsync(session => InvoiceExplanations.ReadUsageAsync(session, rated.Number, 0, 100));
                    counted += usage!.Sum(static item => item.Quantity);
                    seen.AddRange(usage!.Select(static item => item.Id));
                }

                after = page.Next;
            }

            (units, counted).ShouldBe((line.Quantity!.Value, line.Quantity.Value), $"line {line.Position}");
        }

        seen.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(1, 60).Select(static number => $"call-{number:00000}"));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_correction_is_explained_by_what_came_after_the_document(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms());
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 3);
        await world.CloseAsync(2026, 1);
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 4);
        await world.UseAsync(TermsWorld.On(2026, 2, 10), 5);
        var document = await world.CloseAsync(2026, 2);

        var explained = await world.Store.ReadAsync(session => InvoiceExplanations.ExplainAsync(session, document!.Number, 1, 0, 10));

        explained!.RatedLines.ShouldHaveSingleItem().Quantity.ShouldBe(4);
        (await world.Store.ReadAsync(session => InvoiceExplanations.ReadUsageAsync(session, explained.RatedLines[0].Number, 0, 10)))!.ShouldHaveSingleItem().Id.ShouldBe("call-00002");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_node_that_is_behind_holds_the_close_until_it_has_shipped_or_is_forgotten(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms());
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 3);
        await world.UseAsync(new Call("nippon", TermsWorld.On(2026, 1, 10), 3) { Channel = "resale" });
        await MarkAsync("node-1", TermsWorld.On(2026, 1, 20));
        await MarkAsync("node-2", InFebruary);

        var refused = await PeriodClose.CloseAsync(world.Store, January, InFebruary, "tester");
        await world.AccrueAsync();
        var report = await ReportAsync();

        refused.Problem!.Message.ShouldContain("'node-1' has shipped its calls until 2026-01-20T00:00:00Z only");
        (report.State, report.Documents, report.Unaccrued).ShouldBe(("open", 0, 0));
        report.NodesBehind.ShouldHaveSingleItem().Node.ShouldBe("node-1");
        report.Unrated.ShouldHaveSingleItem().ShouldSatisfyAllConditions(sum => sum.Reason.ShouldBe("no_contract"), sum => sum.Quantity.ShouldBe(3));

        await MarkAsync("node-1", InFebruary);
        await world.CloseAsync(2026, 1);
        (await ReportAsync()).State.ShouldBe("closed");

        Task<int> MarkAsync(string node, DateTimeOffset until) => world.Store.WriteAsync(async session =>
        {
            await ShippedMarks.AdvanceAsync(session, node, until);
            return 0;
        });

        Task<PeriodReport> ReportAsync() => world.Store.ReadAsync(session => PeriodClose.ReportAsync(session, January));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_close_that_goes_on_after_a_later_month_was_closed_takes_nothing_back(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms());
        await world.UseAsync(new Call("acme", TermsWorld.On(2026, 1, 10), 1_000_000), new Call("pacific", TermsWorld.On(2026, 1, 10), 5) { Model = "one" });
        (await PeriodClose.CloseAsync(world.Store, January, InFebruary, "tester", 1, 1, default)).Value.IsClosed.ShouldBeFalse();
        await world.UseAsync(TermsWorld.On(2026, 1, 11), 2);
        await PeriodClose.CloseAsync(world.Store, January.Next, TermsWorld.On(2026, 3, 3), "tester");
        await world.UseAsync(TermsWorld.On(2026, 1, 12), 4);
        await world.AccrueAsync();

        await world.CloseAsync(2026, 1);

        (await world.DocumentsAsync()).Select(TermsWorld.Say).ShouldBe(["usage 7.00"]);
        TermsWorld.Say(await world.CloseAsync(2026, 3)).ShouldBe("correction 4.00");
    }

    private static Task<InvoiceDocument> DraftAsync(TermsWorld world, BillingMonth month) => world.Store.ReadAsync(async session =>
        (await Invoices.DraftAsync(session, (await Contracts.FindAsync(session, TermsWorld.Contract))!, month, InFebruary)).Value);
}
