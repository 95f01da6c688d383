using System.IO.Compression;
using System.Text;
using Dogana.Backups;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Backups;

public sealed class StoreBackupTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StoreKind.Sqlite, StoreKind.Sqlite)]
    [InlineData(StoreKind.Sqlite, StoreKind.Postgres)]
    [InlineData(StoreKind.Postgres, StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres, StoreKind.Postgres)]
    public async Task What_is_restored_is_row_for_row_what_was_backed_up_whichever_store_it_comes_from_and_goes_to(StoreKind from, StoreKind to)
    {
        await using var store = await stores.OpenAsync(from);
        await FillAsync(store, 3_000);
        var file = await BackUpAsync(store);

        await using var other = await OpenEmptyAsync(to);
        (await StoreBackup.LoadAsync(new MemoryStream(file), other)).TryGet(out var manifest, out var problem).ShouldBeTrue(problem?.Message);

        manifest!.Tables.Single(static table => table.Name == "organisation").Rows.ShouldBe(3_000);
        manifest.Rows.ShouldBe(manifest.Tables.Sum(static table => table.Rows));
        manifest.Heads.ShouldNotBeNull();
        var again = (await StoreBackup.VerifyAsync(new MemoryStream(await BackUpAsync(other)))).Value;
        again.Tables.ShouldBe(manifest.Tables, "the same tables with the same rows in the same order");
        again.Heads.ShouldBe(manifest.Heads);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_backup_is_of_one_instant_while_others_write(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await FillAsync(store, 2_000);
        using var stop = new CancellationTokenSource();
        var written = 0;
        var writer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                written = await store.WriteAsync(async session =>
                {
                    await session.NextAsync("aaa");
                    await StoreSettings.SetAsync(session, "zzz", "x");
                    return (int)await session.NextAsync("zzz");
                });
            }
        });

        var files = new List<byte[]>();
        while (files.Count < 5 || written < 20)
        {
            files.Add(await BackUpAsync(store));
        }

        await stop.CancelAsync();
        await writer;
        foreach (var file in files)
        {
            await using var other = await OpenEmptyAsync(StoreKind.Sqlite);
            (await StoreBackup.LoadAsync(new MemoryStream(file), other)).TryGet(out _, out _).ShouldBeTrue();
            var (first, last) = await other.ReadAsync(static async session => (await session.LastAsync("aaa"), await session.LastAsync("zzz")));
            first.ShouldBe(last, "one transaction wrote both");
        }
    }

    [Fact]
    public async Task A_backup_that_was_cut_or_changed_anywhere_is_refused_and_restores_nothing()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await FillAsync(store, 200);
        var file = await BackUpAsync(store);
        const int seed = 4711;
        var random = new Random(seed);
        await using var other = await OpenEmptyAsync(StoreKind.Sqlite);
        for (var trial = 0; trial < 120; trial++)
        {
            var damaged = (trial % 3) switch
            {
                0 => file[..random.Next(1, file.Length)],
                1 => Flipped(file, random.Next(10, file.Length)), // gzip says nothing about the instant and the system in its first ten bytes
                _ => Rewritten(file, random),
            };
            var said = $"seed {seed}, trial {trial}";
            if (trial % 3 != 2 && SaysTheSame(damaged, file))
            {
                continue; // of a thousand equal letters a piece may be copied from here or from there
            }

            (await StoreBackup.VerifyAsync(new MemoryStream(damaged))).Problem.ShouldNotBeNull(said).Code.ShouldBe(ProblemCode.BackupDamaged);
            (await StoreBackup.LoadAsync(new MemoryStream(damaged), other)).TryGet(out _, out _).ShouldBeFalse(said); // as damaged, or as made by a Dogana with other steps
        }

        // Nothing is left of all that: a sound one is restored into the same place.
        (await StoreBackup.LoadAsync(new MemoryStream(file), other)).TryGet(out _, out var none).ShouldBeTrue(none?.Message);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_store_that_is_not_empty_and_a_backup_of_a_newer_Dogana_are_refused(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var file = await BackUpAsync(store);

        (await StoreBackup.RestoreAsync(new MemoryStream(file), store, "test", Now)).Problem!.Message.ShouldContain("is not empty");

        await store.WriteAsync(static session => session.ExecuteAsync("insert into schema_step(number, name, hash) values(9999, '9999_future.sql', 'x')"));
        await using var other = await OpenEmptyAsync(kind);
        (await StoreBackup.RestoreAsync(new MemoryStream(await BackUpAsync(store)), other, "test", Now)).Problem!.Message.ShouldContain("9999_future.sql");
    }

    private static async Task<byte[]> BackUpAsync(Store store)
    {
        using var file = new MemoryStream();
        await StoreBackup.WriteAsync(store, file, Now);
        return file.ToArray();
    }

    private async Task<Store> OpenEmptyAsync(StoreKind kind)
    {
        Assert.SkipWhen(kind == StoreKind.Postgres && Environment.GetEnvironmentVariable("DOGANA_TEST_STORES") == "sqlite", "only SQLite is asked for");
        return kind == StoreKind.Sqlite ? await Store.OpenFolderAsync(stores.NewFolder(), StoreUpgrade.Leave) : await Store.OpenPostgresAsync(await stores.NewDatabaseAsync(), StoreUpgrade.Leave);
    }

    // Rows that refer to rows of their own table, before and behind them; texts with all that a line of JSON could trip over.
    private static Task<int> FillAsync(Store store, int organisations) => store.WriteAsync(async session =>
    {
        long[] numbers = [.. Enumerable.Range(1, organisations).Select(static number => (long)number)];
        await session.InsertAsync(
            "organisation", ["id", "name", "country", "time_zone", "weight"], numbers, static number => [$"o{number}", $"\"{number}\"\n\\ \u2028 ü 漢 😀 ]", "FR", "Europe/Paris", number]);
        await session.ExecuteAsync("update organisation set parent = 'o2' where id in ('o1', 'o3')");
        await session.ExecuteAsync("update organisation set parent = @last where id = 'o2'", new { last = $"o{organisations}" });
        await StoreSettings.SetAsync(session, "long", new string('x', 700_000));
        await session.NextAsync("big", long.MaxValue);
        return 0;
    });

    private static bool SaysTheSame(byte[] damaged, byte[] file)
    {
        try
        {
            return Unzipped(damaged).AsSpan().SequenceEqual(Unzipped(file));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static byte[] Unzipped(byte[] file)
    {
        using var zip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zip.CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Flipped(byte[] file, int place)
    {
        byte[] changed = [.. file];
        changed[place] ^= 0x10;
        return changed;
    }

    // Sound gzip over lines of which one was changed, taken out or written twice.
    private static byte[] Rewritten(byte[] file, Random random)
    {
        using var zip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        using var text = new StreamReader(zip, Encoding.UTF8);
        var lines = text.ReadToEnd().Split('\n')[..^1].ToList();
        var line = random.Next(lines.Count);
        switch (random.Next(3))
        {
            case 0:
                lines.RemoveAt(line);
                break;
            case 1:
                lines.Insert(line, lines[line]);
                break;
            default:
                var row = lines.FindIndex(static candidate => candidate.StartsWith("[\"o7\"", StringComparison.Ordinal));
                lines[row] = lines[row].Replace("FR", "DE", StringComparison.Ordinal);
                break;
        }

        using var changed = new MemoryStream();
        using (var again = new GZipStream(changed, CompressionLevel.Fastest, leaveOpen: true))
        {
            again.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        }

        return changed.ToArray();
    }
}
