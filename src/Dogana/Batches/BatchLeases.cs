using System.Text.Json;
using Dogana.Batches.Input;
using Dogana.Batches.Rows;
using Dogana.Files;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Batches;

/// <summary>A block of a batch's lines that a node runs.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Number">Which block.</param>
/// <param name="Fence">Rises with each lease: what is kept under an older one is refused.</param>
/// <param name="FirstLine">Its first line, from 1 on.</param>
/// <param name="Lines">How many.</param>
/// <param name="Place">Where it begins in the input, in bytes.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Answered">The lines that have an answer, or may have one: they are not run.</param>
public sealed record BlockLease(Batch Batch, long Number, long Fence, long FirstLine, long Lines, long Place, long Bytes, IReadOnlySet<long> Answered);

/// <summary>A batch whose lines a node looks at, or whose answers it puts together.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Fence">Rises with each lease.</param>
public sealed record BatchLease(Batch Batch, long Fence);

/// <summary>
/// Which node does what of the batches. A lease lasts for <see cref="LeaseTime"/> and is renewed; whoever is silent for longer loses it to another node, under a higher fence, so that what it still brings is
/// refused. Clocks decide only how soon: fences decide what counts. Thread-safe.
/// </summary>
public sealed class BatchLeases(Store store, StoredFiles files, KeyRing ring, string node, TimeProvider time)
{
    private const int BatchesMax = 1_000;

