using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Ledger;
using Dogana.Metering;
using Dogana.Rating;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing;

public sealed class AccrualsTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Usage_is_rated_once_and_posted_by_seller_customer_currency_and_hour(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        var at = MoneyWorld.MidJanuary;
        await world.UseAsync(
            new Call("acme", at, 1_234, 10, 5), new Call("acme", at.AddMinutes(20), 1), new Call("acme", at.AddMinutes(40), 1),
            new Call("acme", at, 7) { Channel = "resale" }, new Call("nippon", at, 1_000));

        var first = await world.AccrueAsync();
        var again = await world.AccrueAsync();

        first.ShouldBe(new AccrualReport(5, 7, 0));
        again.ShouldBe(new AccrualReport(0, 0, 0));
        var entries = await world.Store.ReadAsync(session => LedgerJournal.ReadAfterAsync(session, 0, 100));
        entries.SelectMany(static entry => entry.Postings.Where(static posting => posting.Account.Kind == AccountKind.UnbilledReceivable)
            .Select(posting => $"{entry.Cause} {posting.Account.Book} {posting.Account.Party} {posting.Amount}")).ShouldBe(
        [
            "accrual/1-5/2026-01-15T12 cloud acme 0.00000105 USD",
            "accrual/1-5/2026-01-15T12 owner acme 0.000191625 USD",
            "accrual/1-5/2026-01-15T12 owner nippon 0.022 JPY",
            "accrual/1-5/2026-01-15T13 owner acme 0.00000015 USD",
        ]);
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task More_than_a_batch_goes_through_in_order(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync([.. Enumerable.Range(0, Accruals.BatchSize + 500).Select(index => new Call("acme", MoneyWorld.MidJanuary.AddSeconds(index), 1))]);

        (await world.AccrueAsync()).Rated.ShouldBe(Accruals.BatchSize + 500);

        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
        var balances = await world.Store.ReadAsync(session => LedgerJournal.BalancesAsync(session, "owner"));
        balances[0].Amount.Amount.ShouldBe((Accruals.BatchSize + 500) * 0.00000015m);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_cannot_be_charged_is_kept_with_its_reason(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync(
            new Call("pacific", MoneyWorld.MidJanuary, 5), new Call("acme", MoneyWorld.MidJanuary, 5, 6) { Model = "large" },
            new Call("acme", MoneyWorld.MidJanuary, 9) { Ending = CallEnding.Interrupted }, new Call("acme", MoneyWorld.MidJanuary, 0));

        (await world.AccrueAsync()).ShouldBe(new AccrualReport(4, 1, 3));

        var reasons = await world.Store.ReadAsync(session => session.QueryAsync<string>("select reason || ' ' || organisation || ' ' || quantity from unrated order by number"));
        reasons.ShouldBe(["no_contract pacific 5", "no_price acme 6", "not_charged acme 9"]);
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_contract_declared_later_charges_what_waited_for_it(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync(new Call("pacific", MoneyWorld.MidJanuary, 1_000_000), new Call("acme", MoneyWorld.MidJanuary, 0, 6) { Model = "large" });
        await world.AccrueAsync();
        await world.Store.WriteAsync(session => Contracts.DeclareAsync(
            session, MoneyWorld.Parties, [new Contract("late", "pacific", "direct", "list", MoneyWorld.MidJanuary, null)], MoneyWorld.InFebruary));

        var first = await world.Store.WriteAsync(session => Accruals.RetryUnratedAsync(session, MoneyWorld.InFebruary));
        var again = await world.Store.WriteAsync(session => Accruals.RetryUnratedAsync(session, MoneyWorld.InFebruary));

        first.ShouldBe(new AccrualReport(2, 1, 1));
        again.ShouldBe(new AccrualReport(1, 0, 1));
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
        (await world.Store.ReadAsync(session => LedgerJournal.BalancesAsync(session, "owner")))[0].Amount.Amount.ShouldBe(0.15m);
    }

    [Fact]
    public async Task The_price_is_the_one_in_force_when_the_call_was_opened()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        var change = MoneyWorld.MidJanuary;
        await world.Store.WriteAsync(session => PriceBooks.DeclareAsync(
            session, [], [new PriceBookVersion("list", change, [new Price("small", Meter.InputTokens, 1m, 1_000_000)])], change.AddDays(-1)));
        await world.UseAsync(new Call("acme", change, 1_000_000), new Call("acme", change.AddMicroseconds(-1), 1_000_000));

        await world.AccrueAsync();

        var lines = await world.Store.ReadAsync(session => Invoices.ReadRatedLinesAsync(session, "acme", 0, 10));
        lines.Select(static line => (line.UnitPrice, line.Amount)).ShouldBe([("1", "1.00"), ("0.15", "0.15")], ignoreOrder: true);
        (await world.Store.ReadAsync(session => Invoices.ReadRatedLinesAsync(session, "nippon", 0, 10))).ShouldBeEmpty();
    }
}
