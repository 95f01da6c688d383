using System.Globalization;

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
    public string PathOf(long segment) => Path.Combine(path, segment.ToString("D8", CultureInfo.InvariantCulture) + ".log");

    /// <summary>The numbers of the segments there are, rising.</summary>
    public IReadOnlyList<long> Segments() =>
        [.. Directory.EnumerateFiles(path, "*.log")
            .Select(static file => long.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture))
            .Order()];

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
            foreach (var (entry, next) in ReadSegment(segment, offset, end))
            {
                yield return (entry, new JournalPosition(segment, next));
            }
        }
    }

    private static bool HasSoundLine(ReadOnlySpan<byte> bytes)
    {
        for (var start = 1; start < bytes.Length; start++)
        {
            if (JournalEntry.Read(bytes[start..], out _) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private IEnumerable<(JournalEntry Entry, long Next)> ReadSegment(long segment, long offset, long end)
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
                if (HasSoundLine(buffer.AsSpan(0, read)))
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
