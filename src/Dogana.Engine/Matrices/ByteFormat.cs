using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dogana.Engine.Matrices;

/// <summary>Q8_0: in the file a scale and 32 signed bytes. In a panel bytes count from -128, so that they are unsigned.</summary>
internal readonly struct ByteFormat : IPanelFormat
{
    private const int Zero = 128;
    private const int Quants = BlockScale.PanelBytes;

    public static bool IsSuper => false;

    public static int PanelBytes => Quants + (16 * QuantisedVectors.BlockValues);

    public static bool TryPack(ReadOnlySpan<byte> block, Span<byte> panel, int row)
    {
        for (int column = 0; column < QuantisedVectors.BlockValues; column++)
        {
            panel[Quants + PanelPlace.Of(row, column)] = (byte)(block[2 + column] ^ Zero);
        }

        return BlockScale.TryPack(block, panel, row);
    }

    public static void Expand(ReadOnlySpan<byte> panel, int row, Span<float> values) => Expand(panel, row, values, Zero);

    public static void Multiply(ref byte panel, int blocks, QuantisedVector x, ref float y) => Multiply(ref panel, blocks, x, ref y, Zero);

    /// <summary>The values of bytes that count from <paramref name="zero"/>.</summary>
    public static void Expand(ReadOnlySpan<byte> panel, int row, Span<float> values, int zero)
    {
        float scale = BlockScale.Read(panel, row);
        for (int column = 0; column < values.Length; column++)
        {
            values[column] = scale * (panel[Quants + PanelPlace.Of(row, column)] - zero);
        }
    }

    /// <summary>The products of bytes that count from <paramref name="zero"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(ref byte panel, int blocks, QuantisedVector x, ref float y, int zero)
    {
        Vector256<float> lowSum = default, highSum = default;
        ref sbyte input = ref x.Quants;
        ref byte weights = ref Unsafe.Add(ref panel, Quants);
        unchecked
        {
            for (int block = 0; block < blocks; block++)
            {
                Vector256<int> low = Vector256.Create(-zero * Unsafe.Add(ref x.Sums, block));
                Vector256<int> high = low;
                for (int four = 0; four < QuantisedVectors.BlockValues / 4; four++)
                {
                    Vector256<sbyte> spread = ByteProducts.Spread(ref input);
                    low = ByteProducts.Add(low, Vector256.LoadUnsafe(ref weights), spread);
                    high = ByteProducts.Add(high, Vector256.LoadUnsafe(ref weights, 32), spread);
                    weights = ref Unsafe.Add(ref weights, 64);
                    input = ref Unsafe.Add(ref input, 4);
                }

                float inputScale = Unsafe.Add(ref x.Scales, block);
                lowSum = BlockScale.Add(lowSum, low, ref panel, inputScale);
                highSum = BlockScale.Add(highSum, high, ref Unsafe.Add(ref panel, 32), inputScale);
                panel = ref weights;
                weights = ref Unsafe.Add(ref weights, Quants);
            }
        }

        lowSum.StoreUnsafe(ref y);
        highSum.StoreUnsafe(ref y, 8);
    }
}
