using System.Globalization;
using Dogana.Storage;

namespace Dogana.Files;

/// <summary>A file that is being written, front to back; disposing of it before it was completed takes away what there is. Not thread-safe.</summary>
public sealed class FileWriter : IAsyncDisposable
{
    private readonly StoredFiles _files;
    private readonly byte[] _chunk = new byte[StoredFiles.ChunkBytes];
    private int _held;
    private long _number;
    private bool _isCompleted;

    internal FileWriter(StoredFiles files, string id, string project, bool isBounded) => (_files, Id, Project, IsBounded) = (files, id, project, isBounded);

    /// <summary>The file's id.</summary>
    public string Id { get; }

    /// <summary>How many bytes were given to it.</summary>
    public long Bytes { get; private set; }

    internal string Project { get; }

    internal bool IsBounded { get; }

    /// <summary>Adds to the content; whole chunks go into the store. <see cref="ProblemCode.BodyTooLarge"/> beyond what a file may have.</summary>
    public async Task<Problem?> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        if (IsBounded && Bytes + bytes.Length > _files.Limits.FileBytesMax)
        {
            return TooLarge(_files.Limits);
        }

        Bytes += bytes.Length;
        while (bytes.Length > 0)
        {
            var part = Math.Min(bytes.Length, _chunk.Length - _held);
            bytes[..part].CopyTo(_chunk.AsMemory(_held));
            (bytes, _held) = (bytes[part..], _held + part);
            if (_held == _chunk.Length && await FlushAsync(cancellation) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>Brings into the store what is held; nothing may be written after that.</summary>
    public async Task<Problem?> FlushAsync(CancellationToken cancellation = default)
    {
        if (_held == 0)
        {
            return null;
        }

        var problem = await _files.AppendAsync(this, _number, _chunk.AsMemory(0, _held), cancellation);
        (_held, _number) = (0, _number + 1);
        return problem;
    }

    /// <summary>The content is whole and flushed: from this transaction on the file is there.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="purpose">One of <see cref="FilePurpose.All"/>.</param>
    /// <param name="keptFor">How long; null for what is usual: <see cref="FilePurpose.KeptFor"/>.</param>
    public async Task<Outcome<StoredFile>> CompleteAsync(StoreSession session, string purpose, TimeSpan? keptFor)
    {
        var completed = await _files.CompleteAsync(session, this, purpose, keptFor);
        _isCompleted = completed.Problem is null;
        return completed;
    }

    /// <summary>Flushes and completes it.</summary>
    public async Task<Outcome<StoredFile>> CompleteAsync(string purpose, TimeSpan? keptFor, CancellationToken cancellation = default) =>
        await FlushAsync(cancellation) is { } problem ? problem : await _files.WriteAsync(session => CompleteAsync(session, purpose, keptFor), cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isCompleted)
        {
            return;
        }

        try
        {
            await _files.AbandonAsync(Id); // which leaves a file alone that is whole after all
        }
        catch (Exception away) when (away is System.Data.Common.DbException or TimeoutException or OperationCanceledException)
        {
            // The sweep finds it.
        }
    }

    /// <summary>The refusal of a file that is too large.</summary>
    public static Problem TooLarge(FileLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new(ProblemCode.BodyTooLarge, string.Create(CultureInfo.InvariantCulture, $"A file has at most {limits.FileBytesMax} bytes here. Split it."), "file");
    }
}
