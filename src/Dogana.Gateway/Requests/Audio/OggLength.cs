using System.Buffers.Binary;

namespace Dogana.Gateway.Requests.Audio;

/// <summary>
/// Ogg: of Opus the time of every packet, of Vorbis and others the position that the last page says. Sources: RFC 3533 (pages), RFC 6716, 3.1 (the time of an Opus packet), RFC 7845 (Opus in Ogg),
/// Vorbis I, 4.2.2 (identification header).
/// </summary>
internal static class OggLength
{
    private const int HeaderBytes = 27;
    private const double OpusRate = 48_000;

    public static FoundLength? Find(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderBytes || !file[..4].SequenceEqual("OggS"u8))
        {
            return null;
        }

        var (isOpus, rate, samples, last, packets) = (false, 0L, 0L, 0L, 0);
        var isContinued = false;
        for (var at = 0; at + HeaderBytes <= file.Length && file.Slice(at, 4).SequenceEqual("OggS"u8);)
        {
            var page = file[at..];
            var segments = page[26];
            var content = HeaderBytes + segments;
            if (content > page.Length)
            {
                break;
            }

            var position = BinaryPrimitives.ReadInt64LittleEndian(page[6..]);
            last = position > last ? position : last;
            isContinued = isContinued && (page[5] & 1) != 0;
            var (start, length) = (content, 0);
            for (var index = 0; index < segments; index++)
            {
                length += page[HeaderBytes + index];
                if (page[HeaderBytes + index] == 255)
                {
                    continue;
                }

                // A packet that an earlier page began was timed by its beginning.
                var packet = start + length <= page.Length ? page.Slice(start, length) : default;
                if (!isContinued)
                {
                    Take(packet);
                }

                (isContinued, start, length) = (false, start + length, 0);
            }

            if (length > 0)
            {
                if (!isContinued && start < page.Length)
                {
                    Take(page[start..Math.Min(page.Length, start + length)]);
                }

                isContinued = true;
            }

            at += start + length;

            void Take(ReadOnlySpan<byte> packet)
            {
                packets++;
                if (packets == 1)
                {
                    isOpus = packet.StartsWith("OpusHead"u8);
                    rate = packet.Length >= 16 && packet.StartsWith("\u0001vorbis"u8) ? BinaryPrimitives.ReadUInt32LittleEndian(packet[12..]) : 0;
                }
                else if (isOpus && packets > 2)
                {
                    samples += OpusSamples(packet);
                }
            }
        }

        return isOpus ? new FoundLength(samples / OpusRate) : rate > 0 && last > 0 ? new FoundLength(last / (double)rate, AudioLength.LeastOf(file)) : null;
    }

    // RFC 6716, 3.1: the first byte says mode and frame size, and how many frames there are.
    private static long OpusSamples(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty)
        {
            return 0;
        }

        var configuration = packet[0] >> 3;
        long frame = configuration switch
        {
            < 12 => (configuration & 3) switch { 0 => 480, 1 => 960, 2 => 1_920, _ => 2_880 },
            < 16 => (configuration & 1) == 0 ? 480 : 960,
            _ => 120L << (configuration & 3),
        };
        var frames = (packet[0] & 3) switch { 0 => 1, 3 => packet.Length > 1 ? packet[1] & 0x3F : 0, _ => 2 };
        return Math.Min(frame * frames, 5_760); // 120 ms at most
    }
}
