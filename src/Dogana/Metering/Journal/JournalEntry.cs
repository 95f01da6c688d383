using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dogana.Catalog;

namespace Dogana.Metering.Journal;

/// <summary>One line of the journal: a call opened, or closed. Exactly one of the two is set.</summary>
/// <remarks>
/// On disk: payload length (4 bytes, little-endian), CRC-32C of the payload (4 bytes), payload (UTF-8 JSON). A line that was cut off by a
/// crash fails the length or the checksum; the journal ends before it.
/// </remarks>
internal sealed record JournalEntry(OpenedLine? Opened, UsageRecord? Closed)
{
    public const int HeaderBytes = 8;
    public const int PayloadBytesMax = 64 * 1024;

    private const int SectorBytes = 512; // a border of a larger sector or page is one of these too

    /// <summary>The line as bytes.</summary>
    public byte[] ToBytes()
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Default.JournalEntry);
        if (payload.Length > PayloadBytesMax)
        {
            throw new InvalidOperationException($"A journal line of {payload.Length} bytes is over the limit of {PayloadBytesMax}.");
        }

        var line = new byte[HeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(line, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(line.AsSpan(4), Checksum(payload));
        payload.CopyTo(line, HeaderBytes);
        return line;
    }

    /// <summary>Reads the line at the start of <paramref name="bytes"/>; null when there is no whole, sound line.</summary>
    public static JournalEntry? Read(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < HeaderBytes)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (size is <= 0 or > PayloadBytesMax || bytes.Length < HeaderBytes + size)
        {
            return null;
        }

        var payload = bytes.Slice(HeaderBytes, size);
        if (Checksum(payload) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]))
        {
            return null;
        }

        length = HeaderBytes + size;
        return JsonSerializer.Deserialize(payload, JournalJson.Default.JournalEntry);
    }

    /// <summary>
    /// Was a part of the line at the start of <paramref name="bytes"/> never written? The room of a segment is zeros, and disks write whole sectors: such
    /// a line is zeros from one border of a sector (or its own) to the next. Sound lines hold no zeros but in the header.
    /// </summary>
    /// <param name="bytes">From the line's start on.</param>
    /// <param name="offset">Where in its segment that is.</param>
    public static bool IsHole(ReadOnlySpan<byte> bytes, long offset)
    {
        var size = bytes.Length < HeaderBytes ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var line = bytes[..Math.Min(bytes.Length, HeaderBytes + (size is > 0 and <= PayloadBytesMax ? size : 0))];
        for (var start = 0; start < line.Length;)
        {
            var next = Math.Min(line.Length, start + SectorBytes - (int)((offset + start) % SectorBytes));
            if (!line[start..next].ContainsAnyExcept((byte)0))
            {
                return true;
            }

            start = next;
        }

        return false;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}

/// <summary>What the journal keeps of an opened call; money in its two stored parts.</summary>
internal sealed record OpenedLine(
    string Id, string Project, string Organisation, string Channel, string Key, string Deployment, string Model, DateTimeOffset OpenedAt,
    string Currency, long HeldMicro, long HeldPico, string? EndCustomer = null,
    string? Tags = null, ServiceTier? ServiceTier = null, string? SpilledFrom = null, bool? IsProvisioned = null)
{
    public static OpenedLine From(OpenedCall call) => new(
        call.Id, call.Project, call.Organisation, call.Channel, call.Key, call.Deployment, call.Model, call.OpenedAt,
        call.Held.Currency.Code, call.Held.Micro, call.Held.Pico, call.EndCustomer,
        call.Tags, call.ServiceTier == Catalog.ServiceTier.Standard ? null : call.ServiceTier, call.SpilledFrom, call.IsProvisioned ? true : null);

    public OpenedCall ToCall() => new(
        Id, Project, Organisation, Channel, Key, Deployment, Model, OpenedAt, Money.FromParts(HeldMicro, HeldPico, Dogana.Currency.Of(Currency)))
    {
        EndCustomer = EndCustomer,
        Tags = Tags,
        ServiceTier = ServiceTier ?? Catalog.ServiceTier.Standard,
        SpilledFrom = SpilledFrom,
        IsProvisioned = IsProvisioned ?? false,
    };
}

/// <summary>Serializers made at build time: the journal is written on the way of every call.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(UsageRecord))]
internal sealed partial class JournalJson : JsonSerializerContext;
