using System.Collections.Concurrent;
using Dogana.Metering.Journal;
using Microsoft.Win32.SafeHandles;

namespace Dogana.Metering;

/// <summary>
/// One node's append-only journal of calls. <em>Opened</em> is written before a call is sent; <em>closed</em> is on disk before its last byte leaves
/// (one flush for all calls that wait at that moment). Thread-safe.
/// </summary>
/// <remarks>
/// A killed process loses nothing that was written; a power cut nothing that was flushed. At the next start every call that was opened and not closed
/// is closed as <see cref="CallEnding.Interrupted"/>, with no usage: what the server's own death cut off is not charged.
/// </remarks>
public sealed class UsageJournal : IAsyncDisposable
{
    private readonly JournalFolder _folder;
    private readonly FileStream _lock;
    private readonly TimeProvider _time;
    private readonly Lock _writing = new();
    private readonly Lock _syncing = new(); // taken after the other one, never before it
    private readonly Action<SafeFileHandle> _flush;
    private readonly ConcurrentDictionary<string, (OpenedCall Call, long Segment)> _open = new(StringComparer.Ordinal);
    private SafeFileHandle _file;
    private JournalPosition _written;
    private JournalPosition _flushed;
    private bool _isFlushing;
    private TaskCompletionSource? _nextFlush;
    private volatile Exception? _fault;

    private UsageJournal(JournalFolder folder, FileStream folderLock, string node, TimeProvider time, Action<SafeFileHandle> flush, SafeFileHandle file, long segment)
    {
        (_folder, _lock, Node, _time, _flush, _file) = (folder, folderLock, node, time, flush, file);
        _written = _flushed = new JournalPosition(segment, 0);
    }

    /// <summary>The node's name: the source of its usage records.</summary>
    public string Node { get; }

    /// <summary>Has a write or flush failed? Then no call is taken until the process starts anew.</summary>
    public bool IsFailed => _fault is not null;

    /// <summary>How many calls were found open at the start and closed as interrupted.</summary>
    public int Interrupted { get; private set; }

    /// <summary>Everything before this is on disk.</summary>
    internal JournalPosition Flushed
    {
        get
        {
            lock (_writing)
            {
                return _flushed;
            }
        }
    }

    /// <summary>Opens (or makes) the journal in a folder and closes what an earlier process left open.</summary>
    /// <param name="folder">Its folder; no other process may have it open.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="shippedSegment">The segment up to which the store has taken this node's calls in: a journal that was lost begins behind it, never before.</param>
    /// <exception cref="Storage.StoreInUseException">Another process has the folder.</exception>
    /// <exception cref="InvalidDataException">A segment is damaged in its middle.</exception>
    public static Task<UsageJournal> OpenAsync(string folder, string node, TimeProvider time, long shippedSegment = 0) =>
        OpenAsync(folder, node, time, shippedSegment, DataSync.Flush);

    /// <summary>The same, with what brings a segment's bytes to the disk.</summary>
    internal static async Task<UsageJournal> OpenAsync(string folder, string node, TimeProvider time, long shippedSegment, Action<SafeFileHandle> flush)
    {
        ArgumentNullException.ThrowIfNull(time);
        var folderLock = Storage.FolderLock.Take(folder);
        try
        {
            return await OpenAsync(new JournalFolder(folder), folderLock, node, time, shippedSegment, flush);
        }
        catch
        {
            await folderLock.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes that a call is about to be sent. When this throws the call must not be sent.</summary>
    /// <exception cref="IOException">The journal cannot be written.</exception>
    public void Open(OpenedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var line = new JournalEntry(OpenedLine.From(call), null).ToBytes();
        lock (_writing)
        {
            _open[call.Id] = (call, _written.Segment);
            try
            {
                Append(line);
            }
            catch
            {
                _open.TryRemove(call.Id, out _);
                throw;
            }
        }
    }

    /// <summary>Writes how a call ended and waits until that is on disk. Calls that close at the same time share one flush.</summary>
    /// <exception cref="IOException">The journal cannot be written or flushed: the answer's last byte must not leave.</exception>
    public async Task CloseAsync(UsageRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var line = new JournalEntry(null, record).ToBytes();
        JournalPosition end;
        lock (_writing)
        {
            end = Append(line);
        }

        await FlushAsync(end);
        _open.TryRemove(record.Id, out _);
    }

    /// <summary>When the oldest call that is open now was opened, or null when none is.</summary>
    public DateTimeOffset? OldestOpen() => _open.Values.Select(static open => (DateTimeOffset?)open.Call.OpenedAt).Min();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await FlushAsync(Written());
        }
        catch (IOException) when (IsFailed)
        {
            // Whoever waited for a flush was told. The next start reads what there is.
        }

        lock (_writing)
        {
            if (_fault is null)
            {
                Finish();
            }
            else
            {
                _file.Dispose();
            }
        }

        await _lock.DisposeAsync();
    }

    /// <summary>Closed calls from a position on, at most <paramref name="limit"/>, and the position behind the last line that was read.</summary>
    internal (IReadOnlyList<UsageRecord> Records, JournalPosition End) ReadClosed(JournalPosition from, int limit)
    {
        var records = new List<UsageRecord>();
        var end = from;
        foreach (var (entry, next) in _folder.Read(from, Flushed))
        {
            end = next;
            if (entry.Closed is { } record)
            {
                records.Add(record);
                if (records.Count == limit)
                {
                    break;
                }
            }
        }

        return (records, end);
    }

    /// <summary>Deletes at most so many segments that were put away and written last before an instant; gives how many.</summary>
    internal int DeletePutAway(DateTimeOffset before, int limit) => _folder.DeletePutAway(before, limit);

