using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Tests.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests.Billing;

public sealed class BillingPropertyTests(StoreFixture stores)
{
    private static Gen<Call> Calls =>
        from organisation in Gen.Elements("acme", "nippon", "pacific")
        from channel in Gen.Elements("direct", "resale")
        from model in Gen.Elements("small", "large")
        from minute in Gen.Choose(0, 60 * 24 * 45)
        from input in Gen.Choose(0, 3_000_000)
        from cached in Gen.Choose(0, 10_000)
        from output in Gen.Choose(0, 100_000)
        select new Call(organisation, new DateTimeOffset(2025, 12, 25, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute), input, output, cached) { Channel = channel, Model = model };

    [Fact]
    public async Task Rated_equals_posted_equals_invoiced_and_unbilled_whatever_is_used()
    {
        foreach (var calls in Checked.Sample(Calls.ListOf(40), 21, 6))
        {
            await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
            await world.UseAsync([.. calls]);
            var invoices = await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);

            (await world.VerifyAsync()).Faults.ShouldBeEmpty();
            foreach (var currency in new[] { Currency.Of("USD"), Currency.Of("JPY") })
            {
                var lines = (await world.Store.ReadAsync(session => Invoices.ReadRatedLinesAsync(session, null, 0, 1_000))).Where(line => line.Currency == currency.Code).ToArray();
                var balances = (await world.Store.ReadAsync(session => LedgerJournal.BalancesAsync(session))).Where(balance => balance.Amount.Currency == currency).ToArray();
                var rated = Money.Sum(lines.Select(line => DocumentText.Amount(line.Amount, currency)!.Value), currency);
                var documents = invoices.Where(invoice => invoice.Net.Currency == currency).Select(PeriodCloseTests.Document).ToArray();

                rated.ShouldBe(-Sum(balances, AccountKind.UsageRevenue, currency));
                (Sum(balances, AccountKind.UnbilledReceivable, currency) + Money.Sum(documents.Select(document => DocumentText.Amount(document.ExactTotal, currency)!.Value), currency))
                    .ShouldBe(rated);
                Money.Sum(balances.Select(static balance => balance.Amount), currency).IsZero.ShouldBeTrue();
                foreach (var document in documents)
                {
                    var half = 0.5m / (decimal)Math.Pow(10, currency.MinorDigits) * document.Lines.Count;
                    Math.Abs(DocumentText.Amount(document.Rounding, currency)!.Value.Amount).ShouldBeLessThanOrEqualTo(half);
                }
            }
        }
    }

    [Fact]
    public async Task Order_of_intake_and_size_of_runs_never_change_an_invoice()
    {
        foreach (var calls in Checked.Sample(Calls.ListOf(30), 22, 4))
        {
            var straight = await BillAsync([[.. calls]]);
            var reversed = await BillAsync([.. Enumerable.Reverse(calls).Chunk(7)]);

            reversed.ShouldBe(straight);
        }
    }

    [Fact]
    public async Task Splitting_calls_never_changes_an_invoice()
    {
        foreach (var calls in Checked.Sample(Calls.ListOf(15), 23, 4))
        {
            var whole = await BillAsync([[.. calls]], isManifestKept: false);
            var split = await BillAsync([[.. calls.SelectMany(static call => new[]
            {
                call with { Input = call.Input / 3, Output = call.Output, Cached = 0 }, call with { Input = call.Input - call.Input / 3, Output = 0, Cached = call.Cached },
            })]], isManifestKept: false); // it tells how many records there were

            split.ShouldBe(whole);
        }
    }

    private static Money Sum(IEnumerable<AccountBalance> balances, AccountKind kind, Currency currency) =>
        Money.Sum(balances.Where(balance => balance.Account.Kind == kind).Select(static balance => balance.Amount), currency);

    private async Task<IReadOnlyList<string>> BillAsync(IReadOnlyList<Call[]> runs, bool isManifestKept = true)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        foreach (var run in runs)
        {
            await world.UseAsync(run);
            await world.AccrueAsync();
        }

        return [.. (await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary)).Select(invoice => isManifestKept ? invoice.Json : DocumentText.Write(invoice.Document with { Manifest = new DocumentManifest("", 0, "", null, [], "") }))];
    }
}
