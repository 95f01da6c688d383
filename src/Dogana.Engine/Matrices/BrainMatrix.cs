using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Dogana.Engine.Arithmetic;

namespace Dogana.Engine.Matrices;

/// <summary>A matrix in BF16: of each float its upper half.</summary>
/// <remarks>
/// Weights become floats in registers. Four rows are multiplied at once, with four vectors where there are as many: what is read serves four times. Each product adds up sixteen sums, one for
/// every sixteenth column, whichever way it is made.
/// </remarks>
internal sealed class BrainMatrix(byte[] bytes, int rows, int columns) : WeightMatrix(rows, columns)
{
    private const int Together = 4;

    public override ReadOnlySpan<float> Row(int row, Span<float> scratch)
    {
        VectorMath.ExpandUpperHalves(Halves(row), scratch);
        return scratch[..Columns];
    }

    public override void Multiply(MatrixInput input, Span<float> y)
    {
        if (!Vector512.IsHardwareAccelerated || Columns % Vector512<float>.Count != 0)
        {
            base.Multiply(input, y);
            return;
        }

        ref float x = ref MemoryMarshal.GetReference(input.Vectors(0, input.Count));
        ref float results = ref MemoryMarshal.GetReference(y[..(input.Count * Rows)]);
        int row = 0;
        for (; row + Together <= Rows; row += Together)
        {
            ref ushort weights = ref MemoryMarshal.GetReference(Halves(row, Together));
            int i = 0;
            for (; i + Together <= input.Count; i += Together)
            {
                FourByFour(ref weights, ref Unsafe.Add(ref x, i * Columns), ref Unsafe.Add(ref results, (i * Rows) + row));
            }

            for (; i < input.Count; i++)
            {
                FourByOne(ref weights, ref Unsafe.Add(ref x, i * Columns), ref Unsafe.Add(ref results, (i * Rows) + row));
            }
        }

        for (; row < Rows; row++)
        {
            ref ushort weights = ref MemoryMarshal.GetReference(Halves(row));
            for (int i = 0; i < input.Count; i++)
            {
                Unsafe.Add(ref results, (i * Rows) + row) = OneByOne(ref weights, ref Unsafe.Add(ref x, i * Columns));
            }
        }
    }

    private ReadOnlySpan<ushort> Halves(int row, int count = 1) => MemoryMarshal.Cast<byte, ushort>(bytes).Slice(row * Columns, count * Columns);

    // The references move, as in VectorMath.
    private void FourByFour(ref ushort weights, ref float vectors, ref float results)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        ref ushort w1 = ref Unsafe.Add(ref weights, Columns);
        ref ushort w2 = ref Unsafe.Add(ref w1, Columns);
        ref ushort w3 = ref Unsafe.Add(ref w2, Columns);
        ref float a = ref vectors;
        ref float b = ref Unsafe.Add(ref a, Columns);
        ref float c = ref Unsafe.Add(ref b, Columns);
        ref float d = ref Unsafe.Add(ref c, Columns);
        for (int left = Columns; left > 0; left -= Vector512<float>.Count)
        {
            Vector512<float> first = Load(ref weights), second = Load(ref w1), third = Load(ref w2), fourth = Load(ref w3);
            Vector512<float> vector = Vector512.LoadUnsafe(ref a);
            a0 = Vector512.MultiplyAddEstimate(first, vector, a0);
            a1 = Vector512.MultiplyAddEstimate(second, vector, a1);
            a2 = Vector512.MultiplyAddEstimate(third, vector, a2);
            a3 = Vector512.MultiplyAddEstimate(fourth, vector, a3);
            vector = Vector512.LoadUnsafe(ref b);
            b0 = Vector512.MultiplyAddEstimate(first, vector, b0);
            b1 = Vector512.MultiplyAddEstimate(second, vector, b1);
            b2 = Vector512.MultiplyAddEstimate(third, vector, b2);
            b3 = Vector512.MultiplyAddEstimate(fourth, vector, b3);
            vector = Vector512.LoadUnsafe(ref c);
            c0 = Vector512.MultiplyAddEstimate(first, vector, c0);
            c1 = Vector512.MultiplyAddEstimate(second, vector, c1);
            c2 = Vector512.MultiplyAddEstimate(third, vector, c2);
            c3 = Vector512.MultiplyAddEstimate(fourth, vector, c3);
            vector = Vector512.LoadUnsafe(ref d);
            d0 = Vector512.MultiplyAddEstimate(first, vector, d0);
            d1 = Vector512.MultiplyAddEstimate(second, vector, d1);
            d2 = Vector512.MultiplyAddEstimate(third, vector, d2);
            d3 = Vector512.MultiplyAddEstimate(fourth, vector, d3);
            weights = ref Unsafe.Add(ref weights, Vector512<float>.Count);
            w1 = ref Unsafe.Add(ref w1, Vector512<float>.Count);
            w2 = ref Unsafe.Add(ref w2, Vector512<float>.Count);
            w3 = ref Unsafe.Add(ref w3, Vector512<float>.Count);
            a = ref Unsafe.Add(ref a, Vector512<float>.Count);
            b = ref Unsafe.Add(ref b, Vector512<float>.Count);
            c = ref Unsafe.Add(ref c, Vector512<float>.Count);
            d = ref Unsafe.Add(ref d, Vector512<float>.Count);
        }

