using System.Buffers.Binary;

namespace Dogana.Gateway.Requests.Audio;

/// <summary>FLAC: the samples that its first block says, and at least as many as its bytes were if nothing were compressed. Source: RFC 9639, 8.2 Streaminfo.</summary>
internal static class FlacLength
{
    public static FoundLength? Find(ReadOnlySpan<byte> file)
    {
        if (file.Length < 26 || !file[..4].SequenceEqual("fLaC"u8) || (file[4] & 0x7F) != 0)
        {
            return null;
        }

        var packed = BinaryPrimitives.ReadUInt64BigEndian(file[18..]); // 20 bits rate, 3 channels - 1, 5 bits - 1, 36 samples
        var (rate, channels, bits, samples) = ((long)(packed >> 44), ((long)(packed >> 41) & 7) + 1, ((long)(packed >> 36) & 31) + 1, (long)(packed & 0xF_FFFF_FFFF));
        return rate == 0 || samples == 0 ? null : new FoundLength(samples / (double)rate, file.Length * 8 / (double)(rate * channels * bits));
    }
}