    /// <summary>How long a node may be silent.</summary>
    public static TimeSpan LeaseTime { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Begins this node's life: what an earlier process of it held is free again.</summary>
    public Task BeginAsync(CancellationToken cancellation = default) => store.WriteAsync(
        async session =>
        {
            await session.ExecuteAsync("update batch_block set node = null, fence = fence + 1 where node = @node", new { node });
            return await session.ExecuteAsync("update batch set node = null, fence = fence + 1 where node = @node and is_open = 1", new { node });
        },
        cancellation);

    /// <summary>Is any batch not done?</summary>
    public Task<bool> IsAnyOpenAsync(CancellationToken cancellation = default) =>
        store.ReadAsync(static async session => await session.ScalarAsync<long>("select count(*) from (select 1 from batch where is_open = 1 limit 1) as one") > 0, cancellation);

    /// <summary>Moves batches on: those whose time is over begin no further line, those whose every line is answered are put together. Gives how many moved.</summary>
    public async Task<int> AdvanceAsync(CancellationToken cancellation = default)
    {
        const string done = "status = 'InProgress' and not exists (select 1 from batch_block where batch_block.batch = batch.id and is_done = 0)";
        var at = new { now = time.GetUtcNow().ToMicros() };
        const string over = "status in ('Validating', 'InProgress') and expires_at <= @now";
        if (await store.ReadAsync(session => session.ScalarAsync<long>($"select count(*) from batch where is_open = 1 and (({over}) or ({done}))", at), cancellation) == 0)
        {
            return 0;
        }

        return await store.WriteAsync(
            async session =>
                await session.ExecuteAsync($"update batch set status = 'Finalizing', ends_as = 'Completed', finalizing_at = @now where is_open = 1 and {done}", at)
                + await session.ExecuteAsync($"update batch set status = 'Finalizing', ends_as = 'Expired', finalizing_at = @now where is_open = 1 and {over}", at),
            cancellation);
    }

    /// <summary>The next block to be run, or null: of the project that has the fewest under way, the oldest batch's first.</summary>
    public async Task<BlockLease?> TakeBlockAsync(CancellationToken cancellation = default)
    {
        return await store.ReadAsync(session => FindAsync(session, time.GetUtcNow()), cancellation) is null ? null : await store.WriteAsync(TakeAsync, cancellation);

        async Task<BlockLease?> TakeAsync(StoreSession session)
        {
            var now = time.GetUtcNow();
            if (await FindAsync(session, now) is not { } id)
            {
                return null;
            }

            var block = await session.FindAsync<BlockRow>(
                $"""
                select number as Number, fence as Fence, first_line as FirstLine, lines as Lines, place as Place, bytes as Bytes from batch_block
                where batch = @id and {Free} order by number limit 1
                """, new { id, now = now.ToMicros() });
            await session.ExecuteAsync(
                "update batch_block set node = @node, fence = fence + 1, lease_until = @until where batch = @id and number = @Number", new { id, node, block!.Number, until = (now + LeaseTime).ToMicros() });
            var answered = await session.QueryAsync<long>(
                "select line from batch_answer where batch = @id and line >= @FirstLine and line < @end", new { id, block.FirstLine, end = block.FirstLine + block.Lines });
            var batch = (await BatchRow.FindAsync(session, id, null))!.ToBatch(ring);
            return new BlockLease(batch, block.Number, block.Fence + 1, block.FirstLine, block.Lines, block.Place, block.Bytes, answered.ToHashSet());
        }
    }

    /// <summary>The next batch to be looked at or put together, or null. One that is put together has no block any more: those of nodes that are silent are fenced off, and what they had answered counts as given.</summary>
    public async Task<BatchLease?> TakeBatchAsync(CancellationToken cancellation = default)
    {
        const string free = """
            is_open = 1 and (node is null or lease_until <= @now) and (status = 'Validating'
                or (status in ('Finalizing', 'Cancelling') and not exists (select 1 from batch_block k where k.batch = batch.id and k.node is not null and k.lease_until > @now)))
            """;
        var now = time.GetUtcNow();
        var at = new { now = now.ToMicros(), node, until = (now + LeaseTime).ToMicros() };
        const string find = $"select id from batch where {free} order by id limit 1";
        if (await store.ReadAsync(session => session.ScalarAsync<string>(find, at), cancellation) is null)
        {
            return null;
        }

        return await store.WriteAsync(
            async session =>
            {
                if (await session.ScalarAsync<string>(find, at) is not { } id)
                {
                    return null;
                }

                await session.ExecuteAsync("update batch set node = @node, fence = fence + 1, lease_until = @until where id = @id", new { id, node, at.until });
                var row = (await BatchRow.FindAsync(session, id, null))!;
                if (row.Status != nameof(BatchStatus.Validating))
                {
                    await session.ExecuteAsync("update batch_block set node = null, fence = fence + 1 where batch = @id and node is not null", new { id });
                    await AnswerRows.FinishAsync(session, id, "");
                    row = (await BatchRow.FindAsync(session, id, null))!;
                }

                return new BatchLease(row.ToBatch(ring), row.Fence);
            },
            cancellation);
    }

    /// <summary>Renews what this node holds, and says which of its blocks are to be run on: those that it still has, of batches that still run.</summary>
    public async Task<IReadOnlySet<(string Batch, long Number, long Fence)>> RenewAsync(CancellationToken cancellation = default)
    {
        var until = (time.GetUtcNow() + LeaseTime).ToMicros();
        var running = await store.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("update batch set lease_until = @until where is_open = 1 and node = @node", new { node, until });
                await session.ExecuteAsync("update batch_block set lease_until = @until where node = @node", new { node, until });
                return await session.QueryAsync<HeldRow>(
                    "select k.batch as Batch, k.number as Number, k.fence as Fence from batch_block k join batch b on b.id = k.batch where k.node = @node and b.status = 'InProgress'", new { node });
            },
            cancellation);
        return running.Select(static row => (row.Batch, row.Number, row.Fence)).ToHashSet();
    }

    /// <summary>Gives a batch back; nothing where it is another node's by now, or ended.</summary>
    public Task ReleaseAsync(BatchLease lease, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return store.WriteAsync(
            session => session.ExecuteAsync("update batch set node = null, lease_until = 0 where id = @Id and node = @node and fence = @Fence", new { lease.Batch.Id, node, lease.Fence }), cancellation);
    }

    /// <summary>A batch's lines wait until an instant, but for those that are under way.</summary>
    public Task PauseAsync(string batch, DateTimeOffset until, CancellationToken cancellation = default) => store.WriteAsync(
        session => session.ExecuteAsync("update batch_block set not_before = @until where batch = @batch and is_done = 0 and node is null", new { batch, until = until.ToMicros() }), cancellation);

    /// <summary>The text of a block: its lines, or a problem where the input is gone.</summary>
    public async Task<Outcome<IReadOnlyList<(long Number, BatchLine Line)>>> ReadAsync(BlockLease block, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (!(await files.FindAsync(block.Batch.Project, block.Batch.Order.InputFile, cancellation)).TryGet(out var input, out var problem))
        {
            return problem;
        }

        var (lines, endpoint) = (new List<(long, BatchLine)>(), LineEndpoint.Find(block.Batch.Order.Endpoint)!);
        problem = await new InputLines(files, input).ReadAsync(
            block.Place, block.Bytes, block.FirstLine,
            at =>
            {
                if (!at.IsEmpty && !block.Answered.Contains(at.Number) && BatchLine.Read(at.Text, at.Number, endpoint).Line is { } line)
                {
                    lines.Add((at.Number, line));
                }

                return true;
            },
            cancellation);
        return problem is null ? lines : problem;
    }

    /// <summary>Looks at a batch's lines: it fails, or can be run from then on. What is wrong with the store's own part is thrown or told, and tried again.</summary>
    public async Task<Problem?> ValidateAsync(BatchLease lease, BatchLimits limits, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(limits);
        var batch = lease.Batch;
        if (!(await files.FindAsync(batch.Project, batch.Order.InputFile, cancellation)).TryGet(out var input, out var problem))
        {
            return problem;
        }

        var check = new InputCheck(LineEndpoint.Find(batch.Order.Endpoint)!, limits.LinesMax);
        problem = await new InputLines(files, input).ReadAsync(0, input.Bytes, 1, check.Take, cancellation);
        if (problem is not null && problem.Code != ProblemCode.BodyTooLarge)
        {
            return problem;
        }

        check.End();
        IReadOnlyList<BatchFault> faults = problem is null ? check.Faults : [.. check.Faults, new BatchFault("invalid_request", problem.Message)];
        var now = time.GetUtcNow().ToMicros();
        await store.WriteAsync(
            async session =>
            {
                // Somebody may have taken it back, or another node have been faster.
                var isMine = await session.ExecuteAsync(
                    "update batch set node = null, lease_until = 0 where id = @Id and node = @node and fence = @Fence and status = 'Validating'", new { batch.Id, node, lease.Fence }) == 1;
                if (!isMine)
                {
                    return 0;
                }

                if (faults.Count > 0)
                {
                    await StoredFiles.LetGoAsync(session, input.Id);
                    return await session.ExecuteAsync(
                        "update batch set status = 'Failed', is_open = 0, errors = @errors, ended_at = @now where id = @Id", new { batch.Id, now, errors = JsonSerializer.Serialize(faults) });
                }

                await session.InsertAsync(
                    "batch_block", ["batch", "number", "first_line", "lines", "requests", "place", "bytes", "is_done", "not_before", "node", "fence", "lease_until"],
                    check.Blocks, block => [batch.Id, block.Number, block.FirstLine, block.Lines, block.Requests, block.Place, block.Bytes, 0, 0, null, 0, 0]);
                return await session.ExecuteAsync(
                    "update batch set status = 'InProgress', in_progress_at = @now, model = @Model, total = @Requests where id = @Id", new { batch.Id, now, check.Model, check.Requests });
            },
            cancellation);
        return null;
    }

    private const string Free = "is_done = 0 and not_before <= @now and (node is null or lease_until <= @now)";

    private static async Task<string?> FindAsync(StoreSession session, DateTimeOffset now)
    {
        var waiting = await session.QueryAsync<OpenRow>(
            $"""
            select id as Id, project as Project from batch where is_open = 1 and status = 'InProgress' and expires_at > @now
                and exists (select 1 from batch_block k where k.batch = batch.id and k.is_done = 0 and k.not_before <= @now and (k.node is null or k.lease_until <= @now))
            order by id limit @BatchesMax
            """, new { now = now.ToMicros(), BatchesMax });
        if (waiting.Count <= 1)
        {
            return waiting.Count == 0 ? null : waiting[0].Id;
        }

        var held = await session.QueryAsync<HeldCount>(
            "select b.project as Project, count(*) as Blocks from batch_block k join batch b on b.id = k.batch where k.node is not null and k.lease_until > @now group by b.project", new { now = now.ToMicros() });
        var blocks = held.ToDictionary(static row => row.Project, static row => row.Blocks, StringComparer.Ordinal);
        return waiting.MinBy(row => blocks.GetValueOrDefault(row.Project))!.Id; // the first of several
    }

    private sealed record BlockRow(long Number, long Fence, long FirstLine, long Lines, long Place, long Bytes);

    private sealed record HeldRow(string Batch, long Number, long Fence);

    private sealed record OpenRow(string Id, string Project);

    // Not a positional record: SQLite gives the columns of an empty aggregate no type, and a constructor could not be matched.
    private sealed class HeldCount
    {
        public required string Project { get; init; }

        public long Blocks { get; init; }
    }
}
