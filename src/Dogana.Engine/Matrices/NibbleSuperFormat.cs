using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dogana.Engine.Matrices;

/// <summary>
/// Q4_K: eight parts of 32 columns, each with a scale and a least value of six bits, which two scales of the block multiply. A byte's
/// lower half is a value of one part, its upper half of the next.
/// </summary>
internal readonly struct NibbleSuperFormat : IPanelFormat
{
    private const int Parts = 8;
    private const int PartValues = QuantisedVectors.SuperBlockValues / Parts;
    private const int Leasts = BlockScale.PanelBytes;
    private const int PartScales = 2 * BlockScale.PanelBytes;
    private const int PartLeasts = PartScales + (16 * Parts);
    private const int Quants = PartLeasts + (16 * Parts);
    private const int FileQuants = 16;

    public static bool IsSuper => true;

    public static int PanelBytes => Quants + (16 * QuantisedVectors.SuperBlockValues / 2);

    public static bool TryPack(ReadOnlySpan<byte> block, Span<byte> panel, int row)
    {
        for (int part = 0; part < Parts; part++)
        {
            (int scale, int least) = SixBits(block.Slice(4, 12), part);
            panel[PartScales + (16 * part) + row] = (byte)scale;
            panel[PartLeasts + (16 * part) + row] = (byte)least;
        }

        for (int i = 0; i < QuantisedVectors.SuperBlockValues / 2; i++)
        {
            panel[Quants + PanelPlace.Of(row, i)] = block[FileQuants + i];
        }

        return BlockScale.TryPack(block, panel, row) & BlockScale.TryPack(block[2..], panel[Leasts..], row);
    }

    public static void Expand(ReadOnlySpan<byte> panel, int row, Span<float> values)
    {
        for (int column = 0; column < values.Length; column++)
        {
            int part = column / PartValues;
            int both = panel[Quants + PanelPlace.Of(row, (part / 2 * PartValues) + (column % PartValues))];
            float scale = BlockScale.Read(panel, row) * panel[PartScales + (16 * part) + row];
            float least = BlockScale.Read(panel[Leasts..], row) * panel[PartLeasts + (16 * part) + row];
            values[column] = (scale * (part % 2 == 0 ? both & 15 : both >> 4)) - least;
        }
    }

    public static void Multiply(ref byte panel, int blocks, QuantisedVector x, ref float y)
    {
        Vector256<float> lowSum = default, highSum = default;
        ref sbyte input = ref x.Quants;
        ref int sums = ref x.Sums;
        unchecked
        {
            for (int block = 0; block < blocks; block++)
            {
                Vector256<int> low = default, high = default, lowLeast = default, highLeast = default;
                ref byte weights = ref Unsafe.Add(ref panel, Quants);
                ref byte scales = ref Unsafe.Add(ref panel, PartScales);
                for (int two = 0; two < Parts / 2; two++)
                {
                    AddTwoParts(ref weights, ref input, ref scales, ref low);
                    AddTwoParts(ref Unsafe.Add(ref weights, 32), ref input, ref Unsafe.Add(ref scales, 8), ref high);
                    Vector256<int> first = Vector256.Create(sums + Unsafe.Add(ref sums, 1));
                    Vector256<int> second = Vector256.Create(Unsafe.Add(ref sums, 2) + Unsafe.Add(ref sums, 3));
                    ref byte leasts = ref Unsafe.Add(ref scales, PartLeasts - PartScales);
                    lowLeast += (ByteProducts.Widen(ref leasts) * first) + (ByteProducts.Widen(ref Unsafe.Add(ref leasts, 16)) * second);
                    highLeast += (ByteProducts.Widen(ref Unsafe.Add(ref leasts, 8)) * first) + (ByteProducts.Widen(ref Unsafe.Add(ref leasts, 24)) * second);
                    weights = ref Unsafe.Add(ref weights, 16 * PartValues);
                    input = ref Unsafe.Add(ref input, 2 * PartValues);
                    scales = ref Unsafe.Add(ref scales, 32);
                    sums = ref Unsafe.Add(ref sums, 4);
                }

                float inputScale = Unsafe.Add(ref x.Scales, block);
                lowSum = BlockScale.Add(lowSum, low, ref panel, inputScale);
                highSum = BlockScale.Add(highSum, high, ref Unsafe.Add(ref panel, 32), inputScale);
                lowSum = BlockScale.Add(lowSum, lowLeast, ref Unsafe.Add(ref panel, Leasts), -inputScale);
                highSum = BlockScale.Add(highSum, highLeast, ref Unsafe.Add(ref panel, Leasts + 32), -inputScale);
                panel = ref Unsafe.Add(ref panel, PanelBytes);
            }
        }

        lowSum.StoreUnsafe(ref y);
        highSum.StoreUnsafe(ref y, 8);
    }

    /// <summary>Adds eight rows' products of two parts, each times its scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTwoParts(ref byte weights, ref sbyte input, ref byte scales, ref Vector256<int> sums)
    {
        Vector256<byte> mask = Vector256.Create((byte)15);
        Vector256<int> first = default, second = default;
        for (int four = 0; four < PartValues / 4; four++)
        {
            Vector256<byte> both = Vector256.LoadUnsafe(ref weights);
            first = ByteProducts.Add(first, both & mask, ByteProducts.Spread(ref input));
            second = ByteProducts.Add(
                second, (both.AsUInt16() >> 4).AsByte() & mask, ByteProducts.Spread(ref Unsafe.Add(ref input, PartValues)));
            weights = ref Unsafe.Add(ref weights, 64);
            input = ref Unsafe.Add(ref input, 4);
        }

        sums += (first * ByteProducts.Widen(ref scales)) + (second * ByteProducts.Widen(ref Unsafe.Add(ref scales, 16)));
    }

    /// <summary>A part's scale and least value: the first four parts' in eight bytes, the others' in four more and in the upper bits.</summary>
    private static (int Scale, int Least) SixBits(ReadOnlySpan<byte> packed, int part) => part < 4
        ? (packed[part] & 63, packed[part + 4] & 63)
        : ((packed[part + 4] & 15) | (packed[part - 4] >> 6 << 4), (packed[part + 4] >> 4) | (packed[part] >> 6 << 4));
}
