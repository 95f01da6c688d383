using System.Buffers.Binary;

namespace Dogana.Gateway.Requests.Audio;

/// <summary>WebM: the duration that its segment says, where it does; recorders in browsers say none. Source: RFC 8794 (EBML), RFC 9559 (Matroska), 5.1.2.</summary>
internal static class WebmLength
{
    private const ulong Segment = 0x18538067, Info = 0x1549A966, Scale = 0x2AD7B1, Length = 0x4489, Cluster = 0x1F43B675;
    private const int ElementsMax = 10_000;

    public static FoundLength? Find(ReadOnlySpan<byte> file)
    {
        if (file.Length < 8 || !file[..4].SequenceEqual((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
        {
            return null;
        }

        var (scale, duration, elements) = (1_000_000d, 0d, 0); // nanoseconds in a unit, units
        Read(file, depth: 0, ref scale, ref duration, ref elements);
        return duration > 0 ? new FoundLength(duration * scale / 1e9, AudioLength.LeastOf(file)) : null;
    }

    private static void Read(ReadOnlySpan<byte> rest, int depth, ref double scale, ref double duration, ref int elements)
    {
        while (++elements <= ElementsMax && Number(rest, keepsMark: true, out var id) is var idBytes and > 0 && Number(rest[idBytes..], keepsMark: false, out var size) is var sizeBytes and > 0)
        {
            var content = rest[(idBytes + sizeBytes)..];
            var isOpen = size == (1UL << (7 * sizeBytes)) - 1; // to the end of what it is in
            var length = isOpen || size > (ulong)content.Length ? content.Length : (int)size;
            var value = content[..length];
            switch (id)
            {
                case Segment when depth == 0:
                case Info when depth == 1:
                    Read(value, depth + 1, ref scale, ref duration, ref elements);
                    break;
                case Scale when depth == 2 && length is > 0 and <= 8:
                    scale = 0;
                    foreach (var digit in value)
                    {
                        scale = scale * 256 + digit;
                    }

                    break;
                case Length when depth == 2:
                    duration = length switch { 4 => BinaryPrimitives.ReadSingleBigEndian(value), 8 => BinaryPrimitives.ReadDoubleBigEndian(value), _ => 0 };
                    break;
                case Cluster:
                    return; // what says the duration stands before the sound
            }

            rest = content[length..];
        }
    }

    // A number of 1 to 8 bytes; its first bits say how many. 0 where there is none.
    private static int Number(ReadOnlySpan<byte> at, bool keepsMark, out ulong number)
    {
        number = 0;
        var bytes = at.IsEmpty || at[0] == 0 ? 0 : System.Numerics.BitOperations.LeadingZeroCount((uint)at[0]) - 23;
        if (bytes == 0 || bytes > at.Length || (keepsMark && bytes > 4))
        {
            return 0;
        }

        for (var index = 0; index < bytes; index++)
        {
            number = number << 8 | at[index];
        }

        number = keepsMark ? number : number & ((1UL << (7 * bytes)) - 1);
        return bytes;
    }
}
