using System.Globalization;
using Dogana.Files.Rows;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Files;

/// <summary>
/// The files of projects. A content is in the store, in chunks that are encrypted each for its project, file and place, so that every node serves it and none holds it whole. Thread-safe.
/// </summary>
/// <remarks>
/// A file is begun, gets chunk after chunk, and is there once it is completed; whatever happens before leaves rows that nobody sees, which
/// <see cref="SweepAsync"/> deletes when nothing was added for <see cref="AbandonedAfter"/>. Deleting makes a file invisible in one write and then takes its rows away in bounded ones;
/// where that is cut short, the sweep goes on with it.
/// </remarks>
public sealed class StoredFiles(Store store, KeyRing ring, FileLimits limits, TimeProvider time)
{
    /// <summary>How much of a content each chunk has, but for the last.</summary>
    public const int ChunkBytes = 1024 * 1024;

    private const string Protection = "file";
    private const int ChunksAtOnce = 32;
    private const int FilesAtOnce = 100;

    /// <summary>After so long without a chunk an upload counts as broken.</summary>
    public static TimeSpan AbandonedAfter { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How much may be kept.</summary>
    public FileLimits Limits => limits;

    /// <summary>Begins a file; nobody sees it until it is completed.</summary>
    /// <param name="project">Whose.</param>
    /// <param name="name">What its project calls it; what is no letter of a name is taken out.</param>
    /// <param name="isBounded">Is it refused beyond the limits? Not what a batch answers: its lines were.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Outcome<FileWriter>> BeginAsync(string project, string name, bool isBounded, CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow();
        var id = $"file-{Guid.CreateVersion7(now):N}";
        var problem = await store.WriteAsync(
            async session =>
            {
                if (isBounded && await session.ScalarAsync<long>("select count(*) from stored_file where project = @project", new { project }) >= limits.ProjectFilesMax)
                {
                    return Full(string.Create(CultureInfo.InvariantCulture, $"{limits.ProjectFilesMax} files, as many as one may have"));
                }

                await session.ExecuteAsync(
                    """
                    insert into stored_file(id, project, purpose, name, bytes, chunks, created_at, touched_at, is_whole, in_use)
                    values(@id, @project, '', @Name, 0, 0, @now, @now, 0, 0)
                    """,
                    new { id, project, Name = NameOf(name), now = now.ToMicros() });
                return null;
            },
            cancellation);
        return problem is null ? new FileWriter(this, id, project, isBounded) : problem;
    }

    /// <summary>A project's file, or <see cref="ProblemCode.NotFound"/>: also where it is another one's.</summary>
    public async Task<Outcome<StoredFile>> FindAsync(StoreSession session, string project, string id) =>
        await FileRow.FindAsync(session, project, id, time.GetUtcNow()) is { } row ? row.ToFile() : Missing(id);

    /// <summary>The same, in a transaction of its own.</summary>
    public Task<Outcome<StoredFile>> FindAsync(string project, string id, CancellationToken cancellation = default) => store.ReadAsync(session => FindAsync(session, project, id), cancellation);

    /// <summary>Files by their ids.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="project">Of this project; null for all.</param>
    /// <param name="purpose">For this; null for any.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="isOldestFirst">In which order.</param>
    /// <param name="after">Those behind this id; null from the beginning.</param>
    public async Task<IReadOnlyList<StoredFile>> ListAsync(StoreSession session, string? project, string? purpose, int limit, bool isOldestFirst, string? after) =>
        [.. (await FileRow.ListAsync(session, project, purpose, limit, isOldestFirst, after, time.GetUtcNow())).Select(static row => row.ToFile())];

