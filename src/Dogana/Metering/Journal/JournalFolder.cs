using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Dogana.Metering.Journal;

/// <summary>A place in the journal: the segment's number and the offset in bytes within it.</summary>
internal readonly record struct JournalPosition(long Segment, long Offset) : IComparable<JournalPosition>
{
    public int CompareTo(JournalPosition other) => (Segment, Offset).CompareTo((other.Segment, other.Offset));

    public static bool operator <(JournalPosition left, JournalPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(JournalPosition left, JournalPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(JournalPosition left, JournalPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(JournalPosition left, JournalPosition right) => left.CompareTo(right) >= 0;
}

/// <summary>The segment files of one node's journal: <c>00000001.log</c>, <c>00000002.log</c> and so on.</summary>
internal sealed class JournalFolder(string path)
{
    /// <summary>The room of a segment. One that was finished is cut to its lines.</summary>
    public const long SegmentBytes = 16 * 1024 * 1024;

    // Segments whose calls are in the store: a store that is put back from a backup asks for them again.
    private string PutAwayPath => Path.Combine(path, "shipped");

    public string PathOf(long segment) => Path.Combine(path, segment.ToString("D8", CultureInfo.InvariantCulture) + ".log");

    /// <summary>The numbers of the segments there are, rising.</summary>
    public IReadOnlyList<long> Segments() =>
        [.. Directory.EnumerateFiles(path, "*.log")
            .Select(NumberOf)
            .Order()];

    /// <summary>Puts a segment aside, out of the journal.</summary>
    public void PutAway(long segment)
    {
        Directory.CreateDirectory(PutAwayPath);
        File.Move(PathOf(segment), Path.Combine(PutAwayPath, Path.GetFileName(PathOf(segment))), overwrite: true);
    }

    /// <summary>Takes back what was put aside from a segment on: the store does not have it any more.</summary>
    public void TakeBack(long from)
    {
        foreach (var file in PutAwayFiles().Where(file => NumberOf(file.Name) >= from && !File.Exists(PathOf(NumberOf(file.Name)))))
        {
            file.MoveTo(PathOf(NumberOf(file.Name)));
        }
    }

    /// <summary>Deletes at most so many of the segments that were put aside and written last before an instant; gives how many.</summary>
    public int DeletePutAway(DateTimeOffset before, int limit)
    {
        FileInfo[] old = [.. PutAwayFiles().Where(file => file.LastWriteTimeUtc < before.UtcDateTime).Take(limit)];
        foreach (var file in old)
        {
            file.Delete();
        }

        return old.Length;
    }

    /// <summary>
    /// Reads whole lines from a position on, in order, over segments, and stops before <paramref name="until"/> or at the first line that is not sound.
    /// </summary>
    /// <returns>Each line with the position behind it.</returns>
    public IEnumerable<(JournalEntry Entry, JournalPosition End)> Read(JournalPosition from, JournalPosition until)
    {
        foreach (var segment in Segments())
        {
            if (segment < from.Segment || segment > until.Segment)
            {
                continue;
            }

            var offset = segment == from.Segment ? from.Offset : 0;
            var end = segment == until.Segment ? until.Offset : long.MaxValue;
            foreach (var (entry, next) in ReadSegment(segment, offset, end, mayHaveHoles: false))
            {
                yield return (entry, new JournalPosition(segment, next));
            }
        }
    }

    /// <summary>
    /// Reads all lines, in order, of a journal that no process writes, and then cuts off what follows the last of them. After a power cut a page of the last
    /// segment's room may not have been written while later ones were: nothing from there on was flushed, for a flush is of everything before it too. What
    /// was finished was flushed whole: there a hole is damage.
    /// </summary>
    /// <exception cref="InvalidDataException">A segment is damaged in its middle.</exception>
    public IEnumerable<JournalEntry> Recover()
    {
        var segments = Segments();
        for (var i = 0; i < segments.Count; i++)
        {
            var isLast = i == segments.Count - 1;
            var end = 0L;
            foreach (var (entry, next) in ReadSegment(segments[i], 0, long.MaxValue, mayHaveHoles: isLast && new FileInfo(PathOf(segments[i])).Length >= SegmentBytes))
            {
                end = next;
                yield return entry;
            }

            if (isLast)
            {
                CutOff(segments[i], end);
            }
        }
    }

    private static long NumberOf(string file) => long.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture);

    private FileInfo[] PutAwayFiles() => Directory.Exists(PutAwayPath) ? [.. new DirectoryInfo(PutAwayPath).GetFiles("*.log").OrderBy(static file => NumberOf(file.Name))] : [];

    // Up to the end, piece by piece: a line may begin at any byte.
    private static bool HasSoundLine(SafeFileHandle file, byte[] buffer, long offset, long end)
    {
        while (offset < end)
        {
            var bytes = buffer.AsSpan(0, RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset)), offset));
            var isEnd = bytes.Length < buffer.Length;
            var starts = isEnd ? bytes.Length : bytes.Length - JournalEntry.HeaderBytes - JournalEntry.PayloadBytesMax + 1;
            for (var start = 0; start < starts; start++)
            {
                // Over zeros at once; up to three may be the length's.
                var zeros = bytes[start..].IndexOfAnyExcept((byte)0);
                start = zeros < 0 ? starts : zeros > 3 ? start + zeros - 3 : start;
                if (start < starts && JournalEntry.Read(bytes[start..], out _) is not null)
                {
                    return true;
                }
            }

            if (isEnd)
            {
                return false;
            }

            offset += starts;
        }

        return false;
    }

    private void CutOff(long segment, long end)
    {
        using var file = File.OpenHandle(PathOf(segment), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.GetLength(file) > end)
        {
            RandomAccess.SetLength(file, end);
            RandomAccess.FlushToDisk(file);
        }
    }

    private IEnumerable<(JournalEntry Entry, long Next)> ReadSegment(long segment, long offset, long end, bool mayHaveHoles)
    {
        using var file = File.OpenHandle(PathOf(segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[4 * JournalEntry.PayloadBytesMax];
        while (offset < end)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset)), offset);
            var used = 0;
            while (JournalEntry.Read(buffer.AsSpan(used, read - used), out var length) is { } entry)
            {
                yield return (entry, offset + used + length);
                used += length;
            }

            if (used == 0)
            {
                // The end, or a line that a crash cut off: nothing sound can follow. Where something does, the disk or somebody changed the file.
                var isHole = mayHaveHoles && JournalEntry.IsHole(buffer.AsSpan(0, read), offset);
                if (!isHole && HasSoundLine(file, buffer, offset + 1, end))
                {
                    throw new InvalidDataException(
                        $"The journal segment {PathOf(segment)} is damaged at byte {offset}, and sound lines follow. Restore it from a copy; nothing behind it is taken in until then.");
                }

                yield break;
            }

            offset += used;
        }
    }
}
