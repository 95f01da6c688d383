namespace Dogana.Parties.Ownership.Import;

/// <summary>A temporary file, gone when it is closed. No room for it is a problem, not a fault.</summary>
/// <param name="stream">The file, unbuffered: closing it writes nothing that could fail.</param>
internal sealed class ScratchFile(FileStream stream) : IAsyncDisposable
{
    public static ScratchFile Create()
    {
        try
        {
            return new ScratchFile(new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous | FileOptions.SequentialScan,
            }));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw NoRoom();
        }
    }

    /// <summary>A copy of a stream of at most so many bytes.</summary>
    public static async Task<ScratchFile> CopyAsync(Stream body, long bytesMax, CancellationToken cancellation)
    {
        var file = Create();
        try
        {
            var buffer = new byte[81_920];
            var copied = 0L;
            for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0; copied += read)
            {
                if (copied + read > bytesMax)
                {
                    throw new ProblemException(new Problem(
                        ProblemCode.BodyTooLarge, $"The file is larger than {bytesMax / 1024 / 1024} MiB. Split it by records: importing parts gives the same as importing the whole."));
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>The file, to be read from its start.</summary>
    public FileStream Rewind()
    {
        stream.Position = 0;
        return stream;
    }

    /// <summary>Writes at the end.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellation);
        }
        catch (IOException)
        {
            throw NoRoom();
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static ProblemException NoRoom() => new(new Problem(
        ProblemCode.Busy, "The server cannot keep the file while it reads it: its temporary folder is full or closed to it. Make room there, or split the file by records; nothing was imported."));
}
