using System.Collections.Concurrent;
using System.Threading.Channels;
using Dogana.Batches.Rows;
using Dogana.Metering;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Batches;

/// <summary>
/// Puts the answers to lines into the store, so that each line is answered once and charged once, whatever dies in between. All that comes at one moment is one write. Thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// An answer is kept as <em>pending</em>, with its call's id, under its block's fence → the call is closed as charged in the journal, on disk → the answer is <em>final</em>. What a crash does between any two of
/// these stands in docs/decisions/0027: a pending answer is decided by its call's usage record alone, once all that the node's journal has closed is in the store (<see cref="SettleAsync"/>), as an
/// <see cref="IdempotencyClaims"/> is. A line is run only while it has no answer at all, so it is never run while it might have been charged.
/// </para>
/// <para>
/// <see cref="SettleAsync"/> looks only at answers that no call of this process holds. When the journal itself fails they are held until the process starts anew and knows what is on disk.
/// </para>
/// </remarks>
public sealed class BatchAnswers(Store store, KeyRing ring, UsageJournal journal, TimeProvider time)
{
    private const int GroupMax = 1_000;
    private const int EntriesMax = 10_000; // beyond that, lines wait for the store

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    private readonly Channel<Entry> _entries = Channel.CreateBounded<Entry>(new BoundedChannelOptions(EntriesMax) { SingleReader = true });
    private readonly ConcurrentDictionary<string, bool> _held = new(StringComparer.Ordinal);

    private enum Step
    {
        Keep,
        Fail,
        Confirm,
        Release,
    }

    /// <summary>Keeps an answer whose call is about to be closed as charged. False: it is not kept, for the block is another node's or the store is away, and the call must not be charged.</summary>
    /// <param name="block">The block, under which lease.</param>
    /// <param name="line">The line.</param>
    /// <param name="call">The call's id.</param>
    /// <param name="content">The line of the output file.</param>
    public async Task<bool> KeepAsync(BlockLease block, long line, string call, byte[] content)
    {
        _held[call] = true; // before the row is there
        var isKept = await PutAsync(Step.Keep, block, line, call, content);
        if (!isKept)
        {
            LetGo(call);
        }

        return isKept;
    }

    /// <summary>Keeps an error, which costs nothing and is final. False: it is not kept.</summary>
    public Task<bool> FailAsync(BlockLease block, long line, byte[] content) => PutAsync(Step.Fail, block, line, "", content);

    /// <summary>The call was closed as charged: its answer is final, as soon as the store takes that.</summary>
    public ValueTask ConfirmAsync(BlockLease block, long line, string call) => _entries.Writer.WriteAsync(new Entry(Step.Confirm, block, line, call, null, null));

    /// <summary>No call of this process decides about the answer any more: its usage record does.</summary>
    public void LetGo(string call) => _held.TryRemove(call, out _);

    /// <summary>Gives a block back behind all that was said of it; it is done when every line of it has its final answer.</summary>
    public async Task ReleaseAsync(BlockLease block, DateTimeOffset notBefore)
    {
        var entry = new Entry(Step.Release, block, 0, "", null, NewSource()) { NotBefore = notBefore };
        await _entries.Writer.WriteAsync(entry);
        await entry.Done!.Task;
    }

