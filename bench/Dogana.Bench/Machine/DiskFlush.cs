using System.Diagnostics;

namespace Dogana.Bench.Machine;

/// <summary>What the disk itself takes for what the journal does: append a line, flush.</summary>
internal static class DiskFlush
{
    private const int LineBytes = 700;

    /// <summary>Milliseconds of each flush, sorted.</summary>
    public static double[] Measure(string folder, int count)
    {
        var path = Path.Combine(folder, "flush-probe");
        try
        {
            using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
            var line = new byte[LineBytes];
            var times = new double[count];
            for (var index = 0; index < count; index++)
            {
                RandomAccess.Write(file, line, (long)index * LineBytes);
                var begun = Stopwatch.GetTimestamp();
                RandomAccess.FlushToDisk(file);
                times[index] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            }

            Array.Sort(times);
            return times;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
