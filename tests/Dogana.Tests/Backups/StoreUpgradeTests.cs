using Dogana.Audit;
using Dogana.Backups;
using Dogana.Billing;
using Dogana.Settlement;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Backups;

/// <summary>
/// A store that an earlier program made (the repository at step 0067, <c>demo --keep</c>; tools/old-store says how) is kept as a backup of it: it must go on opening, upgrading and proving its documents.
/// </summary>
public sealed class StoreUpgradeTests(StoreFixture stores)
{
    private const long OldStep = 67;

    // As the earlier program listed them.
    private static readonly (string Number, string Hash)[] Documents =
    [
        ("NORTHWIND-000001", "2e4de8a6cd3179878532861b1574cb7dec37ec86415b52df930f3c9b962a15ef"),
        ("SKYHARBOUR-000001", "0549753da513e8707178e0496b515b053bb6e2ab4d471da6bfc9fad89d0a53f6"),
    ];

    private static string OldStore => Path.Combine(Repository.Root, "tests", "data", "store-0067.backup");

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_store_of_an_earlier_program_is_upgraded_and_its_documents_are_what_they_were(StoreKind kind)
    {
        var place = await PlaceAsync(kind);
        await using (var old = await OpenAsync(kind, place, StoreUpgrade.Leave))
        {
            await LoadAsync(old);
            var standing = await StoreSchema.ReadAsync(old);
            standing.Ran[^1].Number.ShouldBe(OldStep);
            standing.Pending[0].Number.ShouldBeGreaterThan(OldStep);
            standing.Unknown.ShouldBeEmpty();
        }

        // Nobody upgrades it by asking it something.
        (await Should.ThrowAsync<StoreVersionException>(() => OpenAsync(kind, place, StoreUpgrade.Refuse))).Message.ShouldContain("dogana upgrade");

        await using var store = await OpenAsync(kind, place, StoreUpgrade.Run);
        await AuditTree.TakeInAsync(store);
        (await StoreSchema.ReadAsync(store)).IsCurrent.ShouldBeTrue();
        await IsWhatItWasAsync(store);
        await using var again = kind == StoreKind.Postgres ? await OpenAsync(kind, place, StoreUpgrade.Refuse) : null; // it is this program's now
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_backup_of_an_earlier_program_restores_into_either_store(StoreKind kind)
    {
        await using var store = await OpenAsync(kind, await PlaceAsync(kind), StoreUpgrade.Leave);
        await using var file = File.OpenRead(OldStore);

        (await StoreBackup.RestoreAsync(file, store, "test", new DateTimeOffset(2026, 11, 3, 0, 0, 0, TimeSpan.Zero))).TryGet(out var manifest, out var problem).ShouldBeTrue(problem?.Message);

        (manifest!.SchemaStep, manifest.Heads).ShouldBe((OldStep, null));
        (await StoreSchema.ReadAsync(store)).IsCurrent.ShouldBeTrue();
        await IsWhatItWasAsync(store);
        (await store.ReadAsync(static session => AuditLog.ReadAsync(session, 1)))[0].Action.ShouldBe("backup.restore");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_store_of_a_newer_program_is_refused_and_left_as_it_is(StoreKind kind)
    {
        var place = await PlaceAsync(kind);
        await using (var store = await OpenAsync(kind, place, StoreUpgrade.Leave))
        {
            await LoadAsync(store); // steps are pending too: none of them may run
            await store.WriteAsync(static session => session.ExecuteAsync("insert into schema_step(number, name, hash) values(9999, '9999_future.sql', 'x')"));
        }

        foreach (var upgrade in (StoreUpgrade[])[StoreUpgrade.Run, StoreUpgrade.Refuse])
        {
            var refused = await Should.ThrowAsync<StoreVersionException>(() => OpenAsync(kind, place, upgrade));
            refused.Message.ShouldContain("9999_future.sql");
            refused.Message.ShouldContain("backup restore");
        }

        await using var left = await OpenAsync(kind, place, StoreUpgrade.Leave);
        (await StoreSchema.ReadAsync(left)).Ran.Where(static step => step.Number > OldStep).Select(static step => step.Number).ShouldBe([9999]);
    }

    private static async Task IsWhatItWasAsync(Store store)
    {
        var books = await store.ReadAsync(BooksVerification.VerifyAsync);
        books.Faults.ShouldBeEmpty();
        books.Verified.ShouldBeTrue();
        var invoices = await store.ReadAsync(static session => Invoices.ListAsync(session, null));
        invoices.Select(static invoice => (invoice.Number, invoice.Hash)).Order().ShouldBe(Documents);
    }

    private static async Task LoadAsync(Store store)
    {
        await using var file = File.OpenRead(OldStore);
        (await StoreBackup.LoadAsync(file, store)).TryGet(out _, out var problem).ShouldBeTrue(problem?.Message);
    }

    private async Task<string> PlaceAsync(StoreKind kind)
    {
        Assert.SkipWhen(kind == StoreKind.Postgres && Environment.GetEnvironmentVariable("DOGANA_TEST_STORES") == "sqlite", "only SQLite is asked for");
        return kind == StoreKind.Sqlite ? stores.NewFolder() : await stores.NewDatabaseAsync();
    }

    private static Task<Store> OpenAsync(StoreKind kind, string place, StoreUpgrade upgrade) =>
        kind == StoreKind.Sqlite ? Store.OpenFolderAsync(place, upgrade) : Store.OpenPostgresAsync(place, upgrade);
}
