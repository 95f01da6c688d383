using System.Globalization;
using Dogana.Batches.Rows;
using Dogana.Files;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Batches;

/// <summary>The batches of projects: made, found, taken back, erased. Who runs them is <see cref="BatchLeases"/>. Thread-safe.</summary>
public sealed class BatchRegister(Store store, StoredFiles files, KeyRing ring, BatchLimits limits, TimeProvider time)
{
    /// <summary>Makes a batch of a project's file; its lines are looked at afterwards.</summary>
    public Task<Outcome<Batch>> CreateAsync(string project, BatchOrigin origin, BatchOrder order, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        return store.WriteAsync<Outcome<Batch>>(
            async session =>
            {
                if (ring.Problem is { } closed)
                {
                    return closed;
                }

                if (!(await files.FindAsync(session, project, order.InputFile)).TryGet(out var input, out var problem))
                {
                    return problem with { Param = "input_file_id" };
                }

                if (input.Purpose != FilePurpose.Batch)
                {
                    return new Problem(ProblemCode.InvalidRequest, $"The file {input.Id} is for '{input.Purpose}'. Upload it with purpose '{FilePurpose.Batch}'.", "input_file_id");
                }

                if (await session.ScalarAsync<long>("select count(*) from batch where is_open = 1 and project = @project", new { project }) >= limits.OpenPerProject)
                {
                    return new Problem(ProblemCode.Conflict, string.Create(CultureInfo.InvariantCulture, $"This project has {limits.OpenPerProject} batches that are not done, as many as one may have. Wait until one is."));
                }

                var now = time.GetUtcNow();
                var batch = new Batch($"batch_{Guid.CreateVersion7(now):N}", project, origin, order, BatchStatus.Validating, now, now + Batch.Window);
                await BatchRow.InsertAsync(session, batch, ring);
                await StoredFiles.HoldAsync(session, input.Id);
                return batch;
            },
            cancellation);
    }

    /// <summary>A batch, of a project where one is given; <see cref="ProblemCode.NotFound"/> also where it is another one's.</summary>
    public async Task<Outcome<Batch>> FindAsync(StoreSession session, string id, string? project) =>
        await BatchRow.FindAsync(session, id, project) is { } row ? row.ToBatch(ring) : Missing(id);

    /// <summary>The same, in a transaction of its own.</summary>
    public Task<Outcome<Batch>> FindAsync(string id, string? project, CancellationToken cancellation = default) => store.ReadAsync(session => FindAsync(session, id, project), cancellation);

    /// <summary>Batches, newest first.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="project">Of this project; null for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">Those behind this id; null from the beginning.</param>
    public async Task<IReadOnlyList<Batch>> ListAsync(StoreSession session, string? project, int limit, string? after)
    {
        ArgumentNullException.ThrowIfNull(session);
        var wanted = (project is null ? "" : " and project = @project") + (after is null ? "" : " and id < @after");
        var rows = await session.QueryAsync<BatchRow>($"select {BatchRow.Columns} from batch where 1 = 1{wanted} order by id desc limit @limit", new { project, after, limit });
        return [.. rows.Select(row => row.ToBatch(ring))];
    }

    /// <summary>Takes a batch back: no line is begun any more; what was answered is charged, and in its files.</summary>
    public async Task<Outcome<Batch>> CancelAsync(StoreSession session, string id, string? project)
    {
        if (!(await FindAsync(session, id, project)).TryGet(out var batch, out var problem))
        {
            return problem;
        }

        if (batch.Status is not (BatchStatus.Validating or BatchStatus.InProgress or BatchStatus.Cancelling))
        {
            return new Problem(ProblemCode.Conflict, $"Cannot cancel a batch with status '{EnumWords.Of(batch.Status)}'.", "batch_id");
        }

        await session.ExecuteAsync(
            "update batch set status = @Cancelling, ends_as = @Cancelled, cancelling_at = coalesce(cancelling_at, @now) where id = @id",
            new { id, Cancelling = nameof(BatchStatus.Cancelling), Cancelled = nameof(BatchStatus.Cancelled), now = time.GetUtcNow().ToMicros() });
        return await FindAsync(session, id, project);
    }

    /// <summary>The same, in a transaction of its own.</summary>
    public Task<Outcome<Batch>> CancelAsync(string id, string? project, CancellationToken cancellation = default) => store.WriteAsync(session => CancelAsync(session, id, project), cancellation);

    /// <summary>Deletes all batches of a project, done or not, and all of its files. What was run is charged. Gives how many batches and files.</summary>
    /// <param name="project">The project.</param>
    /// <param name="record">Writes who did it, in the transaction that begins it.</param>
    /// <param name="cancellation">Gives up; asked again, it goes on.</param>
    public async Task<(int Batches, int Files)> EraseAsync(string project, Func<StoreSession, Task> record, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(record);

        // The fences go with the rows: what is under way is kept nowhere.
        var gone = await store.WriteAsync(
            async session =>
            {
                await record(session);
                return await EraseAsync(session, project);
            },
            cancellation);
        return (gone, await files.EraseAsync(project, cancellation));
    }

    internal static async Task<int> EraseAsync(StoreSession session, string project)
    {
        foreach (var table in (string[])["batch_answer", "batch_block"])
        {
            await session.ExecuteAsync($"delete from {table} where batch in (select id from batch where project = @project)", new { project });
        }

        return await session.ExecuteAsync("delete from batch where project = @project", new { project });
    }

    private static Problem Missing(string id) => new(ProblemCode.NotFound, $"No batch has the id '{(id.Length <= 64 ? id : id[..64] + "…")}'.", "batch_id");
}
