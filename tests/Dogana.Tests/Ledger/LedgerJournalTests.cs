using Dogana.Ledger;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Ledger;

public sealed class LedgerJournalTests(StoreFixture stores)
{
    internal static readonly Currency Usd = Currency.Of("USD");
    internal static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Posting_a_cause_again_gives_the_entry_that_is_there(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);

        var first = await PostAsync(store, Entry("a", 1.25m));
        var again = await store.WriteAsync(session => LedgerJournal.PostAsync(session, Entry("a", 1.25m), Noon.AddDays(1)));
        var second = await PostAsync(store, Entry("b", 0.000000000001m));

        (first.Number, again.Number, second.Number).ShouldBe((1, 1, 2));
        again.Hash.ShouldBe(first.Hash);
        again.RecordedAt.ShouldBe(Noon);
        (await store.ReadAsync(session => LedgerJournal.FindAsync(session, "b")))!.Postings.ShouldBe(Entry("b", 0.000000000001m).Postings);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_cause_with_other_content_is_a_conflict_and_changes_nothing(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await PostAsync(store, Entry("a", 1m));

        var refused = await Should.ThrowAsync<ProblemException>(() => PostAsync(store, Entry("a", 2m)));

        refused.Problem.Code.ShouldBe(ProblemCode.Conflict);
        (await store.ReadAsync(LedgerVerification.VerifyAsync)).ShouldSatisfyAllConditions(report => report.Ok.ShouldBeTrue(), report => report.Entries.ShouldBe(1));
    }

    [Fact]
    public async Task What_does_not_balance_in_every_book_and_currency_is_a_bug()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var (mine, yours) = (new Account("owner", AccountKind.Receivable, "acme"), new Account("cloud", AccountKind.Payable, "owner"));
        var one = new Money(1m, Usd);

        await Should.ThrowAsync<ArgumentException>(() => PostAsync(store, Entry("a", new Posting(mine, one), new Posting(mine, -one - one))));
        await Should.ThrowAsync<ArgumentException>(() => PostAsync(store, Entry("a", new Posting(mine, one), new Posting(mine, new Money(-1m, Currency.Of("EUR"))))));
        await Should.ThrowAsync<ArgumentException>(() => PostAsync(store, Entry("a", new Posting(mine, one), new Posting(yours, -one))));
        await Should.ThrowAsync<ArgumentException>(() => PostAsync(store, Entry("a", new Posting(mine, one - one), new Posting(mine, one - one))));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Balances_are_exact_sums_and_zero_in_each_book(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        (await store.ReadAsync(session => LedgerJournal.BalancesAsync(session))).ShouldBeEmpty();
        await PostAsync(store, Entry("a", 0.999999999999m));
        await PostAsync(store, Entry("b", 0.000000000002m));

        var balances = await store.ReadAsync(session => LedgerJournal.BalancesAsync(session, "owner"));

        balances.ShouldBe(
        [
            new AccountBalance(new Account("owner", AccountKind.UnbilledReceivable, "acme"), new Money(1.000000000001m, Usd)),
            new AccountBalance(new Account("owner", AccountKind.UsageRevenue, "acme"), new Money(-1.000000000001m, Usd)),
        ]);
        (await store.ReadAsync(session => LedgerJournal.BalancesAsync(session, "nobody"))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Concurrent_postings_are_numbered_without_a_gap_and_chained(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(index => PostAsync(store, Entry($"cause-{index % 15}", 1m + index % 15))));

        var report = await store.ReadAsync(LedgerVerification.VerifyAsync);
        report.Faults.ShouldBeEmpty();
        report.Entries.ShouldBe(15);
    }

    [Fact]
    public void Kinds_keep_their_names_and_numbers() =>
        string.Join(' ', Enum.GetValues<AccountKind>().Select(static kind => $"{(int)kind}:{kind.ToName()}")).ShouldBe(
            "1:unbilled_receivable 2:receivable 3:usage_revenue 4:channel_revenue 5:revenue_share_cost 6:payable 7:rounding 8:tax_payable 9:cash 10:deferred 11:discount "
            + "12:fee_revenue 13:commitment_revenue 14:breakage_revenue 15:credit_notes 16:bad_debt 17:fx_clearing 18:upstream_cost 19:accrued_cost 20:rent_cost 21:rent_revenue");

    internal static NewEntry Entry(string cause, decimal amount) => Entry(
        cause,
        new Posting(new Account("owner", AccountKind.UnbilledReceivable, "acme"), new Money(amount, Usd)),
        new Posting(new Account("owner", AccountKind.UsageRevenue, "acme"), new Money(-amount, Usd)));

    internal static Task<LedgerEntry> PostAsync(Store store, NewEntry entry) => store.WriteAsync(session => LedgerJournal.PostAsync(session, entry, Noon));

    private static NewEntry Entry(string cause, params IReadOnlyList<Posting> postings) => new(cause, Noon, $"Entry {cause}", postings);
}
