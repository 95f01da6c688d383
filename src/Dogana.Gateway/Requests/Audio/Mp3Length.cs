using System.Buffers.Binary;

namespace Dogana.Gateway.Requests.Audio;

/// <summary>MPEG audio, layers I to III: every frame is counted, whatever a header in front says. Source: ISO/IEC 11172-3, 2.4.2.3, and 13818-3.</summary>
internal static class Mp3Length
{
    private static readonly short[] Version1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320], Version2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly short[] Version1Layer2 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384], Version1Layer1 = [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448];
    private static readonly short[] Version2Layer1 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
    private static readonly int[] Rates = [44_100, 48_000, 32_000];

    public static FoundLength? Find(ReadOnlySpan<byte> file)
    {
        var at = Tag(file);
        if (at + 4 > file.Length)
        {
            return null;
        }

        var (seconds, frames) = (0d, 0);
        while (at + 4 <= file.Length)
        {
            if (Frame(file[at..]) is not { } frame)
            {
                // Before the first frame nothing but a tag stands; behind it, and between, a decoder looks for the next one.
                var next = frames == 0 ? -1 : file[(at + 1)..].IndexOf((byte)0xFF);
                if (next < 0)
                {
                    break;
                }

                at += 1 + next;
                continue;
            }

            seconds += frame.Seconds;
            frames++;
            at += frame.Bytes;
        }

        // One that is followed by none may be anything.
        return frames < 2 ? null : new FoundLength(seconds);
    }

    // ID3v2: its length in four times seven bits.
    private static int Tag(ReadOnlySpan<byte> file)
    {
        if (file.Length < 10 || !file[..3].SequenceEqual("ID3"u8))
        {
            return 0;
        }

        return 10 + ((file[6] & 0x7F) << 21 | (file[7] & 0x7F) << 14 | (file[8] & 0x7F) << 7 | (file[9] & 0x7F)) + ((file[5] & 0x10) != 0 ? 10 : 0);
    }

    private static (int Bytes, double Seconds)? Frame(ReadOnlySpan<byte> at)
    {
        var header = BinaryPrimitives.ReadUInt32BigEndian(at);
        var (version, layer, kilobits, rate) = ((int)(header >> 19) & 3, 4 - ((int)(header >> 17) & 3), (int)(header >> 12) & 15, (int)(header >> 10) & 3);
        if (header >> 21 != 0x7FF || version == 1 || layer == 4 || kilobits is 0 or 15 || rate == 3)
        {
            return null;
        }

        var isFirst = version == 3;
        var bits = 1_000 * (layer switch { 1 => isFirst ? Version1Layer1 : Version2Layer1, 2 => isFirst ? Version1Layer2 : Version2, _ => isFirst ? Version1 : Version2 })[kilobits];
        var hertz = Rates[rate] >> (isFirst ? 0 : version == 2 ? 1 : 2);
        var padding = (int)(header >> 9) & 1;
        var samples = layer == 1 ? 384 : layer == 2 || isFirst ? 1_152 : 576;
        var bytes = layer == 1 ? (12 * bits / hertz + padding) * 4 : samples / 8 * bits / hertz + padding;
        return bytes < 4 ? null : (bytes, samples / (double)hertz);
    }
}