        Sums(a0, a1, a2, a3).StoreUnsafe(ref results);
        Sums(b0, b1, b2, b3).StoreUnsafe(ref results, (nuint)Rows);
        Sums(c0, c1, c2, c3).StoreUnsafe(ref results, 2 * (nuint)Rows);
        Sums(d0, d1, d2, d3).StoreUnsafe(ref results, 3 * (nuint)Rows);
    }

    private void FourByOne(ref ushort weights, ref float vector, ref float results)
    {
        Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        ref ushort w1 = ref Unsafe.Add(ref weights, Columns);
        ref ushort w2 = ref Unsafe.Add(ref w1, Columns);
        ref ushort w3 = ref Unsafe.Add(ref w2, Columns);
        for (int left = Columns; left > 0; left -= Vector512<float>.Count)
        {
            Vector512<float> x = Vector512.LoadUnsafe(ref vector);
            sum0 = Vector512.MultiplyAddEstimate(Load(ref weights), x, sum0);
            sum1 = Vector512.MultiplyAddEstimate(Load(ref w1), x, sum1);
            sum2 = Vector512.MultiplyAddEstimate(Load(ref w2), x, sum2);
            sum3 = Vector512.MultiplyAddEstimate(Load(ref w3), x, sum3);
            weights = ref Unsafe.Add(ref weights, Vector512<float>.Count);
            w1 = ref Unsafe.Add(ref w1, Vector512<float>.Count);
            w2 = ref Unsafe.Add(ref w2, Vector512<float>.Count);
            w3 = ref Unsafe.Add(ref w3, Vector512<float>.Count);
            vector = ref Unsafe.Add(ref vector, Vector512<float>.Count);
        }

        Sums(sum0, sum1, sum2, sum3).StoreUnsafe(ref results);
    }

    private float OneByOne(ref ushort weights, ref float vector)
    {
        Vector512<float> sum = default;
        for (int left = Columns; left > 0; left -= Vector512<float>.Count)
        {
            sum = Vector512.MultiplyAddEstimate(Load(ref weights), Vector512.LoadUnsafe(ref vector), sum);
            weights = ref Unsafe.Add(ref weights, Vector512<float>.Count);
            vector = ref Unsafe.Add(ref vector, Vector512<float>.Count);
        }

        return Vector512.Sum(sum);
    }

    private static Vector128<float> Sums(Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth) =>
        Vector128.Create(Vector512.Sum(first), Vector512.Sum(second), Vector512.Sum(third), Vector512.Sum(fourth));

    // Sixteen halves as floats.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ref ushort halves)
    {
        Vector256<ushort> narrow = Vector256.LoadUnsafe(ref halves);
        Vector512<uint> wide = Avx512F.IsSupported ? Avx512F.ConvertToVector512UInt32(narrow)
            : Vector512.Create(Vector256.WidenLower(narrow), Vector256.WidenUpper(narrow));
        return (wide << 16).AsSingle();
    }
}