    /// <summary>A part of a content; fewer bytes where it ends before. A problem where the file is gone or cannot be decrypted.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">From this byte on.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Outcome<ReadOnlyMemory<byte>>> ReadAsync(StoredFile file, long offset, int count, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        var taken = new byte[(int)Math.Max(0, Math.Min(count, file.Bytes - offset))];
        for (var have = 0; have < taken.Length;)
        {
            var (number, at) = Math.DivRem(offset + have, ChunkBytes);
            var content = await store.ReadAsync(session => session.ScalarAsync<string>("select content from file_chunk where file = @Id and number = @number", new { file.Id, number }), cancellation);
            if (content is null)
            {
                return Missing(file.Id);
            }

            if (!ring.Unprotect(Convert.FromBase64String(content), Purpose(file.Project, file.Id, number)).TryGet(out var chunk, out var problem))
            {
                return problem;
            }

            var part = Math.Min(chunk.Length - (int)at, taken.Length - have);
            if (part <= 0)
            {
                return Missing(file.Id); // shorter than it says: it is being deleted
            }

            chunk.AsSpan((int)at, part).CopyTo(taken.AsSpan(have));
            have += part;
        }

        return (ReadOnlyMemory<byte>)taken;
    }

    /// <summary>Deletes a project's file, its content first of all; <see cref="ProblemCode.FileInUse"/> while something reads it.</summary>
    public async Task<Problem?> DeleteAsync(string project, string id, CancellationToken cancellation = default)
    {
        var problem = await store.WriteAsync(
            async session => await FileRow.FindAsync(session, project, id, time.GetUtcNow()) switch
            {
                null => Missing(id),
                { InUse: > 0 } => new Problem(ProblemCode.FileInUse, $"A batch that is not done reads {id}. Cancel the batch first, or wait until it is done.", "id"),
                _ => await HideAsync(session, id),
            },
            cancellation);
        if (problem is null)
        {
            await PurgeAsync(id, CancellationToken.None);
        }

        return problem;
    }

    /// <summary>Hides all that a project has, in this transaction: nobody reads it any more, and the next sweep deletes it. Gives the files' ids.</summary>
    public static async Task<IReadOnlyList<string>> HideAllAsync(StoreSession session, string project)
    {
        ArgumentNullException.ThrowIfNull(session);
        var all = await session.QueryAsync<string>("select id from stored_file where project = @project", new { project });
        await session.ExecuteAsync("update stored_file set is_whole = 0, in_use = 0, touched_at = 0 where project = @project", new { project });
        return all;
    }

    /// <summary>Deletes all that a project has, whoever reads it, what is being uploaded too; gives how many files.</summary>
    public async Task<int> EraseAsync(string project, CancellationToken cancellation = default)
    {
        var ids = await store.WriteAsync(session => HideAllAsync(session, project), cancellation);
        foreach (var id in ids)
        {
            await PurgeAsync(id, cancellation);
        }

        return ids.Count;
    }

    /// <summary>Keeps a file from being deleted, by its project or at its end, until it is let go as often.</summary>
    public static Task HoldAsync(StoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.ExecuteAsync("update stored_file set in_use = in_use + 1 where id = @id", new { id });
    }

    /// <summary>Lets it go.</summary>
    public static Task LetGoAsync(StoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.ExecuteAsync("update stored_file set in_use = in_use - 1 where id = @id and in_use > 0", new { id });
    }

    /// <summary>Deletes what is over, and what uploads and deletions left that were cut short. Gives how many files.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellation = default)
    {
        const string over = "in_use = 0 and ((is_whole = 0 and touched_at <= @abandoned) or (is_whole = 1 and expires_at <= @now))";
        var now = time.GetUtcNow();
        var at = new { now = now.ToMicros(), abandoned = (now - AbandonedAfter).ToMicros(), FilesAtOnce };
        var ids = await store.ReadAsync(session => session.QueryAsync<string>($"select id from stored_file where {over} order by id limit @FilesAtOnce", at), cancellation);
        foreach (var id in ids)
        {
            // Looked at anew: an upload that was slow may have gone on.
            if (await store.WriteAsync(session => session.ExecuteAsync($"update stored_file set is_whole = 0, touched_at = 0 where id = @id and {over}", new { id, at.now, at.abandoned }), cancellation) > 0)
            {
                await PurgeAsync(id, cancellation);
            }
        }

        return ids.Count;
    }

    internal async Task<Problem?> AppendAsync(FileWriter writer, long number, ReadOnlyMemory<byte> chunk, CancellationToken cancellation)
    {
        if (!ring.Protect(chunk.ToArray(), Purpose(writer.Project, writer.Id, number)).TryGet(out var encrypted, out var problem))
        {
            return problem;
        }

        var content = Convert.ToBase64String(encrypted);
        return await store.WriteAsync(
            async session =>
            {
                if (writer.IsBounded
                    && await session.ScalarAsync<long>("select cast(coalesce(sum(bytes), 0) as bigint) from stored_file where project = @Project", new { writer.Project }) + chunk.Length > limits.ProjectBytesMax)
                {
                    return Full(string.Create(CultureInfo.InvariantCulture, $"{limits.ProjectBytesMax} bytes in files, as many as one may have"));
                }

                var isThere = await session.ExecuteAsync(
                    "update stored_file set bytes = bytes + @Length, chunks = chunks + 1, touched_at = @now where id = @Id and is_whole = 0 and touched_at > 0 and chunks = @number",
                    new { writer.Id, chunk.Length, number, now = time.GetUtcNow().ToMicros() }) == 1;
                if (!isThere)
                {
                    return Missing(writer.Id);
                }

                await session.ExecuteAsync("insert into file_chunk(file, number, content) values(@Id, @number, @content)", new { writer.Id, number, content });
                return null;
            },
            cancellation);
    }

    internal async Task<Outcome<StoredFile>> CompleteAsync(StoreSession session, FileWriter writer, string purpose, TimeSpan? keptFor)
    {
        var now = time.GetUtcNow();
        var expires = (keptFor ?? FilePurpose.KeptFor(purpose)) is { } kept ? (now + kept).ToMicros() : (long?)null;
        var isDone = await session.ExecuteAsync(
            "update stored_file set is_whole = 1, purpose = @purpose, expires_at = @expires where id = @Id and is_whole = 0 and touched_at > 0", new { writer.Id, purpose, expires }) == 1;
        return isDone ? await FindAsync(session, writer.Project, writer.Id) : Missing(writer.Id);
    }

    internal Task<T> WriteAsync<T>(Func<StoreSession, Task<T>> write, CancellationToken cancellation) => store.WriteAsync(write, cancellation);

    /// <summary>Takes away what nobody sees any more.</summary>
    internal async Task AbandonAsync(string id)
    {
        if (await store.WriteAsync(session => session.ExecuteAsync("update stored_file set touched_at = 0 where id = @id and is_whole = 0", new { id })) > 0)
        {
            await PurgeAsync(id, CancellationToken.None);
        }
    }

    private static async Task<Problem?> HideAsync(StoreSession session, string id)
    {
        await session.ExecuteAsync("update stored_file set is_whole = 0, touched_at = 0 where id = @id", new { id });
        return null;
    }

    // A bounded number of chunks in each transaction; the file's own row is the last to go.
    private async Task PurgeAsync(string id, CancellationToken cancellation)
    {
        while (await store.WriteAsync(
            async session =>
            {
                var gone = await session.ExecuteAsync(
                    "delete from file_chunk where file = @id and number in (select number from file_chunk where file = @id order by number limit @ChunksAtOnce)", new { id, ChunksAtOnce });
                if (gone == 0)
                {
                    await session.ExecuteAsync("delete from stored_file where id = @id and is_whole = 0", new { id });
                }

                return gone;
            },
            cancellation) > 0)
        {
            // Others may write in between.
        }
    }

    private static string NameOf(string name)
    {
        var plain = string.Concat(name.Where(static character => !char.IsControl(character) && !char.IsSurrogate(character)));
        return plain.Length == 0 ? "file" : plain.Length <= StoredFile.NameLengthMax ? plain : plain[..StoredFile.NameLengthMax];
    }

    private static string[] Purpose(string project, string file, long number) => [Protection, project, file, number.ToString(CultureInfo.InvariantCulture)];

    private static Problem Missing(string id) => new(ProblemCode.NotFound, $"No such File object: {(id.Length <= 64 ? id : id[..64] + "…")}", "id");

    private static Problem Full(string what) => new(ProblemCode.ProjectStorageFull, $"This project has {what}. Delete some: DELETE /v1/files/ID.");
}
