using Dogana.Storage;
using Dogana.Tests;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests.Operating;

/// <summary>A store of an earlier program, as its operator meets it: who upgrades it, who refuses to, and the way back.</summary>
public sealed class UpgradeTests(StoreFixture stores)
{
    private static string OldStore => Path.Combine(Repository.Root, "tests", "data", "store-0067.backup");

    [Fact]
    public async Task Verbs_refuse_an_older_store_the_upgrade_makes_a_backup_first_and_that_is_the_way_back()
    {
        var folder = stores.NewFolder();
        await LoadAsync(folder);

        var (exit, _, error) = await DoganaProcess.RunAsync("verify", "--data", folder);
        exit.ShouldBe(1);
        error.ShouldContain("dogana upgrade");
        (exit, _, error) = await DoganaProcess.RunAsync("serve", "--no-upgrade", "--data", folder, "--urls", "http://127.0.0.1:0");
        exit.ShouldBe(1);
        error.ShouldContain("dogana upgrade");
        (exit, var output, _) = await DoganaProcess.RunAsync("upgrade", "--check", "--data", folder);
        exit.ShouldBe(1);
        output.ShouldContain("0068_conduct_signal.sql");

        (await DoganaProcess.OkAsync("upgrade", "--data", folder)).ShouldContain("As it was before");
        (await DoganaProcess.OkAsync("upgrade", "--check", "--data", folder)).ShouldContain("is at step");
        (await DoganaProcess.OkAsync("verify", "--data", folder)).ShouldStartWith("verified");
        (await DoganaProcess.OkAsync("audit", "list", "--data", folder)).ShouldContain("store.upgrade");

        // The way back, into a new place: the backup has the old schema. (Today's program upgrades it again.)
        var backup = Directory.EnumerateFiles(folder, "before-*.backup").ShouldHaveSingleItem();
        (await DoganaProcess.OkAsync("backup", "verify", backup)).ShouldContain("schema step 0067");
        (await DoganaProcess.OkAsync("backup", "restore", backup, "--data", stores.NewFolder())).ShouldContain("verified:");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_server_upgrades_an_older_store_after_a_backup_into_its_data_folder(StoreKind kind)
    {
        var folder = stores.NewFolder();
        var database = kind == StoreKind.Postgres ? await stores.NewDatabaseAsync() : null;
        await LoadAsync(folder, database);
        File.Copy(Path.Combine(Repository.Root, "tests", "data", "store-0067.master.key"), Path.Combine(folder, "master.key"));

        await using (var server = await ServerProcess.StartAsync(database is null ? ServerStart.OnFolder(folder) : ServerStart.OnPostgres(database, folder)))
        {
            (await server.TerminateAsync()).ShouldBe(0, server.Output);
        }

        Directory.EnumerateFiles(folder, "before-*.backup").ShouldHaveSingleItem();
        (await DoganaProcess.OkAsync(["verify", .. database is null ? ["--data", folder] : (string[])["--postgres", database]])).ShouldStartWith("verified");
    }

    private static async Task LoadAsync(string folder, string? database = null)
    {
        await using var store = database is null ? await Store.OpenFolderAsync(folder, StoreUpgrade.Leave) : await Store.OpenPostgresAsync(database, StoreUpgrade.Leave);
        await using var file = File.OpenRead(OldStore);
        (await Dogana.Backups.StoreBackup.LoadAsync(file, store)).TryGet(out _, out var problem).ShouldBeTrue(problem?.Message);
    }
}
