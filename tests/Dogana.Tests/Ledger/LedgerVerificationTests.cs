using Dogana.Ledger;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Ledger;

public sealed class LedgerVerificationTests(StoreFixture stores)
{
    public static TheoryData<string> EntryColumns => ["cause", "effective_at", "recorded_at", "description", "previous_hash", "hash"];

    public static TheoryData<string> PostingColumns => ["book", "kind", "party", "currency", "micro", "pico", "hash", "line"];

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task An_untouched_journal_has_no_fault_and_a_head(StoreKind kind)
    {
        await using var store = await WrittenAsync(kind);

        var report = await store.ReadAsync(LedgerVerification.VerifyAsync);

        report.Faults.ShouldBeEmpty();
        (report.Ok, report.Entries, report.Head.Length).ShouldBe((true, 5, 64));
    }

    [Theory]
    [MemberData(nameof(EntryColumns))]
    public async Task A_changed_value_of_an_entry_row_is_found_and_named(string column)
    {
        await using var store = await WrittenAsync(StoreKind.Sqlite);

        await TamperAsync(store, "ledger_entry", column, "number = 3");

        var report = await store.ReadAsync(LedgerVerification.VerifyAsync);
        report.Faults.ShouldContain(fault => fault.Subject.StartsWith("ledger entry 3 (", StringComparison.Ordinal) && fault.Stored != fault.Computed);
        report.Faults.ShouldAllBe(fault => fault.Subject.StartsWith("ledger entry 3 (", StringComparison.Ordinal) || fault.Subject.StartsWith("ledger entry 4 (", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PostingColumns))]
    public async Task A_changed_value_of_a_posting_row_is_found_and_named(string column)
    {
        await using var store = await WrittenAsync(StoreKind.Sqlite);

        await TamperAsync(store, "ledger_posting", column, "entry = 3 and line = 2");

        var report = await store.ReadAsync(LedgerVerification.VerifyAsync);
        report.Faults.ShouldContain(fault => fault.Subject.StartsWith("ledger entry 3 (", StringComparison.Ordinal) && fault.Subject.Contains("posting ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, 1)]
    [InlineData(StoreKind.Sqlite, 3)]
    [InlineData(StoreKind.Sqlite, 5)]
    [InlineData(StoreKind.Postgres, 5)]
    public async Task A_missing_entry_is_a_gap_wherever_it_was(StoreKind kind, int number)
    {
        await using var store = await WrittenAsync(kind);
        await store.WriteAsync(session => session.ExecuteAsync("delete from ledger_entry where number = @number", new { number }));

        var orphaned = await store.ReadAsync(LedgerVerification.VerifyAsync);
        await store.WriteAsync(session => session.ExecuteAsync("delete from ledger_posting where entry = @number", new { number }));
        var gone = await store.ReadAsync(LedgerVerification.VerifyAsync);

        orphaned.Faults.ShouldContain(fault => fault.Subject == $"ledger entry {number}" && fault.Message.Contains("postings", StringComparison.Ordinal));
        gone.Faults.ShouldContain(fault => fault.Subject == $"ledger entry {number}" && fault.Message.Contains("gap", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Swapped_entries_are_found()
    {
        await using var store = await WrittenAsync(StoreKind.Sqlite);
        foreach (var (table, column) in new[] { ("ledger_entry", "number"), ("ledger_posting", "entry") })
        {
            await SqlAsync(store, $"update {table} set {column} = 99 where {column} = 2");
            await SqlAsync(store, $"update {table} set {column} = 2 where {column} = 3");
            await SqlAsync(store, $"update {table} set {column} = 3 where {column} = 99");
        }

        var report = await store.ReadAsync(LedgerVerification.VerifyAsync);

        report.Faults.ShouldContain(fault => fault.Subject.StartsWith("ledger entry 2 (cause-3)", StringComparison.Ordinal));
        report.Faults.ShouldContain(fault => fault.Subject.StartsWith("ledger entry 3 (cause-2)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_or_added_posting_is_found()
    {
        await using var store = await WrittenAsync(StoreKind.Sqlite);
        await SqlAsync(store, "delete from ledger_posting where entry = 2 and line = 1");
        await SqlAsync(store, "insert into ledger_posting(entry, line, book, kind, party, currency, micro, pico, hash) select entry, 3, book, kind, party, currency, micro, pico, hash from ledger_posting where entry = 4 and line = 2");

        var report = await store.ReadAsync(LedgerVerification.VerifyAsync);

        report.Faults.ShouldContain(fault => fault.Subject == "ledger entry 2 (cause-2)" && fault.Message.StartsWith("out of balance", StringComparison.Ordinal));
        report.Faults.ShouldContain(fault => fault.Subject == "ledger entry 4 (cause-4)" && fault.Message.StartsWith("out of balance", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rewritten_posting_with_a_fitting_hash_still_breaks_the_entry()
    {
        await using var store = await WrittenAsync(StoreKind.Sqlite);
        await SqlAsync(store, "update ledger_posting set party = 'evil' where entry = 5 and line = 2");
        var computed = (await store.ReadAsync(LedgerVerification.VerifyAsync)).Faults.First(fault => fault.Subject.Contains("posting 2", StringComparison.Ordinal)).Computed;
        await store.WriteAsync(session => session.ExecuteAsync("update ledger_posting set hash = @computed where entry = 5 and line = 2", new { computed }));

        var report = await store.ReadAsync(LedgerVerification.VerifyAsync);

        report.Faults.ShouldHaveSingleItem().Subject.ShouldBe("ledger entry 5 (cause-5)");
    }

    internal static Task<int> TamperAsync(Store store, string table, string column, string where) => store.WriteAsync(async session =>
    {
        var isText = await session.ScalarAsync<string>($"select typeof({column}) from {table} where {where} limit 1") == "text";
        (await session.ExecuteAsync($"update {table} set {column} = {(isText ? $"{column} || 'x'" : $"{column} + 7")} where {where}")).ShouldBeGreaterThan(0);
        return 0;
    });

    private static Task<int> SqlAsync(Store store, string sql) => store.WriteAsync(session => session.ExecuteAsync(sql));

    private async Task<Store> WrittenAsync(StoreKind kind)
    {
        var store = await stores.OpenAsync(kind);
        for (var number = 1; number <= 5; number++)
        {
            await LedgerJournalTests.PostAsync(store, LedgerJournalTests.Entry($"cause-{number}", number * 1.000000000001m));
        }

        return store;
    }
}
