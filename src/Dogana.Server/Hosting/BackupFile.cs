using System.Security.Cryptography;
using Dogana.Backups;
using Dogana.Client;

namespace Dogana.Server.Hosting;

/// <summary>A backup on this machine's disk. A file has its name only when it was read again and is whole.</summary>
internal static class BackupFile
{
    private const string Ending = ".backup";

    /// <summary>The file that a path means: itself, or a new one of this instant in the folder that it is.</summary>
    public static string PathOf(string path, string name, DateTimeOffset now) =>
        Path.GetFullPath(Directory.Exists(path) ? Path.Combine(path, FormattableString.Invariant($"{name}-{now:yyyyMMdd'T'HHmmss'Z'}{Ending}")) : path);

    /// <summary>Writes a backup beside its place, reads it again, and gives it its name.</summary>
    public static async Task<BackupReport> WriteAsync(string path, Func<Stream, Task> write, CancellationToken cancellation)
    {
        if (File.Exists(path))
        {
            throw new ProblemException(new Problem(ProblemCode.Conflict, $"There is a file {path} already. Name another one, or a folder, where each backup gets a name of its own."));
        }

        var part = path + ".part";
        try
        {
            await using (var file = CreatePrivate(part))
            {
                await write(file);
                await file.FlushAsync(cancellation);
                RandomAccess.FlushToDisk(file.SafeFileHandle);
            }

            var report = await VerifyAsync(part, null, cancellation);
            File.Move(part, path);
            return report with { File = path };
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>Reads a backup from its first byte to its last.</summary>
    /// <exception cref="ProblemException">It is not whole.</exception>
    public static async Task<BackupReport> VerifyAsync(string path, Action<string, long>? progress, CancellationToken cancellation)
    {
        await using var file = Open(path);
        return (await StoreBackup.VerifyAsync(file, progress, cancellation)).TryGet(out var manifest, out var problem)
            ? await ReportAsync(file, manifest, cancellation)
            : throw new ProblemException(problem);
    }

    /// <summary>Opens a backup's file.</summary>
    public static FileStream Open(string path) => File.Exists(path)
        ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan)
        : throw new ProblemException(new Problem(ProblemCode.NotFound, $"There is no file {Path.GetFullPath(path)}."));

    /// <summary>What is said of a file that was read.</summary>
    public static async Task<BackupReport> ReportAsync(FileStream file, BackupManifest manifest, CancellationToken cancellation)
    {
        file.Position = 0;
        return new BackupReport(file.Name, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)), manifest);
    }

    // It holds everything: what was broken off before is written over.
    private static FileStream CreatePrivate(string path)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
