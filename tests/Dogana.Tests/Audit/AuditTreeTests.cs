using Dogana.Audit;
using Dogana.Audit.Tree;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Audit;

public sealed class AuditTreeTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_root_of_every_size_is_that_of_the_RFC_over_the_bytes_of_the_rows(StoreKind kind)
    {
        await using var scene = await AuditScene.CreateAsync(stores, kind, rows: 70);

        await scene.Store.ReadAsync(async session =>
        {
            byte[][] leaves = [.. (await TreeRows.ReadAfterAsync(session, 0)).Select(static item => AuditLeaf.Encode(item.Row))];
            leaves.Length.ShouldBe(70);
            for (var size = 1; size <= leaves.Length; size++)
            {
                Convert.ToHexString((await TreeRows.ReadRootAsync(session, size))!).ShouldBe(Convert.ToHexString(NaiveTree.Root(leaves.AsSpan(0, size))), $"{size}");
            }

            return 0;
        });
        var report = await scene.VerifyAsync();
        (report.Verified, report.Rows, report.Checkpoints, report.Retained).ShouldBe((true, 70, 0, 0));
    }

    [Fact]
    public void The_bytes_of_a_row_are_for_good()
    {
        var row = new AuditRow(258, 1_772_352_000_000_001, "user/a@b.c", "key.create", "é", "");

        Convert.ToHexStringLower(AuditLeaf.Encode(row)).ShouldBe(
            "01" + "0000000000000102" + "00064bf1db608001" + "0000000a" + "757365722f6140622e63" + "0000000a" + "6b65792e637265617465" + "00000002" + "c3a9" + "00000000");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Rows_from_before_the_tree_are_taken_in_once_as_if_they_had_been_written_with_it(StoreKind kind)
    {
        await using var scene = await AuditScene.CreateAsync(stores, kind, rows: 1_234);
        var before = await HashesAsync(scene.Store);
        await scene.SqlAsync("update audit_event set hashes = ''");
        await scene.SqlAsync("delete from store_setting where name = 'audit.taken_in'");
        (await scene.VerifyAsync()).Faults[0].Subject.ShouldBe("audit row 1");

        (await AuditTree.TakeInAsync(scene.Store)).ShouldBe(1_234);

        (await HashesAsync(scene.Store)).ShouldBe(before);
        (await AuditTree.TakeInAsync(scene.Store)).ShouldBe(0);
        await scene.WriteAsync(1);
        (await scene.VerifyAsync()).Verified.ShouldBeTrue();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Writers_at_once_make_one_tree(StoreKind kind)
    {
        await using var scene = await AuditScene.CreateAsync(stores, kind);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => scene.WriteAsync(5)));

        var report = await scene.VerifyAsync();
        (report.Verified, report.Rows).ShouldBe((true, 80));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Whatever_a_row_says_is_read_back_as_it_was_hashed(StoreKind kind)
    {
        await using var scene = await AuditScene.CreateAsync(stores, kind);
        string[] texts = ["", " ", "line\r\nline\t", "e\u0301 is not \u00e9", "\ud83d\ude00", "'; drop table audit_event; --", new string('x', 100_000), "\ufeff", kind == StoreKind.Sqlite ? "a\ud800b" : ""];
        foreach (var text in texts)
        {
            await scene.Store.WriteAsync(async session =>
            {
                await AuditLog.WriteAsync(session, AuditScene.Start.AddTicks(3), "a", "b", text, text);
                return 0;
            });
        }

        var report = await scene.VerifyAsync();
        report.Faults.ShouldBeEmpty();
        report.Rows.ShouldBe(texts.Length);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_log_that_lost_rows_goes_on_and_the_first_bad_row_is_named(StoreKind kind)
    {
        await using var scene = await AuditScene.CreateAsync(stores, kind, rows: 11);
        await scene.SqlAsync("delete from audit_event where sequence in (7, 8)");
        await scene.WriteAsync(30);

        var report = await scene.VerifyAsync();

        (report.Verified, report.Rows, report.Root).ShouldBe((false, 41, null));
        report.Faults[0].Subject.ShouldBe("audit rows 7 to 8");
        (await scene.Store.WriteAsync(session => scene.Checkpoints.MakeAsync(session, "operator", AuditScene.Start))).Problem!.Code.ShouldBe(ProblemCode.AuditDamaged);
    }

    [Fact]
    public async Task A_changed_row_a_changed_hash_and_a_cut_are_told_apart()
    {
        await using var scene = await AuditScene.CreateAsync(stores, StoreKind.Sqlite, rows: 20);

        (await FaultAsync("update audit_event set detail = 'x' where sequence = 7")).ShouldBe("audit row 7: the row was changed: its values do not give its hash");
        (await FaultAsync("update audit_event set hashes = (select hashes from audit_event where sequence = 3) where sequence = 7")).ShouldStartWith("audit row 7: the row was changed");
        (await FaultAsync("update audit_event set hashes = substr(hashes, 1, 43) || 'A' || substr(hashes, 45) where sequence = 8")).ShouldStartWith("audit row 8: ");
        (await FaultAsync("update audit_event set hashes = 'zzz' where sequence = 9")).ShouldStartWith("audit row 9: its hashes were changed");
        (await FaultAsync("delete from audit_event where sequence > 18")).ShouldBe("audit rows 19 to 20: missing: the numbers have a gap");
        (await FaultAsync("update counter set last = 19 where name = 'audit'")).ShouldBe("audit counter: the log has rows that were never numbered");
        (await FaultAsync("update audit_event set sequence = 0 where sequence = 1")).ShouldBe("audit row 0: it was never written: rows are numbered from 1 on");

        async Task<string> FaultAsync(string sql)
        {
            var fault = (await Undone.RunAsync(scene.Store, async session =>
            {
                await session.ExecuteAsync(sql);
                return await AuditVerification.VerifyAsync(session);
            })).Faults[0];
            return $"{fault.Subject}: {fault.Message}";
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Rows_are_read_in_pages_and_by_what_is_asked(StoreKind kind)
    {
        await using var scene = await AuditScene.CreateAsync(stores, kind, rows: 30);

        (await ReadAsync(4)).ShouldBe([30, 29, 28, 27]);
        (await ReadAsync(4, before: 3)).ShouldBe([2, 1]);
        (await ReadAsync(100, new AuditFilter(Actor: "user/1@example.com", Action: "key.create"))).ShouldBe([28, 22, 16, 10, 4]);
        (await ReadAsync(100, new AuditFilter(Subject: "key-9"))).ShouldBe([9]);
        (await ReadAsync(100, new AuditFilter(From: AuditScene.Start.AddSeconds(5), To: AuditScene.Start.AddSeconds(8)))).ShouldBe([7, 6, 5]);

        async Task<long[]> ReadAsync(int limit, AuditFilter? filter = null, long? before = null) =>
            [.. (await scene.Store.ReadAsync(session => AuditLog.ReadAsync(session, limit, filter, before))).Select(static row => row.Sequence)];
    }

    /// <summary>Prints what the tree adds to an append; run it by name with <c>--explicit only</c>.</summary>
    [Theory(Explicit = true)]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Cost_of_an_append(StoreKind kind)
    {
        const int rows = 5_000;
        await using var scene = await AuditScene.CreateAsync(stores, kind, rows: 2_000);
        var (plain, withTree) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 0; round < 5; round++)
        {
            plain.Add(await TimeAsync(static async session =>
            {
                var sequence = await session.NextAsync("plain");
                await session.ExecuteAsync(
                    "insert into plain_event(sequence, at, actor, action, subject, detail) values(@sequence, @at, @actor, @action, @subject, @detail)",
                    new { sequence, at = 1L, actor = "user/ada@example.com", action = "key.create", subject = "key-17", detail = "laptop" });
            }));
            withTree.Add(await TimeAsync(static session => AuditLog.WriteAsync(session, AuditScene.Start, "user/ada@example.com", "key.create", "key-17", "laptop")));
        }

        TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant(
            $"{kind}: {plain.Order().ElementAt(2).TotalMicroseconds / rows:0.0} us a row without the tree, {withTree.Order().ElementAt(2).TotalMicroseconds / rows:0.0} us with it (medians of 5 rounds of {rows} rows)"));

        async Task<TimeSpan> TimeAsync(Func<StoreSession, Task> append) => await scene.Store.WriteAsync(async session =>
        {
            await session.ExecuteAsync("create table if not exists plain_event(sequence bigint primary key, at bigint not null, actor text not null, action text not null, subject text not null, detail text not null)");
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            for (var row = 0; row < rows; row++)
            {
                await append(session);
            }

            return System.Diagnostics.Stopwatch.GetElapsedTime(start);
        });
    }

    private static Task<IReadOnlyList<string>> HashesAsync(Store store) => store.ReadAsync(static session => session.QueryAsync<string>("select hashes from audit_event order by sequence"));
}