    /// <summary>Writes until it is told to stop, and then what is left. What must be written is tried until the store takes it.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var left = new List<Entry>();
        while (left.Count > 0 || await WaitAsync(stopping))
        {
            while (left.Count < GroupMax && _entries.Reader.TryRead(out var entry))
            {
                left.Add(entry);
            }

            try
            {
                var results = await store.WriteAsync(session => WriteAsync(session, left), CancellationToken.None);
                for (var i = 0; i < left.Count; i++)
                {
                    Tell(left[i], results[i]);
                }

                left.Clear();
            }
#pragma warning disable CA1031 // whatever keeps the store from taking it: those who wait are told, and what must be written stays
            catch (Exception)
#pragma warning restore CA1031
            {
                foreach (var entry in left.Where(static entry => entry.Step is Step.Keep or Step.Fail))
                {
                    entry.Done!.TrySetResult(false);
                }

                left.RemoveAll(static entry => entry.Step is Step.Keep or Step.Fail);
                if (stopping.IsCancellationRequested)
                {
                    left.ForEach(static entry => entry.Done?.TrySetResult(false)); // decided at the next start
                    return;
                }

                await Task.Delay(RetryPause, time, CancellationToken.None);
            }
        }
    }

    /// <summary>Decides the pending answers of this node that no call holds: those of an earlier process, and those of which it was not known whether they were kept.</summary>
    /// <param name="ship">Takes all that the journal has closed into the store.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task SettleAsync(Func<CancellationToken, Task> ship, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ship);
        var pending = await store.ReadAsync(
            session => session.QueryAsync<PendingRow>("select batch as Batch, line as Line, call as Call from batch_answer where is_final = 0 and node = @Node", new { journal.Node }), cancellation);
        var left = pending.Where(row => !_held.ContainsKey(row.Call)).ToArray();
        if (left.Length == 0)
        {
            return;
        }

        await ship(cancellation);
        foreach (var chunk in left.Chunk(GroupMax))
        {
            await store.WriteAsync(
                async session =>
                {
                    var charged = await UsageRecords.FindChargedAsync(session, journal.Node, [.. chunk.Select(static row => row.Call)]);
                    foreach (var batch in chunk.GroupBy(static row => row.Batch, StringComparer.Ordinal))
                    {
                        await AnswerRows.FinishAsync(session, batch.Key, [.. batch.Where(row => charged.Contains(row.Call)).Select(static row => row.Line)]);
                        await AnswerRows.DropAsync(session, batch.Key, journal.Node, [.. batch.Where(row => !charged.Contains(row.Call)).Select(static row => row.Line)]);
                    }

                    return chunk.Length;
                },
                cancellation);
        }
    }

    /// <summary>Gives the pending answers of nodes that were given up: whether they were charged is not known, so they are not run again. Should such a node come back, its journal says what it charges.</summary>
    public async Task GiveUpAsync(IReadOnlyList<string> nodes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        foreach (var node in nodes)
        {
            var batches = await store.ReadAsync(session => session.QueryAsync<string>("select distinct batch from batch_answer where is_final = 0 and node = @node", new { node }), cancellation);
            foreach (var batch in batches)
            {
                await store.WriteAsync(session => AnswerRows.FinishAsync(session, batch, node), cancellation);
            }
        }
    }

    private static TaskCompletionSource<bool> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async ValueTask<bool> WaitAsync(CancellationToken stopping)
    {
        try
        {
            return await _entries.Reader.WaitToReadAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return _entries.Reader.TryPeek(out _);
        }
    }

    private async Task<bool> PutAsync(Step step, BlockLease block, long line, string call, byte[] content)
    {
        if (!ring.Protect(content, AnswerRows.PurposeOf(block.Batch.Project, block.Batch.Id, line)).TryGet(out var encrypted, out _))
        {
            return false;
        }

        var entry = new Entry(step, block, line, call, Convert.ToBase64String(encrypted), NewSource());
        await _entries.Writer.WriteAsync(entry);
        return await entry.Done!.Task;
    }

    private void Tell(Entry entry, bool result)
    {
        if (entry.Step == Step.Confirm)
        {
            LetGo(entry.Call);
        }

        entry.Done?.TrySetResult(result);
    }

    private async Task<bool[]> WriteAsync(StoreSession session, List<Entry> group)
    {
        // 1. Which of the blocks are this node's, under the lease that they were run by.
        var mine = new HashSet<(string, long, long)>();
        foreach (var block in group.Where(static entry => entry.Step is Step.Keep or Step.Fail).Select(static entry => entry.Block).DistinctBy(static block => (block.Batch.Id, block.Number, block.Fence)))
        {
            if (await session.ScalarAsync<long>(
                "select count(*) from batch_block where batch = @Id and number = @Number and node = @Node and fence = @Fence", new { block.Batch.Id, block.Number, block.Fence, journal.Node }) == 1)
            {
                mine.Add((block.Batch.Id, block.Number, block.Fence));
            }
        }

        // 2. Answers and errors. What this node left pending of a line that it runs again belongs to a call that was not charged.
        Entry[] kept = [.. group.Where(entry => entry.Step is Step.Keep or Step.Fail && mine.Contains((entry.Block.Batch.Id, entry.Block.Number, entry.Block.Fence)))];
        foreach (var batch in kept.GroupBy(static entry => entry.Block.Batch.Id, StringComparer.Ordinal))
        {
            await AnswerRows.DropAsync(session, batch.Key, journal.Node, [.. batch.Select(static entry => entry.Line)]);
            await AnswerRows.CountAsync(session, batch.Key, 0, batch.Count(static entry => entry.Step == Step.Fail));
        }

        await session.InsertAsync(
            "batch_answer", ["batch", "line", "call", "node", "is_final", "is_error", "content"], kept,
            entry => [entry.Block.Batch.Id, entry.Line, entry.Call, journal.Node, entry.Step == Step.Fail ? 1 : 0, entry.Step == Step.Fail ? 1 : 0, entry.Content]);

        // 3. What was charged.
        foreach (var batch in group.Where(static entry => entry.Step == Step.Confirm).GroupBy(static entry => entry.Block.Batch.Id, StringComparer.Ordinal))
        {
            await AnswerRows.FinishAsync(session, batch.Key, [.. batch.Select(static entry => entry.Line)]);
        }

        // 4. Blocks, behind their answers.
        foreach (var entry in group.Where(static entry => entry.Step == Step.Release))
        {
            await ReleaseAsync(session, entry);
        }

        return [.. group.Select(entry => entry.Step is not (Step.Keep or Step.Fail) || mine.Contains((entry.Block.Batch.Id, entry.Block.Number, entry.Block.Fence)))];
    }

    private Task<int> ReleaseAsync(StoreSession session, Entry entry) => session.ExecuteAsync(
        """
        update batch_block set node = null, fence = fence + 1, lease_until = 0, not_before = @notBefore,
            is_done = case when requests = (select count(*) from batch_answer a where a.batch = @Id and a.line >= @FirstLine and a.line < @end and a.is_final = 1) then 1 else 0 end
        where batch = @Id and number = @Number and node = @Node and fence = @Fence
        """,
        new { entry.Block.Batch.Id, entry.Block.Number, entry.Block.Fence, entry.Block.FirstLine, end = entry.Block.FirstLine + entry.Block.Lines, journal.Node, notBefore = entry.NotBefore.ToMicros() });

    private sealed record Entry(Step Step, BlockLease Block, long Line, string Call, string? Content, TaskCompletionSource<bool>? Done)
    {
        public DateTimeOffset NotBefore { get; init; }
    }

    private sealed record PendingRow(string Batch, long Line, string Call);
}
