using System.Buffers.Binary;
using System.Text;
using Dogana.Gateway.Requests.Audio;

namespace Dogana.Tests.Gateway.Audio;

/// <summary>How long recordings are, by their bytes; and that no bytes break, stall or cheat what measures them.</summary>
public sealed class AudioLengthTests
{
    [Theory]
    [InlineData(8_000, 8_000, 1)]
    [InlineData(8_000, 8_008, 2)] // what has begun counts whole, from a millisecond on
    [InlineData(8_000, 8_001, 1)]
    [InlineData(16_000, 400, 1)]
    [InlineData(48_000, 4_800_000, 100)]
    public void A_wave_is_as_long_as_its_bytes(int rate, int bytes, long seconds) => AudioLength.Of(Wave(rate, bytes, bytes)).ShouldBe(new AudioLength(seconds, seconds));

    [Theory]
    [InlineData(0)] // a recorder that streams
    [InlineData(-1)]
    [InlineData(2_000_000_000)] // more than there is
    public void What_a_wave_says_of_its_length_never_counts_for_more_than_is_there(int said) => AudioLength.Of(Wave(8_000, 80_000, said)).Seconds.ShouldBe(10);

    [Fact]
    public void A_wave_cannot_make_itself_short_by_the_rate_that_it_says()
    {
        var file = Wave(8_000, 80_000, 80_000);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), int.MaxValue); // bytes per second, which follow from the rest
        AudioLength.Of(file).Seconds.ShouldBe(10);
    }

    [Fact]
    public void A_compressed_wave_is_as_long_as_its_samples_and_never_shorter_than_its_bytes_need()
    {
        var plain = Wave(8_000, 80_000, 80_000);
        byte[] Compressed(int samples) => [.. plain.AsSpan(0, 20), 0x11, 0, .. plain.AsSpan(22, 14), .. "fact"u8, 4, 0, 0, 0, .. BitConverter.GetBytes(samples), .. plain.AsSpan(36)];
        AudioLength.Of(Compressed(160_000)).Seconds.ShouldBe(20);
        AudioLength.Of(Compressed(1)).Seconds.ShouldBe(5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000)] // behind a tag, as with a picture in it
    public void An_MP3_is_as_long_as_its_frames(int tag)
    {
        // MPEG 1 layer III, 128 kbit/s, 44,100 Hz: 417 bytes are 1,152 samples.
        byte[] frame = [0xFF, 0xFB, 0x90, 0x00, .. new byte[413]];
        byte[] head = tag == 0 ? [] : [.. "ID3"u8, 4, 0, 0, 0, 0, (byte)(tag >> 7), (byte)(tag & 127), .. new byte[tag]];
        byte[] file = [.. head, .. Enumerable.Repeat(frame, 1_000).SelectMany(static bytes => bytes)];
        AudioLength.Of(file).Seconds.ShouldBe(27); // 26.12
    }

    [Fact]
    public void A_FLAC_is_as_long_as_it_says_and_never_shorter_than_its_bytes_need()
    {
        AudioLength.Of(Flac(16_000, 1, 16, 16_000 * 90, 100_000)).Seconds.ShouldBe(90);
        AudioLength.Of(Flac(16_000, 1, 16, 1, 3_200_000)).Seconds.ShouldBe(100); // a lie: 32,000 bytes are a second at most
    }

    [Fact]
    public void Opus_is_as_long_as_its_packets_whatever_its_pages_say()
    {
        // 20 ms each; 50 in a page.
        var packets = Enumerable.Repeat(new byte[] { 0x0C << 3 | 1 << 3, 1, 2 }, 50).ToArray();
        byte[] file = [.. Page(0, [.. "OpusHead"u8, .. new byte[11]]), .. Page(0, [.. "OpusTags"u8, .. new byte[8]]), .. Enumerable.Range(0, 30).SelectMany(_ => Page(1, packets))];
        AudioLength.Of(file).Seconds.ShouldBe(30);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_MP4_is_as_long_as_its_movie_or_track_says(bool isLong)
    {
        byte[] head = isLong ? [1, 0, 0, 0, .. new byte[16], .. Big(1_000), .. new byte[4], .. Big(12_345)] : [0, 0, 0, 0, .. new byte[8], .. Big(1_000), .. Big(12_345)];
        byte[] file = [.. Box("ftyp", [.. "M4A "u8, .. new byte[4]]), .. Box("moov", [.. Box("mvhd", [0, 0, 0, 0, .. new byte[8], .. Big(1_000), .. Big(0)]), .. Box("trak", Box("mdia", Box("mdhd", head)))])];
        AudioLength.Of(file).Seconds.ShouldBe(13);
    }

    [Fact]
    public void A_WebM_is_as_long_as_it_says_and_unknown_where_it_says_nothing()
    {
        byte[] duration = [0x44, 0x89, 0x88, .. BitConverter.GetBytes(7_500d).Reverse()];
        byte[] scale = [0x2A, 0xD7, 0xB1, 0x83, 0x0F, 0x42, 0x40];
        AudioLength.Of(WebM([.. scale, .. duration])).Seconds.ShouldBe(8);
        AudioLength.Of(WebM(scale)).ShouldBe(new AudioLength(null, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1_000_000)]
    public void What_is_none_of_these_is_bounded_by_the_lowest_rate(int bytes) => AudioLength.Of(new byte[bytes]).ShouldBe(new AudioLength(null, bytes / AudioLength.LowestBytesPerSecond + 1));

    [Fact]
    public void No_bytes_break_it_or_make_it_longer_than_it_could_be_or_nothing()
    {
        var random = new System.Random(3202);
        byte[][] seeds =
        [
            Wave(8_000, 9_000, 9_000), Flac(44_100, 2, 16, 44_100, 5_000), [.. Page(0, [.. "OpusHead"u8, .. new byte[11]]), .. Page(3, [.. Enumerable.Repeat(new byte[] { 0x68, 1 }, 40)])],
            [.. Box("ftyp", [.. "M4A "u8, .. new byte[8]]), .. Box("moov", Box("mvhd", [0, 0, 0, 0, .. new byte[8], .. Big(1_000), .. Big(9_000)]))],
            WebM([0x44, 0x89, 0x88, .. BitConverter.GetBytes(900d).Reverse()]), [.. Enumerable.Repeat((byte[])[0xFF, 0xFB, 0x90, 0x00, .. new byte[413]], 9).SelectMany(static bytes => bytes)],
        ];
        for (var round = 0; round < 60_000; round++)
        {
            byte[] file = [.. seeds[random.Next(seeds.Length)]];
            for (var change = random.Next(1, 12); change > 0; change--)
            {
                file[random.Next(Math.Min(file.Length, 120))] = (byte)random.Next(256);
            }

            var length = AudioLength.Of(file.AsSpan(0, random.Next(file.Length + 1)));
            length.SecondsMax.ShouldBeInRange(1, 604_800);
            (length.Seconds is null || length.Seconds == length.SecondsMax).ShouldBeTrue();
        }
    }

    [Fact]
    public void The_largest_files_are_measured_at_once()
    {
        const int size = 25 * 1024 * 1024;
        byte[] frames = [.. Enumerable.Repeat((byte[])[0xFF, 0xE3, 0x18, 0xC4], size / 4).SelectMany(static bytes => bytes)]; // tiny frames that never fit
        byte[] boxes = [.. Box("ftyp", new byte[8]), .. Enumerable.Repeat((byte[])[0, 0, 0, 8, (byte)'f', (byte)'r', (byte)'e', (byte)'e'], size / 8).SelectMany(static bytes => bytes)];
        byte[] pages = [.. Enumerable.Repeat(Page(1, [1]), size / 29).SelectMany(static bytes => bytes)];
        var began = TimeProvider.System.GetTimestamp();
        foreach (var file in new[] { frames, boxes, pages, new byte[size], [.. Enumerable.Repeat((byte)0xFF, size)] })
        {
            _ = AudioLength.Of(file);
        }

        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(20), "linear, on however busy a machine");
    }

    private static byte[] Wave(int rate, int bytes, int said)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + bytes);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(rate);
        writer.Write((short)1);
        writer.Write((short)8);
        writer.Write("data"u8);
        writer.Write(said);
        writer.Write(new byte[bytes]);
        return stream.ToArray();
    }

    private static byte[] Flac(int rate, int channels, int bits, long samples, int bytes)
    {
        var file = new byte[bytes];
        "fLaC"u8.CopyTo(file);
        file[7] = 34;
        BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(18), (ulong)rate << 44 | (ulong)(channels - 1) << 41 | (ulong)(bits - 1) << 36 | (ulong)samples);
        return file;
    }

    private static byte[] Page(long position, params byte[][] packets) =>
        [.. "OggS"u8, 0, 0, .. BitConverter.GetBytes(position), .. new byte[12], (byte)packets.Length, .. packets.Select(static packet => (byte)packet.Length), .. packets.SelectMany(static packet => packet)];

    private static byte[] Page(long position, byte[] packet) => Page(position, [packet]);

    private static byte[] Box(string type, byte[] content) => [.. Big(8 + content.Length), .. Encoding.ASCII.GetBytes(type), .. content];

    private static byte[] WebM(byte[] info) => [0x1A, 0x45, 0xDF, 0xA3, 0x80, 0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x15, 0x49, 0xA9, 0x66, (byte)(0x80 | info.Length), .. info];

    private static byte[] Big(int number) => unchecked([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
