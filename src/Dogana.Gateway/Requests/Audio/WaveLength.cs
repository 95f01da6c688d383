using System.Buffers.Binary;

namespace Dogana.Gateway.Requests.Audio;

/// <summary>
/// RIFF/WAVE: bytes of sound by bytes per second; of compressed sound the samples that its fact chunk says. Source: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0".
/// </summary>
internal static class WaveLength
{
    private const int Sample16Bytes = 2;

    public static FoundLength? Find(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8))
        {
            return null;
        }

        var rest = file[12..];
        var (rate, bytesPerSecond, channels, samples) = (0L, 0L, 0L, 0L);
        while (rest.Length >= 8)
        {
            var size = (long)BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var content = rest[8..];
            if (rest[..4].SequenceEqual("fmt "u8) && content.Length >= 16)
            {
                (rate, channels) = (BinaryPrimitives.ReadUInt32LittleEndian(content[4..]), BinaryPrimitives.ReadUInt16LittleEndian(content[2..]));
                bytesPerSecond = IsPlain(content) ? rate * channels * ((BinaryPrimitives.ReadUInt16LittleEndian(content[14..]) + 7) / 8) : 0;
            }
            else if (rest[..4].SequenceEqual("fact"u8) && content.Length >= 4)
            {
                samples = BinaryPrimitives.ReadUInt32LittleEndian(content);
            }
            else if (rest[..4].SequenceEqual("data"u8))
            {
                // A recorder that streams says 0 or the largest number: what is there counts, and never more.
                var sound = size is 0 or uint.MaxValue ? content.Length : Math.Min(size, content.Length);
                return bytesPerSecond > 0 ? new FoundLength(sound / (double)bytesPerSecond)
                    : rate > 0 && samples > 0 && channels > 0 ? new FoundLength(samples / (double)rate, sound / (double)(rate * channels * Sample16Bytes))
                    : null;
            }

            size += size & 1;
            if (size > content.Length)
            {
                return null;
            }

            rest = content[(int)size..];
        }

        return null;
    }

    // Whole samples, one behind the other: PCM, floating point, A-law, mu-law, or one of them under the newer name. A player plays by samples, channels and bits, whatever the header says beside.
    private static bool IsPlain(ReadOnlySpan<byte> format) => BinaryPrimitives.ReadUInt16LittleEndian(format) is 1 or 3 or 6 or 7 or 0xFFFE;
}