    /// <summary>Puts segments away that are wholly shipped and in which no open call began.</summary>
    internal void PutAwayShipped(JournalPosition shipped)
    {
        var keep = _open.Values.Select(static open => open.Segment).Append(shipped.Segment).Min();
        foreach (var segment in _folder.Segments().Where(segment => segment < keep))
        {
            _folder.PutAway(segment);
        }
    }

    private static async Task<UsageJournal> OpenAsync(
        JournalFolder files, FileStream folderLock, string node, TimeProvider time, long shippedSegment, Action<SafeFileHandle> flush)
    {
        // 0. A store that was put back from a backup lacks what was shipped since.
        files.TakeBack(shippedSegment);

        // 1. What is open: opened lines without a closed line.
        var open = new Dictionary<string, OpenedCall>(StringComparer.Ordinal);
        var segments = files.Segments();
        foreach (var entry in files.Recover())
        {
            if (entry.Opened is { } opened)
            {
                open[opened.Id] = opened.ToCall();
            }
            else if (entry.Closed is { } closed)
            {
                open.Remove(closed.Id);
            }
        }

        // 2. A new segment, never one with lines, nor one that the store knows.
        var last = Math.Max(shippedSegment, segments.Count == 0 ? 0 : segments[^1]);
        var segment = last > shippedSegment && new FileInfo(files.PathOf(last)) is { Exists: true, Length: 0 } ? last : last + 1;
        var journal = new UsageJournal(files, folderLock, node, time, flush, Create(files, segment), segment);

        // 3. Close them.
        foreach (var call in open.Values)
        {
            await journal.CloseAsync(call.Close(node, time.GetUtcNow(), CallEnding.Interrupted, default));
        }

        journal.Interrupted = open.Count;
        return journal;
    }

    // The room is taken beforehand: a flush then writes the lines alone, and not the file's growth each time.
    private static SafeFileHandle Create(JournalFolder folder, long segment)
    {
        var file = File.OpenHandle(folder.PathOf(segment), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        DataSync.TakeRoom(file, JournalFolder.SegmentBytes);
        return file;
    }

    // Nothing but lines stays in a segment that is finished.
    private void Finish()
    {
        lock (_syncing)
        {
            ThrowIfFailed();
            RandomAccess.SetLength(_file, _written.Offset);
            RandomAccess.FlushToDisk(_file);
        }

        _file.Dispose();
    }

    private JournalPosition Written()
    {
        lock (_writing)
        {
            return _written;
        }
    }

    private void ThrowIfFailed()
    {
        if (_fault is { } fault)
        {
            throw new IOException("The usage journal failed earlier and takes no more calls; see the log and restart.", fault);
        }
    }

    // Under the lock.
    private JournalPosition Append(byte[] line)
    {
        ThrowIfFailed();

        try
        {
            if (_written.Offset > 0 && _written.Offset + line.Length > JournalFolder.SegmentBytes)
            {
                Finish();
                _written = _flushed = new JournalPosition(_written.Segment + 1, 0);
                _file = Create(_folder, _written.Segment);
            }

            RandomAccess.Write(_file, line, _written.Offset);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException
            or ArgumentOutOfRangeException // .NET's word for a file that may grow no more
            or ObjectDisposedException) // a call that outlasted the journal
        {
            // Half a line may be there now: nothing may be written behind it.
            _fault ??= fault;
            throw new IOException("The usage journal cannot be written.", fault);
        }

        _written = _written with { Offset = _written.Offset + line.Length };
        return _written;
    }

    // One flush runs at a time, and at most one waits for it: all calls whose lines were written by then share that one.
    private Task FlushAsync(JournalPosition end)
    {
        lock (_writing)
        {
            if (_flushed >= end)
            {
                return Task.CompletedTask;
            }

            if (_isFlushing)
            {
                return (_nextFlush ??= NewFlush()).Task;
            }

            _isFlushing = true;
            var flush = NewFlush();
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Journal.FlushWhileAsked(state.First), (Journal: this, First: flush), preferLocal: false);
            return flush.Task;
        }

        // Each call goes on by itself: on the flushing thread they would go on one after the other, and the next flush wait for all of them.
        static TaskCompletionSource NewFlush() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void FlushWhileAsked(TaskCompletionSource first)
    {
        for (TaskCompletionSource? flush = first; flush is not null;)
        {
            try
            {
                FlushOnce();
                flush.SetResult();
            }
#pragma warning disable CA1031 // whatever it is, those who wait for the flush are told
            catch (Exception fault)
#pragma warning restore CA1031
            {
                flush.SetException(fault as IOException ?? new IOException("The usage journal cannot be flushed.", fault));
            }

            lock (_writing)
            {
                (flush, _nextFlush) = (_nextFlush, null);
                _isFlushing = flush is not null;
            }
        }
    }

    private void FlushOnce()
    {
        SafeFileHandle file;
        JournalPosition written;
        lock (_writing)
        {
            (file, written) = (_file, _written);
        }

        try
        {
            lock (_syncing)
            {
                Sync(file);
            }
        }
        catch (ObjectDisposedException) when (Flushed.Segment > written.Segment)
        {
            return; // the segment was rotated, and flushed by that, between taking its handle and flushing it
        }

        lock (_writing)
        {
            ThrowIfFailed();
            _flushed = written > _flushed ? written : _flushed;
        }
    }

    // Under its lock. Linux tells of a failed flush once: the next says nothing of the pages that the kernel may have dropped, and so may not be asked.
    private void Sync(SafeFileHandle file)
    {
        ThrowIfFailed();
        try
        {
            _flush(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _fault ??= fault;
            throw new IOException("The usage journal cannot be flushed.", fault);
        }
    }
}
