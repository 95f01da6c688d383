using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dogana.Metering.Journal;

/// <summary>
/// Brings written bytes to the disk, and only these: on Linux by <c>fdatasync</c>, which leaves out what is only about the file (POSIX.1-2017). Where
/// the room was taken before, that is a write of the data alone.
/// </summary>
internal static partial class DataSync
{
    private const int Interrupted = 4;

    /// <summary>Everything that was written to the file is on the disk when this returns.</summary>
    /// <exception cref="IOException">It is not.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        while (DataOnly(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                throw new IOException($"fdatasync failed: {new Win32Exception(error).Message}");
            }
        }
    }

    /// <summary>Takes room for so many bytes, filled with zeros, where the file system can; a file that is not given room works as well.</summary>
    public static void TakeRoom(SafeFileHandle file, long bytes)
    {
        if (OperatingSystem.IsLinux() && Allocate(file, 0, 0, bytes) == 0)
        {
            RandomAccess.FlushToDisk(file);
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int DataOnly(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);
}
