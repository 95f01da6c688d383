using System.Globalization;
using System.Net.Http.Json;
using Dogana.Client;
using Dogana.Metering;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests.Operating;

/// <summary>A server under load is backed up; on a new machine, which has only the file and the master key, it is restored, verified, and closes the same month with the same documents.</summary>
public sealed class BackupTests(StoreFixture stores)
{
    private const int Calls = 60;

    private static DateTimeOffset LastMonth { get; } = Middle(TimeProvider.System.GetUtcNow().AddMonths(-1));

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Last_nights_backup_on_a_new_machine_verifies_and_closes_with_the_same_documents(StoreKind kind)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase);
        await UseLastMonthAsync(world);
        var (file, month) = (Path.Combine(stores.NewFolder(), "night.backup"), LastMonth.ToString("yyyy-MM", CultureInfo.InvariantCulture));

        // 1. A backup in the middle of calls; more calls go on; then the machine is lost but for its disk.
        int atBackup;
        await using (var server = await ServerProcess.StartAsync(world.Start()))
        {
            using var client = server.CreateClient(world.Key("acme-shop"));
            var calls = Enumerable.Range(0, Calls).Select(number => CallAsync(client, number)).ToArray();
            await Task.WhenAny(calls);
            (await ByUrlAsync(server, world, "backup", "create", file)).ShouldContain("all calls before");
            using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
            atBackup = (await admin.ListUsageAsync()).Count;
            await Task.WhenAll(calls);
            (await server.TerminateAsync()).ShouldBe(0, server.Output);
        }

        (await DoganaProcess.OkAsync("backup", "verify", file)).ShouldContain("ledger entries, head");

        // 2. A new machine: the backup and the master key. What came after the backup is not there; the month is closed as it would have been then.
        var fresh = await RestoreAsync(kind, file, world, withJournal: false);
        var (usage, documents) = await CloseAsync(fresh, world, month);
        usage.Count.ShouldBeLessThanOrEqualTo(atBackup);
        usage.Count.ShouldBeGreaterThanOrEqualTo(5);

        // 3. Another one, of the other kind, and there too.
        var other = await RestoreAsync(kind == StoreKind.Sqlite ? StoreKind.Postgres : StoreKind.Sqlite, file, world, withJournal: false);
        (await CloseAsync(other, world, month)).Documents.ShouldBe(documents);

        // 4. A third one with the node's journal: it brings what came after the backup, each call once.
        var whole = await RestoreAsync(kind, file, world, withJournal: true);
        var caughtUp = await CloseAsync(whole, world, month);

        // 5. The store that was never lost.
        var original = await CloseAsync(world.Start(), world, month);
        caughtUp.Usage.ShouldBe(original.Usage);
        original.Usage.Count.ShouldBe(Calls + 5);
        caughtUp.Documents.ShouldBe(original.Documents, "number and SHA-256");
        Amounts(documents).ShouldBe(Amounts(original.Documents));
    }

    [Fact]
    public async Task A_backup_that_is_broken_off_leaves_nothing_that_looks_whole()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        var folder = stores.NewFolder();
        await using var server = await ServerProcess.StartAsync(world.Start());

        var (exit, _, error) = await DoganaProcess.RunAsync("a-wrong-key", ["backup", "create", folder, "--url", server.Address.ToString()]);
        exit.ShouldBe(1, error);
        Directory.EnumerateFileSystemEntries(folder).ShouldBeEmpty();

        (await ByUrlAsync(server, world, "backup", "create", folder)).ShouldContain("SHA-256");
        var made = Directory.EnumerateFiles(folder).ShouldHaveSingleItem();
        var bytes = await File.ReadAllBytesAsync(made);
        var cut = Path.Combine(folder, "cut.backup");
        await File.WriteAllBytesAsync(cut, bytes[..(bytes.Length / 2)]);
        (exit, _, error) = await DoganaProcess.RunAsync("backup", "verify", cut);
        exit.ShouldBe(1);
        error.ShouldContain("is not whole");
        (exit, _, error) = await DoganaProcess.RunAsync("backup", "restore", made, "--data", world.Folder);
        exit.ShouldBe(1);
        error.ShouldContain("in use");
    }

    private async Task<ServerStart> RestoreAsync(StoreKind kind, string file, TestWorld world, bool withJournal)
    {
        var folder = stores.NewFolder();
        var database = kind == StoreKind.Postgres ? await stores.NewDatabaseAsync() : null;
        var restored = await DoganaProcess.OkAsync(["backup", "restore", file, .. database is null ? ["--data", folder] : (string[])["--postgres", database]]);
        restored.ShouldContain("verified:");
        foreach (var left in (string[])["node", "journal"])
        {
            if (Directory.Exists(Path.Combine(folder, left)))
            {
                Directory.Delete(Path.Combine(folder, left), recursive: true);
            }

            File.Delete(Path.Combine(folder, left));
        }

        File.Copy(Path.Combine(world.Folder, "master.key"), Path.Combine(folder, "master.key"));
        if (withJournal)
        {
            File.Copy(Path.Combine(world.Folder, "node"), Path.Combine(folder, "node"));
            foreach (var segment in Directory.EnumerateFiles(Path.Combine(world.Folder, "journal"), "*.log", SearchOption.AllDirectories))
            {
                var place = Path.Combine(folder, Path.GetRelativePath(world.Folder, segment));
                Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                File.Copy(segment, place);
            }
        }

        return database is null ? ServerStart.OnFolder(folder) : ServerStart.OnPostgres(database, folder);
    }

    private static async Task<(IReadOnlyList<string> Usage, IReadOnlyList<string> Documents)> CloseAsync(ServerStart start, TestWorld world, string month)
    {
        await using var server = await ServerProcess.StartAsync(start);
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var report = await admin.VerifyAsync();
        report.Faults.ShouldBeEmpty();
        (await ByUrlAsync(server, world, "period", "close", month)).ShouldContain(month);
        var usage = await admin.ListUsageAsync();
        var documents = (await admin.ListInvoicesAsync()).Select(static invoice => $"{invoice.Number} {invoice.Payable} {invoice.Hash}").Order(StringComparer.Ordinal).ToArray();
        documents.ShouldNotBeEmpty();
        (await admin.VerifyAsync()).Verified.ShouldBeTrue();
        return ([.. usage.Select(static record => record.Id).Order(StringComparer.Ordinal)], documents);
    }

    private static IEnumerable<string> Amounts(IReadOnlyList<string> documents) => documents.Select(static document => document[..document.LastIndexOf(' ')]);

    private static async Task<string> ByUrlAsync(ServerProcess server, TestWorld world, params string[] arguments)
    {
        var (exit, output, error) = await DoganaProcess.RunAsync(world.AdminKey, [.. arguments, "--url", server.Address.ToString()]);
        exit.ShouldBe(0, output + error);
        return output;
    }

    private static async Task CallAsync(HttpClient client, int number)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(50 * number)); // a load, not a burst
        using var response = await client.PostAsJsonAsync(new Uri("/v1/chat/completions", UriKind.Relative), new { model = "fake", messages = new[] { new { role = "user", content = "hello" } } });
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync());
    }

    private static async Task UseLastMonthAsync(TestWorld world)
    {
        await using var store = await world.OpenStoreAsync();
        var records = Enumerable.Range(0, 5).Select(static number => new UsageRecord
        {
            Source = "elsewhere", Id = $"last-{number}", Project = "acme-shop", Organisation = "acme", Channel = "direct", Key = "", Deployment = "fake", Model = "fake-chat",
            OpenedAt = LastMonth.AddHours(number), ClosedAt = LastMonth.AddHours(number), Ending = CallEnding.Completed, InputTokens = 1_000 + number, CachedInputTokens = 7, OutputTokens = 33,
        }).ToArray();
        await store.WriteAsync(session => UsageIntake.AcceptAsync(session, records));
    }

    private static DateTimeOffset Middle(DateTimeOffset at) => new(at.Year, at.Month, 15, 12, 0, 0, TimeSpan.Zero);
}
