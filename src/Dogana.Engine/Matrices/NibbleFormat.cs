using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dogana.Engine.Matrices;

/// <summary>Q4_0: a scale and 16 bytes; a byte's lower half is a value of the first 16 columns, its upper half of the other 16.</summary>
internal readonly struct NibbleFormat : IPanelFormat
{
    private const int Zero = 8;
    private const int Half = QuantisedVectors.BlockValues / 2;
    private const int Quants = BlockScale.PanelBytes;

    public static bool IsSuper => false;

    public static int PanelBytes => Quants + (16 * Half);

    public static bool TryPack(ReadOnlySpan<byte> block, Span<byte> panel, int row)
    {
        for (int column = 0; column < Half; column++)
        {
            panel[Quants + PanelPlace.Of(row, column)] = block[2 + column];
        }

        return BlockScale.TryPack(block, panel, row);
    }

    public static void Expand(ReadOnlySpan<byte> panel, int row, Span<float> values)
    {
        float scale = BlockScale.Read(panel, row);
        for (int column = 0; column < Half; column++)
        {
            int both = panel[Quants + PanelPlace.Of(row, column)];
            values[column] = scale * ((both & 15) - Zero);
            values[column + Half] = scale * ((both >> 4) - Zero);
        }
    }

    public static void Multiply(ref byte panel, int blocks, QuantisedVector x, ref float y)
    {
        Vector256<float> lowSum = default, highSum = default;
        Vector256<byte> mask = Vector256.Create((byte)15);
        ref sbyte input = ref x.Quants;
        ref byte weights = ref Unsafe.Add(ref panel, Quants);
        unchecked
        {
            for (int block = 0; block < blocks; block++)
            {
                Vector256<int> low = Vector256.Create(-Zero * Unsafe.Add(ref x.Sums, block));
                Vector256<int> high = low;
                for (int four = 0; four < Half / 4; four++)
                {
                    Vector256<sbyte> first = ByteProducts.Spread(ref input);
                    Vector256<sbyte> second = ByteProducts.Spread(ref Unsafe.Add(ref input, Half));
                    Vector256<byte> both = Vector256.LoadUnsafe(ref weights);
                    low = ByteProducts.Add(low, both & mask, first);
                    low = ByteProducts.Add(low, (both.AsUInt16() >> 4).AsByte() & mask, second);
                    both = Vector256.LoadUnsafe(ref weights, 32);
                    high = ByteProducts.Add(high, both & mask, first);
                    high = ByteProducts.Add(high, (both.AsUInt16() >> 4).AsByte() & mask, second);
                    weights = ref Unsafe.Add(ref weights, 64);
                    input = ref Unsafe.Add(ref input, 4);
                }

                float inputScale = Unsafe.Add(ref x.Scales, block);
                lowSum = BlockScale.Add(lowSum, low, ref panel, inputScale);
                highSum = BlockScale.Add(highSum, high, ref Unsafe.Add(ref panel, 32), inputScale);
                panel = ref weights;
                weights = ref Unsafe.Add(ref weights, Quants);
                input = ref Unsafe.Add(ref input, Half);
            }
        }

        lowSum.StoreUnsafe(ref y);
        highSum.StoreUnsafe(ref y, 8);
    }
}
