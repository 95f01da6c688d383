using System.Buffers.Binary;

namespace Dogana.Engine.Matrices;

/// <summary>
/// Q5_0: a scale, the fifth bits of 32 values, and 16 bytes with two values' lower four, as in Q4_0. Files in Q4_K have it where rows are no whole super-blocks. In a panel each value has a
/// byte: what room that takes is little, and no bits need to be joined.
/// </summary>
internal readonly struct FiveBitFormat : IPanelFormat
{
    private const int Zero = 16;
    private const int Half = QuantisedVectors.BlockValues / 2;

    public static bool IsSuper => false;

    public static int PanelBytes => ByteFormat.PanelBytes;

    public static bool TryPack(ReadOnlySpan<byte> block, Span<byte> panel, int row)
    {
        uint fifths = BinaryPrimitives.ReadUInt32LittleEndian(block[2..]);
        for (int column = 0; column < QuantisedVectors.BlockValues; column++)
        {
            int both = block[6 + (column % Half)];
            int lower = column < Half ? both & 15 : both >> 4;
            panel[BlockScale.PanelBytes + PanelPlace.Of(row, column)] = (byte)(lower | (int)(((fifths >> column) & 1) << 4));
        }

        return BlockScale.TryPack(block, panel, row);
    }

    public static void Expand(ReadOnlySpan<byte> panel, int row, Span<float> values) => ByteFormat.Expand(panel, row, values, Zero);

    public static void Multiply(ref byte panel, int blocks, QuantisedVector x, ref float y) => ByteFormat.Multiply(ref panel, blocks, x, ref y, Zero);
}
