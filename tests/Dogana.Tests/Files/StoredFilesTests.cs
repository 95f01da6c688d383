using System.Text;
using Dogana.Files;
using Dogana.Protection;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Files;

public sealed class StoredFilesTests(StoreFixture stores)
{
    private readonly SteppedTime _time = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_file_comes_back_byte_for_byte_from_any_place_and_is_not_to_be_read_in_the_store(StoreKind kind)
    {
        const int seed = 20261123;
        await using var store = await stores.OpenAsync(kind);
        var files = await OpenAsync(store);
        var random = new Random(seed);
        var content = new byte[2 * StoredFiles.ChunkBytes + 777];
        random.NextBytes(content);
        Encoding.UTF8.GetBytes("zanzibar").CopyTo(content, 5);

        var file = await PutAsync(files, "p", content, pieces: 70_001);

        (file.Bytes, file.Purpose, file.Project).ShouldBe((content.Length, FilePurpose.Batch, "p"));
        file.ExpiresAt.ShouldBe(file.CreatedAt + TimeSpan.FromDays(30));
        (await files.ReadAsync(file, 0, content.Length)).Value.ToArray().ShouldBe(content);
        for (var round = 0; round < 20; round++)
        {
            var (offset, count) = (random.Next(content.Length), random.Next(1, 300_000));
            var wanted = content.AsSpan(offset, Math.Min(count, content.Length - offset)).ToArray();
            (await files.ReadAsync(file, offset, count)).Value.ToArray().ShouldBe(wanted, $"seed {seed}, round {round}");
        }

        var rows = await store.ReadAsync(session => session.QueryAsync<string>("select content from file_chunk order by number"));
        rows.Count.ShouldBe(3);
        rows.ShouldAllBe(row => !Encoding.Latin1.GetString(Convert.FromBase64String(row)).Contains("zanzibar"));

        // A chunk that was moved is no chunk.
        await store.WriteAsync(session => session.ExecuteAsync("update file_chunk set content = @content where number = 0", new { content = rows[1] }));
        (await files.ReadAsync(file, 0, 10)).Problem.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_not_completed_is_seen_by_nobody_and_goes(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var files = await OpenAsync(store);
        var broken = (await files.BeginAsync("p", "a.jsonl", isBounded: true)).Value;
        (await broken.WriteAsync(new byte[StoredFiles.ChunkBytes + 1])).ShouldBeNull();
        var left = (await files.BeginAsync("p", "b.jsonl", isBounded: true)).Value; // its process died
        (await left.WriteAsync(new byte[StoredFiles.ChunkBytes + 1])).ShouldBeNull();

        await broken.DisposeAsync();
        (await ListAsync(store, files, "p")).ShouldBeEmpty();
        (await CountAsync(store)).ShouldBe((1, 1));

        _time.Move(StoredFiles.AbandonedAfter - TimeSpan.FromSeconds(1));
        (await files.SweepAsync()).ShouldBe(0);
        _time.Move(TimeSpan.FromSeconds(1));
        (await files.SweepAsync()).ShouldBe(1);
        (await CountAsync(store)).ShouldBe((0, 0));

        // An upload that was taken for dead is told so.
        (await left.FlushAsync()).ShouldNotBeNull().Code.ShouldBe(ProblemCode.NotFound);
        (await left.CompleteAsync(FilePurpose.Batch, null)).Problem.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Deleted_expired_and_erased_files_leave_no_row(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var files = await OpenAsync(store);
        var first = await PutAsync(files, "p", new byte[StoredFiles.ChunkBytes * 2]);
        _time.Move(TimeSpan.FromSeconds(1));
        var second = await PutAsync(files, "p", new byte[10], keptFor: TimeSpan.FromHours(1));
        await PutAsync(files, "q", new byte[10]);

        (await files.FindAsync("q", first.Id)).Problem!.Code.ShouldBe(ProblemCode.NotFound, "another project's");
        (await files.DeleteAsync("q", first.Id))!.Code.ShouldBe(ProblemCode.NotFound);
        (await ListAsync(store, files, "p")).ShouldBe([second.Id, first.Id]);
        (await files.DeleteAsync("p", first.Id)).ShouldBeNull();
        (await files.ReadAsync(first, 0, 1)).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        (await CountAsync(store)).ShouldBe((2, 2));

        // What is in use is there until it is let go, also beyond its end.
        await store.WriteAsync(async session => { await StoredFiles.HoldAsync(session, second.Id); return 0; });
        (await files.DeleteAsync("p", second.Id))!.Code.ShouldBe(ProblemCode.FileInUse);
        _time.Move(TimeSpan.FromHours(2));
        (await files.SweepAsync()).ShouldBe(0);
        (await files.FindAsync("p", second.Id)).Problem.ShouldBeNull();
        await store.WriteAsync(async session => { await StoredFiles.LetGoAsync(session, second.Id); return 0; });
        (await files.FindAsync("p", second.Id)).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        (await files.SweepAsync()).ShouldBe(1);
        (await CountAsync(store)).ShouldBe((1, 1));

        (await files.EraseAsync("q")).ShouldBe(1);
        (await CountAsync(store)).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Files_and_projects_have_bounds()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var files = await OpenAsync(store, new FileLimits { FileBytesMax = 1_500_000, ProjectBytesMax = 2_000_000, ProjectFilesMax = 2 });
        var large = (await files.BeginAsync("p", "large", isBounded: true)).Value;
        (await large.WriteAsync(new byte[1_500_000])).ShouldBeNull();
        (await large.WriteAsync(new byte[1])).ShouldNotBeNull().Code.ShouldBe(ProblemCode.BodyTooLarge);
        (await large.CompleteAsync(FilePurpose.Batch, null)).Problem.ShouldBeNull();

        await using (var second = (await files.BeginAsync("p", "second", isBounded: true)).Value)
        {
            (await second.WriteAsync(new byte[600_000])).ShouldBeNull();
            (await second.CompleteAsync(FilePurpose.Batch, null)).Problem!.Code.ShouldBe(ProblemCode.ProjectStorageFull);
        }

        await using (var answers = (await files.BeginAsync("p", "answers", isBounded: false)).Value)
        {
            (await answers.WriteAsync(new byte[600_000])).ShouldBeNull();
            (await answers.CompleteAsync(FilePurpose.BatchOutput, null)).Problem.ShouldBeNull("what a batch answers is kept");
        }

        (await files.BeginAsync("p", "third", isBounded: true)).Problem!.Code.ShouldBe(ProblemCode.ProjectStorageFull);
        (await files.BeginAsync("q", "third", isBounded: true)).Problem.ShouldBeNull();
    }

    private static async Task<StoredFile> PutAsync(StoredFiles files, string project, byte[] content, int pieces = 1_000_000, TimeSpan? keptFor = null)
    {
        await using var writer = (await files.BeginAsync(project, "a.jsonl", isBounded: true)).Value;
        foreach (var piece in content.Chunk(pieces))
        {
            (await writer.WriteAsync(piece)).ShouldBeNull();
        }

        return (await writer.CompleteAsync(FilePurpose.Batch, keptFor)).Value;
    }

    private static async Task<string[]> ListAsync(Store store, StoredFiles files, string project) =>
        [.. (await store.ReadAsync(session => files.ListAsync(session, project, null, 10, isOldestFirst: false, null))).Select(file => file.Id)];

    private static Task<(long Files, long Chunks)> CountAsync(Store store) => store.ReadAsync(async session =>
        (await session.ScalarAsync<long>("select count(*) from stored_file"), await session.ScalarAsync<long>("select count(*) from file_chunk")));

    private async Task<StoredFiles> OpenAsync(Store store, FileLimits? limits = null)
    {
        var ring = await KeyRing.OpenAsync(store, new MasterKeyPlace(Path.Combine(stores.NewFolder(), MasterKey.FileName), MayCreate: true), TimeProvider.System);
        return new StoredFiles(store, ring, limits ?? new FileLimits(), _time);
    }
}
