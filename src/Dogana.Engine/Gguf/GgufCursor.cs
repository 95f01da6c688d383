using System.Buffers.Binary;
using System.Text;

namespace Dogana.Engine.Gguf;

/// <summary>Reads little-endian values of a file's header. Nothing is allocated that the file is too short to hold.</summary>
internal sealed class GgufCursor(Stream stream, long length)
{
    private readonly byte[] _small = new byte[8];

    public long Position { get; private set; }

    public long Remaining => length - Position;

    public byte ReadByte(string what) => Fill(1, what)[0];

    public ushort ReadUInt16(string what) => BinaryPrimitives.ReadUInt16LittleEndian(Fill(2, what));

    public uint ReadUInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Fill(4, what));

    public ulong ReadUInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Fill(8, what));

    /// <summary>A count of things that each take at least <paramref name="bytesEach"/> bytes of the rest of the file.</summary>
    public int ReadCount(string what, int bytesEach, int max)
    {
        ulong count = ReadUInt64(what);
        ulong possible = (ulong)(Remaining / bytesEach);
        if (count > possible || count > (ulong)max)
        {
            throw new ModelFileException(
                $"{what}: found {count}, expected at most {Math.Min(possible, (ulong)max)} (the file has {Remaining} bytes left).");
        }

        return (int)count;
    }

    public string ReadString(string what, int bytesMax)
    {
        int count = ReadCount($"length of {what}", 1, bytesMax);
        return Encoding.UTF8.GetString(ReadBytes(count, what));
    }

    public byte[] ReadBytes(int count, string what)
    {
        Require(count, what);
        byte[] bytes = new byte[count];
        ReadInto(bytes, what);
        return bytes;
    }

    public void ReadInto(Span<byte> bytes, string what)
    {
        Require(bytes.Length, what);
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException end)
        {
            throw new ModelFileException($"{what}: the file became shorter while it was read.", end);
        }

        Position += bytes.Length;
    }

    private Span<byte> Fill(int count, string what)
    {
        Span<byte> bytes = _small.AsSpan(0, count);
        ReadInto(bytes, what);
        return bytes;
    }

    private void Require(int count, string what)
    {
        if (count > Remaining)
        {
            throw new ModelFileException($"{what}: expected {count} bytes at {Position}, found {Remaining}: the file is truncated.");
        }
    }
}
