using System.Diagnostics;
using Dogana.Bench.Load;
using Microsoft.Win32.SafeHandles;

namespace Dogana.Bench.Machine;

/// <summary>What the disk itself takes for what the journal does: append a line, flush.</summary>
internal sealed class DiskFlush : IDisposable
{
    private const int LineBytes = 700;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private long _end;

    public DiskFlush(string folder)
    {
        _path = Path.Combine(folder, "flush-probe");
        _file = File.OpenHandle(_path, FileMode.Create, FileAccess.Write);
    }

    /// <summary>Does it once.</summary>
    public CallResult Flush()
    {
        var begun = Stopwatch.GetTimestamp();
        RandomAccess.Write(_file, new byte[LineBytes], _end);
        _end += LineBytes;
        RandomAccess.FlushToDisk(_file);
        var took = Stopwatch.GetElapsedTime(begun);
        return new CallResult(took, took, 0);
    }

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_path);
    }
}
