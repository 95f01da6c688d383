using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dogana.Engine.Matrices;

/// <summary>
/// Q6_K: sixteen parts of 16 columns, each with a signed byte for a scale, which the block's scale multiplies. In the file four bits of
/// a value and its upper two lie apart; in a panel a value has a byte, a third more memory for half the work.
/// </summary>
internal readonly struct SixBitSuperFormat : IPanelFormat
{
    private const int Zero = 32;
    private const int Parts = 16;
    private const int PartValues = QuantisedVectors.SuperBlockValues / Parts;
    private const int PartScales = BlockScale.PanelBytes;
    private const int Quants = PartScales + (16 * Parts);
    private const int FileUpper = 128;
    private const int FilePartScales = 192;
    private const int FileScale = 208;

    /// <summary>Part scales count from it, so that they are unsigned in a panel.</summary>
    private const int ScaleZero = 128;

    public static bool IsSuper => true;

    public static int PanelBytes => Quants + (16 * QuantisedVectors.SuperBlockValues);

    public static bool TryPack(ReadOnlySpan<byte> block, Span<byte> panel, int row)
    {
        for (int column = 0; column < QuantisedVectors.SuperBlockValues; column++)
        {
            // Halves of 128 columns: 64 bytes hold the lower bits of 64 columns and of the 64 after them, 32 bytes the upper bits of
            // four times 32 columns.
            (int half, int within) = Math.DivRem(column, 128);
            int lower = block[(half * 64) + (within % 64)] >> (within / 64 * 4) & 15;
            int upper = block[FileUpper + (half * 32) + (within % 32)] >> (within / 32 * 2) & 3;
            panel[Quants + PanelPlace.Of(row, column)] = (byte)(lower | (upper << 4));
        }

        for (int part = 0; part < Parts; part++)
        {
            panel[PartScales + (16 * part) + row] = (byte)(block[FilePartScales + part] ^ ScaleZero);
        }

        return BlockScale.TryPack(block[FileScale..], panel, row);
    }

    public static void Expand(ReadOnlySpan<byte> panel, int row, Span<float> values)
    {
        for (int column = 0; column < values.Length; column++)
        {
            float scale = BlockScale.Read(panel, row) * (panel[PartScales + (16 * (column / PartValues)) + row] - ScaleZero);
            values[column] = scale * (panel[Quants + PanelPlace.Of(row, column)] - Zero);
        }
    }

    public static void Multiply(ref byte panel, int blocks, QuantisedVector x, ref float y)
    {
        Vector256<float> lowSum = default, highSum = default;
        Vector256<int> scaleZero = Vector256.Create(ScaleZero);
        ref sbyte input = ref x.Quants;
        ref int sums = ref x.Sums;
        unchecked
        {
            for (int block = 0; block < blocks; block++)
            {
                Vector256<int> low = default, high = default;
                ref byte weights = ref Unsafe.Add(ref panel, Quants);
                ref byte scales = ref Unsafe.Add(ref panel, PartScales);
                for (int part = 0; part < Parts; part++)
                {
                    Vector256<int> lowPart = Vector256.Create(-Zero * sums);
                    Vector256<int> highPart = lowPart;
                    for (int four = 0; four < PartValues / 4; four++)
                    {
                        Vector256<sbyte> spread = ByteProducts.Spread(ref input);
                        lowPart = ByteProducts.Add(lowPart, Vector256.LoadUnsafe(ref weights), spread);
                        highPart = ByteProducts.Add(highPart, Vector256.LoadUnsafe(ref weights, 32), spread);
                        weights = ref Unsafe.Add(ref weights, 64);
                        input = ref Unsafe.Add(ref input, 4);
                    }

                    low += lowPart * (ByteProducts.Widen(ref scales) - scaleZero);
                    high += highPart * (ByteProducts.Widen(ref Unsafe.Add(ref scales, 8)) - scaleZero);
                    scales = ref Unsafe.Add(ref scales, 16);
                    sums = ref Unsafe.Add(ref sums, 1);
                }

                float inputScale = Unsafe.Add(ref x.Scales, block);
                lowSum = BlockScale.Add(lowSum, low, ref panel, inputScale);
                highSum = BlockScale.Add(highSum, high, ref Unsafe.Add(ref panel, 32), inputScale);
                panel = ref weights;
            }
        }

        lowSum.StoreUnsafe(ref y);
        highSum.StoreUnsafe(ref y, 8);
    }
}
