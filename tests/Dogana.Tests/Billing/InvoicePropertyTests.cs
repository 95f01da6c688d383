using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Ledger;
using Dogana.Rating;
using Dogana.Tests.Storage;
using FsCheck.Fluent;

namespace Dogana.Tests.Billing;

public sealed class InvoicePropertyTests(StoreFixture stores)
{
    [Fact]
    public async Task Any_cut_into_runs_gives_the_cost_of_the_whole_quantity_at_prices_that_go_by_it()
    {
        const ulong Seed = 590_101;
        foreach (var (quantities, runs) in Checked.Sample(
            from quantities in Gen.Choose(1, 12).ListOf(12)
            from runs in Gen.Choose(1, 6)
            select (quantities, runs), Seed, 6))
        {
            await using var world = await TermsWorld.OpenAsync(stores, StoreKind.Sqlite, new ContractTerms());
            var (graduated, volume) = (0L, 0L);
            foreach (var (index, quantity) in quantities.Index())
            {
                await world.UseAsync(TermsWorld.On(2026, 1, 1 + index), quantity, index % 2 == 0 ? "graduated" : "volume");
                (graduated, volume) = index % 2 == 0 ? (graduated + quantity, volume) : (graduated, volume + quantity);
                if (index % runs == 0)
                {
                    await world.AccrueAsync();
                }
            }

            var document = await world.CloseAsync(2026, 1);

            var (first, second) = (Math.Min(graduated, 15) * 10 + Math.Max(0, graduated - 15) * 5, volume <= 15 ? volume * 10 : volume * 5);
            TermsWorld.Say(document).ShouldBe($"usage {first}.00, usage {second}.00", $"seed {Seed}: {string.Join(' ', quantities)} by {runs}");
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Order_repeats_batches_and_crashes_never_change_a_byte_of_a_document(StoreKind kind)
    {
        const ulong Seed = 590_102;
        foreach (var (tokens, seed) in Checked.Sample(
            from tokens in Gen.Choose(1, 40).ListOf(15)
            from seed in Gen.Choose(1, int.MaxValue)
            select (tokens, seed), Seed, kind == StoreKind.Sqlite ? 4 : 1))
        {
            string[] models = ["one", "ten", "graduated", "volume", "tiny"];
            Call[] calls = [.. tokens.Select((count, index) => new Call("pacific", TermsWorld.On(2026, 1, 1 + index), count) { Model = models[index % models.Length] })];
            var straight = await BillAsync(kind, calls, null);

            (await BillAsync(kind, calls, new Random(seed))).ShouldBe(straight, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_price_published_later_changes_no_final_document_and_late_usage_is_charged_by_the_price_of_its_instant(StoreKind kind)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms());
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 3);
        await world.CloseAsync(2026, 1);
        var before = await world.Store.ReadAsync(session => Invoices.ListAsync(session));
        await world.Store.WriteAsync(session => PriceBooks.DeclareAsync(
            session, [], [new PriceBookVersion("round", TermsWorld.On(2026, 2, 10), [new Price("one", Meter.InputTokens, 2m, 1)])], TermsWorld.On(2026, 2, 5)));
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 1);
        await world.UseAsync(TermsWorld.On(2026, 2, 9), 1);
        await world.UseAsync(TermsWorld.On(2026, 2, 10), 1);

        var february = await world.CloseAsync(2026, 2);

        TermsWorld.Say(february).ShouldBe("correction 1.00, usage 1.00, usage 2.00");
        (await world.Store.ReadAsync(session => Invoices.ListAsync(session, new BillingMonth(2026, 1)))).ShouldBe(before);
    }

    [Fact]
    public async Task After_every_entry_of_the_ledger_each_book_balances()
    {
        await using var world = await TermsWorld.OpenAsync(stores, StoreKind.Sqlite, new ContractTerms
        {
            Fees = [new ContractFee("seat", "Seat", 5m, false)], Minimums = [new SpendMinimum("month", 50m, MinimumCadence.Period, EarlyEnd.Full)],
            Prepayments = [new Prepayment("all", "All", 20m, TermsWorld.On(2026, 1, 1), null, 0, true)], Discounts = [new ContractDiscount("all", "All", 333, [])],
        });
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 7);
        await world.CloseAsync(2026, 1);
        await world.UseAsync(TermsWorld.On(2026, 1, 10), 70);
        await world.CloseAsync(2026, 2);

        var sums = new Dictionary<(string, Currency), decimal>();
        var entries = await world.Store.ReadAsync(session => LedgerJournal.ReadAfterAsync(session, 0, 1_000));
        entries.Count.ShouldBeGreaterThan(4);
        foreach (var entry in entries)
        {
            foreach (var posting in entry.Postings)
            {
                var key = (posting.Account.Book, posting.Amount.Currency);
                sums[key] = sums.GetValueOrDefault(key) + posting.Amount.Amount;
            }

            sums.Values.ShouldAllBe(static sum => sum == 0m, $"entry {entry.Number}");
        }
    }

    // The calls as they are, or in another order, some twice, in batches of their own, each tried once in a transaction that ends without a commit.
    private async Task<IReadOnlyList<string>> BillAsync(StoreKind kind, Call[] calls, Random? random)
    {
        await using var world = await TermsWorld.OpenAsync(stores, kind, new ContractTerms());
        var records = calls.Select(static (call, index) => MoneyWorld.RecordOf(call, $"call-{index}")).ToArray();
        if (random is null)
        {
            await world.TakeAsync(records);
        }
        else
        {
            random.Shuffle(records);
            foreach (var batch in records.Chunk(random.Next(1, 6)))
            {
                await world.TakeAsync([.. batch, .. records.Take(random.Next(2)).Where(batch.Contains)], isDying: true);
                await world.TakeAsync([.. batch, batch[0]]);
                await world.AccrueAsync(isDying: true);
                await world.AccrueAsync();
            }
        }

        await world.CloseAsync(2026, 1);
        return [.. (await world.Store.ReadAsync(session => Invoices.ListAsync(session))).Select(static invoice => invoice.Json)];
    }
}
