using System.Buffers.Binary;

namespace Dogana.Gateway.Requests.Audio;

/// <summary>MP4 and M4A: the longest duration that its movie or a track of it says. Source: ISO/IEC 14496-12, 8.2.2 and 8.4.2.</summary>
internal static class Mp4Length
{
    private const int BoxesMax = 100_000;

    public static FoundLength? Find(ReadOnlySpan<byte> file)
    {
        if (file.Length < 16 || !file[4..8].SequenceEqual("ftyp"u8))
        {
            return null;
        }

        var (seconds, boxes) = (0d, 0);
        Read(file, depth: 0, ref seconds, ref boxes);
        return seconds > 0 ? new FoundLength(seconds, AudioLength.LeastOf(file)) : null;
    }

    private static void Read(ReadOnlySpan<byte> rest, int depth, ref double seconds, ref int boxes)
    {
        while (rest.Length >= 8 && ++boxes <= BoxesMax)
        {
            var (size, head) = ((long)BinaryPrimitives.ReadUInt32BigEndian(rest), 8);
            if (size == 1 && rest.Length >= 16)
            {
                (size, head) = (BinaryPrimitives.ReadInt64BigEndian(rest[8..]), 16);
            }

            size = size == 0 ? rest.Length : size;
            if (size < head || size > rest.Length)
            {
                return;
            }

            var type = rest.Slice(4, 4);
            var content = rest[head..(int)size];
            if (depth < 3 && (type.SequenceEqual("moov"u8) || type.SequenceEqual("trak"u8) || type.SequenceEqual("mdia"u8)))
            {
                Read(content, depth + 1, ref seconds, ref boxes);
            }
            else if (depth > 0 && (type.SequenceEqual("mvhd"u8) || type.SequenceEqual("mdhd"u8)))
            {
                seconds = Math.Max(seconds, Duration(content));
            }

            rest = rest[(int)size..];
        }
    }

    // Both boxes: version and flags, times of creation and change, units per second, units; in version 1 the times and the units have 64 bits.
    private static double Duration(ReadOnlySpan<byte> box)
    {
        var isLong = box.Length > 0 && box[0] == 1;
        if (box.Length < (isLong ? 32 : 20))
        {
            return 0;
        }

        var scale = BinaryPrimitives.ReadUInt32BigEndian(box[(isLong ? 20 : 12)..]);
        var units = isLong ? BinaryPrimitives.ReadUInt64BigEndian(box[24..]) : BinaryPrimitives.ReadUInt32BigEndian(box[16..]);
        return scale == 0 || units == (isLong ? ulong.MaxValue : uint.MaxValue) ? 0 : units / (double)scale;
    }
}
