using Dogana.Storage;

namespace Dogana.Tests.Storage;

public sealed class StoreTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_failed_write_leaves_nothing(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);

        await Should.ThrowAsync<InvalidOperationException>(() => store.WriteAsync<int>(async session =>
        {
            await session.NextAsync("thing");
            throw new InvalidOperationException("no");
        }));

        (await store.ReadAsync(session => session.LastAsync("thing"))).ShouldBe(0);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Counters_give_every_number_once_and_in_the_order_of_commits(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.WriteAsync(session => session.ExecuteAsync("create table taken(number bigint primary key, place bigint not null)"));

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => store.WriteAsync(async session =>
        {
            var number = await session.NextAsync("thing", 3);
            var place = await session.ScalarAsync<long>("select count(*) from taken");
            return await session.ExecuteAsync("insert into taken(number, place) values(@number, @place)", new { number, place });
        })));

        (await store.ReadAsync(session => session.LastAsync("thing"))).ShouldBe(120);
        (await store.ReadAsync(session => session.ScalarAsync<long>("select count(*) from taken where number <> place * 3 + 1"))).ShouldBe(0);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, 3)]
    [InlineData(StoreKind.Sqlite, 700)]
    [InlineData(StoreKind.Postgres, 3)]
    [InlineData(StoreKind.Postgres, 700)]
    public async Task Rows_that_are_there_already_become_what_the_insert_says_however_many_there_are(StoreKind kind, int rows)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.WriteAsync(session => session.ExecuteAsync("create table kept(id text primary key, first bigint not null, last bigint not null)"));

        foreach (var value in (long[])[1, 2])
        {
            await store.WriteAsync(async session =>
            {
                await session.InsertAsync(
                    "kept", ["id", "first", "last"], [.. Enumerable.Range(0, rows)], row => [$"k{row}", value, value], "on conflict(id) do update set last = excluded.last");
                return 0;
            });
        }

        (await store.ReadAsync(session => session.ScalarAsync<long>("select count(*) from kept where first = 1 and last = 2"))).ShouldBe(rows);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Only_a_write_that_says_so_changes_the_configuration(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var heard = 0;
        store.ConfigurationChanged += (_, _) => heard++;

        await store.WriteAsync(session => session.NextAsync("thing"));
        var before = await store.ReadConfigurationVersionAsync();
        await store.WriteAsync(session =>
        {
            session.ChangesConfiguration();
            return Task.FromResult(0);
        });

        heard.ShouldBe(1);
        (await store.ReadConfigurationVersionAsync()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task A_folder_serves_one_process_at_a_time()
    {
        var folder = stores.NewFolder();
        await using (await Store.OpenFolderAsync(folder))
        {
            var refused = await Should.ThrowAsync<StoreInUseException>(() => Store.OpenFolderAsync(folder));
            refused.Message.ShouldContain(folder);
            refused.Message.ShouldContain("--data");
        }

        await using var again = await Store.OpenFolderAsync(folder);
        again.Description.ShouldContain(folder);
    }

    [Fact]
    public async Task An_edited_schema_step_is_refused()
    {
        var folder = stores.NewFolder();
        await using (var store = await Store.OpenFolderAsync(folder))
        {
            await store.WriteAsync(session => session.ExecuteAsync("update schema_step set hash = 'other' where number = 1"));
        }

        (await Should.ThrowAsync<InvalidOperationException>(() => Store.OpenFolderAsync(folder))).Message.ShouldContain("0001_parties.sql");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Rows_that_are_there_already_do_as_the_insert_says_however_many_they_are(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        foreach (var count in new[] { 1, 15, 16, 2_500 })
        {
            var sum = await store.WriteAsync(async session =>
            {
                await session.ExecuteAsync("create table kept(number bigint primary key, place bigint not null)");
                long[] rows = [.. Enumerable.Range(1, count).Select(static number => (long)number)];
                await session.InsertAsync("kept", ["number", "place"], rows, static row => [row, 1L], "on conflict(number) do nothing");
                await session.InsertAsync("kept", ["number", "place"], rows, static row => [row, 2L], "on conflict(number) do nothing");
                await session.InsertAsync("kept", ["number", "place"], rows, static row => [row, 3L], "on conflict(number) do update set place = kept.place + excluded.place");
                var places = await session.ScalarAsync<long>("select cast(sum(place) as bigint) from kept");
                await session.ExecuteAsync("drop table kept");
                return places;
            });
            sum.ShouldBe(4L * count);
        }
    }
}
