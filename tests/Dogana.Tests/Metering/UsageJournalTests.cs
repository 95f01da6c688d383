using Dogana.Metering;
using Dogana.Metering.Journal;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Metering;

public sealed class UsageJournalTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_closed_call_is_shipped_once_however_often_shipping_runs(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await using var journal = await UsageJournal.OpenAsync(stores.NewFolder(), "n1", TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 2_500).Select(i => CallAsync(journal, i)));

        (await UsageIntake.ShipAsync(store, journal)).ShouldBe(2_500);
        (await UsageIntake.ShipAsync(store, journal)).ShouldBe(0);

        // A lost mark makes shipping start over: the permanent key holds.
        await store.WriteAsync(session => session.ExecuteAsync("delete from journal_mark"));
        (await UsageIntake.ShipAsync(store, journal)).ShouldBe(0);
        (await store.ReadAsync(session => session.ScalarAsync<long>("select count(*) from usage_record"))).ShouldBe(2_500);
        (await store.ReadAsync(session => session.ScalarAsync<long>("select max(ingest_sequence) from usage_record"))).ShouldBe(2_500);
    }

    [Fact]
    public async Task What_was_open_when_the_process_died_is_closed_as_interrupted_without_usage()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var folder = stores.NewFolder();
        var killed = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System);
        await CallAsync(killed, 1);
        killed.Open(Call(2));
        File.Copy(Path.Combine(folder, "00000001.log"), Path.Combine(folder = stores.NewFolder(), "00000001.log")); // as the disk stands when the process is gone

        await using var journal = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System);

        journal.Interrupted.ShouldBe(1);
        await UsageIntake.ShipAsync(store, journal);
        var records = await store.ReadAsync(session => UsageRecords.ReadAfterAsync(session, 0, 10));
        records.Select(record => (record.Id, record.Ending, record.OutputTokens)).ShouldBe([("call-1", CallEnding.Completed, 20), ("call-2", CallEnding.Interrupted, 0)]);
        await killed.DisposeAsync();
    }

    [Fact]
    public async Task A_line_that_a_crash_cut_off_at_any_byte_loses_only_itself()
    {
        var folder = stores.NewFolder();
        await using (var journal = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System))
        {
            await CallAsync(journal, 1);
            await CallAsync(journal, 2);
        }

        var whole = await File.ReadAllBytesAsync(Path.Combine(folder, "00000001.log"));
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        for (var length = 0; length <= whole.Length; length += 13)
        {
            var cut = stores.NewFolder();
            await File.WriteAllBytesAsync(Path.Combine(cut, "00000001.log"), whole[..length]);
            await using var journal = await UsageJournal.OpenAsync(cut, $"n{length}", TimeProvider.System);
            var before = await store.ReadAsync(session => session.LastAsync(UsageIntake.Sequence));
            await UsageIntake.ShipAsync(store, journal);
            var records = await store.ReadAsync(session => UsageRecords.ReadAfterAsync(session, before, 10));

            // Each call that was opened has exactly one record.
            records.Select(record => record.Id).ShouldBe(records.Select(record => record.Id).Distinct(StringComparer.Ordinal));
            records.Count.ShouldBeLessThanOrEqualTo(2);
            records.Count(record => record.Ending == CallEnding.Interrupted).ShouldBe(journal.Interrupted);
        }
    }

    [Fact]
    public async Task A_segment_that_is_damaged_in_its_middle_is_named_and_never_passed_over()
    {
        var folder = stores.NewFolder();
        await using (var journal = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System))
        {
            await CallAsync(journal, 1);
            await CallAsync(journal, 2);
        }

        var path = Path.Combine(folder, "00000001.log");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[20] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        (await Should.ThrowAsync<InvalidDataException>(() => UsageJournal.OpenAsync(folder, "n1", TimeProvider.System))).Message.ShouldContain("00000001.log is damaged at byte 0");
    }

    [Fact]
    public async Task Sound_lines_are_found_however_far_behind_the_damage()
    {
        var folder = stores.NewFolder();
        await using (var journal = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System))
        {
            await Task.WhenAll(Enumerable.Range(1, 2_000).Select(i => CallAsync(journal, i)));
        }

        var path = Path.Combine(folder, "00000001.log");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes.Length.ShouldBeGreaterThan(600_000);
        bytes.AsSpan(0, 500_000).Fill(0xFF);
        await File.WriteAllBytesAsync(path, bytes);

        (await Should.ThrowAsync<InvalidDataException>(() => UsageJournal.OpenAsync(folder, "n1", TimeProvider.System))).Message.ShouldContain("00000001.log is damaged at byte 0");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_that_a_power_cut_left_unwritten_end_the_journal(bool isWrittenUpToTheHole)
    {
        const int Border = 4096;
        for (var shift = 1; shift <= 400; shift++) // the border lies at every byte of a line
        {
            byte[][] lines = [Closed(0, new string('d', shift)), .. Enumerable.Range(1, 60).Select(static i => Closed(i, "d"))];
            var before = 0;
            var start = 0; // of the first line that is not before the border
            for (; start + lines[before].Length <= Border; before++)
            {
                start += lines[before].Length;
            }

            var bytes = new byte[64 * 1024];
            lines.SelectMany(static line => line).ToArray().CopyTo(bytes, 0);
            if (isWrittenUpToTheHole)
            {
                bytes.AsSpan(Border, Border).Clear();
            }
            else
            {
                bytes.AsSpan(start, Border - start).Clear();
            }

            var folder = stores.NewFolder();
            await using (var file = new FileStream(Path.Combine(folder, "00000001.log"), FileMode.CreateNew))
            {
                await file.WriteAsync(bytes);
                file.SetLength(JournalFolder.SegmentBytes);
            }

            var journal = new JournalFolder(folder);
            var isWhole = !isWrittenUpToTheHole && start == Border;
            journal.Recover().Count().ShouldBe(isWhole ? lines.Length : before);

            // What followed is gone: it is not an error, nor read, when there is a later segment.
            await File.WriteAllBytesAsync(Path.Combine(folder, "00000002.log"), Closed(99, "d"));
            journal.Read(default, new JournalPosition(2, long.MaxValue)).Count().ShouldBe((isWhole ? lines.Length : before) + 1);
        }

        static byte[] Closed(int number, string model) =>
            new JournalEntry(null, (Call(number) with { Model = model }).Close("n1", Noon, CallEnding.Completed, new TokenUsage(10, 5, 20))).ToBytes();
    }

    [Fact]
    public async Task After_a_power_cut_that_left_a_hole_the_node_starts_and_ships_what_was_before_it()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var folder = stores.NewFolder();
        await using var cut = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System);
        await CallAsync(cut, 1);
        cut.Open(Call(2) with { Model = new string('m', 9_000) });
        var hole = cut.Flushed.Offset;
        await CallAsync(cut, 3);
        var path = Path.Combine(stores.NewFolder(), "00000001.log");
        File.Copy(Path.Combine(folder, "00000001.log"), path);
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
        {
            RandomAccess.Write(file, new byte[4096], hole);
        }

        for (var start = 1; start <= 2; start++)
        {
            await using var journal = await UsageJournal.OpenAsync(Path.GetDirectoryName(path)!, "n1", TimeProvider.System);
            journal.Interrupted.ShouldBe(0);
            (await UsageIntake.ShipAsync(store, journal)).ShouldBe(start == 1 ? 1 : 0);
            await CallAsync(journal, 10 + start);
            (await UsageIntake.ShipAsync(store, journal)).ShouldBe(1);
        }
    }

    [Theory]
    [InlineData(1)] // the last one is finished too, where the process ended in order
    [InlineData(2)]
    public async Task A_hole_in_a_segment_that_was_finished_is_named_and_never_passed_over(int segments)
    {
        var folder = stores.NewFolder();
        for (var i = 1; i <= segments; i++)
        {
            await using var journal = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System);
            await CallAsync(journal, i);
            await CallAsync(journal, 10 + i);
        }

        var path = Path.Combine(folder, "00000001.log");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes.AsSpan(0, 512).Clear();
        await File.WriteAllBytesAsync(path, bytes);

        (await Should.ThrowAsync<InvalidDataException>(() => UsageJournal.OpenAsync(folder, "n1", TimeProvider.System))).Message.ShouldContain("00000001.log is damaged at byte 0");
    }

    [Fact]
    public async Task After_a_failed_flush_nothing_counts_as_flushed_though_the_next_one_would_not_fail()
    {
        using var mayFail = new ManualResetEventSlim();
        var flushes = 0;
        var folder = stores.NewFolder();
        var journal = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System, 0, _ =>
        {
            if (Interlocked.Increment(ref flushes) == 1)
            {
                mayFail.Wait(TestContext.Current.CancellationToken);
                throw new IOException("told once");
            }
        });
        var first = CallAsync(journal, 1);
        SpinWait.SpinUntil(() => Volatile.Read(ref flushes) == 1, TimeSpan.FromSeconds(10)).ShouldBeTrue();
        var second = CallAsync(journal, 2); // waits for the flush after that
        mayFail.Set();

        await Should.ThrowAsync<IOException>(() => first);
        await Should.ThrowAsync<IOException>(() => second);
        await Should.ThrowAsync<IOException>(() => CallAsync(journal, 3));
        journal.IsFailed.ShouldBeTrue();
        journal.Flushed.Offset.ShouldBe(0);
        flushes.ShouldBe(1);

        await journal.DisposeAsync();
        await (await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System)).DisposeAsync(); // the folder was given back
    }

    [Fact]
    public async Task A_call_that_outlasts_the_journal_is_told_and_ends_nothing_else()
    {
        var flushes = 0;
        var journal = await UsageJournal.OpenAsync(
            stores.NewFolder(), "n1", TimeProvider.System, 0, file => ObjectDisposedException.ThrowIf(Interlocked.Increment(ref flushes) == 2, file));
        await CallAsync(journal, 1);

        await Should.ThrowAsync<IOException>(() => CallAsync(journal, 2));
        await journal.DisposeAsync();
        await Should.ThrowAsync<IOException>(() => CallAsync(journal, 3));
    }

    [Fact]
    public async Task A_journal_that_was_lost_begins_behind_what_the_store_has_taken_in()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await using (var lost = await UsageJournal.OpenAsync(stores.NewFolder(), "n1", TimeProvider.System, shippedSegment: 4))
        {
            await CallAsync(lost, 1);
            await UsageIntake.ShipAsync(store, lost);
        }

        var shipped = await store.ReadAsync(session => UsageIntake.ReadShippedSegmentAsync(session, "n1"));
        await using var journal = await UsageJournal.OpenAsync(stores.NewFolder(), "n1", TimeProvider.System, shipped);
        await CallAsync(journal, 2);

        (await UsageIntake.ShipAsync(store, journal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_journal_serves_one_process_at_a_time()
    {
        var folder = stores.NewFolder();
        await using var journal = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System);

        await Should.ThrowAsync<Dogana.Storage.StoreInUseException>(() => UsageJournal.OpenAsync(folder, "n1", TimeProvider.System));
    }

    [Fact]
    public async Task Segments_are_deleted_when_shipped_and_not_before()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var folder = stores.NewFolder();
        await using var journal = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System);
        journal.Open(Call(0) with { Deployment = new string('d', 30_000) });
        await Task.WhenAll(Enumerable.Range(1, 699).Select(i =>
        {
            journal.Open(Call(i) with { Deployment = new string('d', 30_000) });
            return journal.CloseAsync(Call(i).Close("n1", Noon, CallEnding.Completed, default));
        }));

        Directory.GetFiles(folder, "*.log").Length.ShouldBe(2);
        await UsageIntake.ShipAsync(store, journal);
        Directory.GetFiles(folder, "*.log").Length.ShouldBe(2, "the oldest segment holds a call that is still open");

        await journal.CloseAsync(Call(0).Close("n1", Noon, CallEnding.Completed, default));
        await UsageIntake.ShipAsync(store, journal);
        Directory.GetFiles(folder, "*.log").Length.ShouldBe(1);
        (await store.ReadAsync(session => session.ScalarAsync<long>("select count(*) from usage_record"))).ShouldBe(700);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_same_key_with_another_payload_is_a_conflict_at_any_age(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var first = Call(1).Close("n1", Noon, CallEnding.Completed, new TokenUsage(10, 0, 20));
        var other = first with { OutputTokens = 21 };

        (await store.WriteAsync(session => UsageIntake.AcceptAsync(session, [first, first, other]))).ShouldBe([IntakeResult.Accepted, IntakeResult.Duplicate, IntakeResult.Conflict]);
        (await store.WriteAsync(session => UsageIntake.AcceptAsync(session, [other, first]))).ShouldBe([IntakeResult.Conflict, IntakeResult.Duplicate]);
        (await store.WriteAsync(session => UsageIntake.AcceptAsync(session, [first with { Source = "n2" }]))).ShouldBe([IntakeResult.Accepted]);
        (await store.ReadAsync(session => UsageRecords.ReadAfterAsync(session, 0, 10))).Select(record => record.IngestSequence).ShouldBe([1, 2]);
    }

    private static async Task CallAsync(UsageJournal journal, int number)
    {
        journal.Open(Call(number));
        await journal.CloseAsync(Call(number).Close(journal.Node, Noon, CallEnding.Completed, new TokenUsage(10, 5, 20)));
    }

    private static OpenedCall Call(int number) =>
        new($"call-{number}", "p", "acme", "direct", "k", "clerk", "clerk-1", Noon, new Money(0.000001m, Currency.Of("EUR")));
}
