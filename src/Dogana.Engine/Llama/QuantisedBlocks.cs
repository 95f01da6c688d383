using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Dogana.Engine.Arithmetic;
using Dogana.Engine.Gguf;

namespace Dogana.Engine.Llama;

/// <summary>Q8_0: blocks of 32 signed bytes with a half-precision scale before them.</summary>
internal static class QuantisedBlocks
{
    /// <summary>Writes the blocks' values as floats.</summary>
    public static void Expand(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = RequireLength(blocks, values.Length);
        ref byte block = ref MemoryMarshal.GetReference(blocks);
        ref float target = ref MemoryMarshal.GetReference(values);
        for (; count > 0; count--)
        {
            if (Avx512F.IsSupported)
            {
                Load512(ref block, 0).StoreUnsafe(ref target);
                Load512(ref block, 16).StoreUnsafe(ref target, 16);
            }
            else
            {
                Load256(ref block, 0).StoreUnsafe(ref target);
                Load256(ref block, 8).StoreUnsafe(ref target, 8);
                Load256(ref block, 16).StoreUnsafe(ref target, 16);
                Load256(ref block, 24).StoreUnsafe(ref target, 24);
            }

            block = ref Unsafe.Add(ref block, GgufTensor.BlockBytes);
            target = ref Unsafe.Add(ref target, GgufTensor.BlockValues);
        }
    }

    /// <summary>
    /// The dot product of the blocks' values with a vector: to the last bit what <see cref="VectorMath.Dot"/> gives for the expanded
    /// values, without writing them to memory in between.
    /// </summary>
    public static float Dot(ReadOnlySpan<byte> blocks, ReadOnlySpan<float> x)
    {
        int count = RequireLength(blocks, x.Length);
        ref byte block = ref MemoryMarshal.GetReference(blocks);
        ref float vector = ref MemoryMarshal.GetReference(x);
        return Avx512F.IsSupported ? Dot512(ref block, ref vector, count) : Dot256(ref block, ref vector, count);
    }

    /// <summary>Two blocks a round, as <see cref="VectorMath.Dot"/> takes 64 values a round.</summary>
    private static float Dot512(ref byte block, ref float x, int count)
    {
        Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (; count >= 2; count -= 2)
        {
            ref byte second = ref Unsafe.Add(ref block, GgufTensor.BlockBytes);
            sum0 = Vector512.MultiplyAddEstimate(Load512(ref block, 0), Vector512.LoadUnsafe(ref x), sum0);
            sum1 = Vector512.MultiplyAddEstimate(Load512(ref block, 16), Vector512.LoadUnsafe(ref x, 16), sum1);
            sum2 = Vector512.MultiplyAddEstimate(Load512(ref second, 0), Vector512.LoadUnsafe(ref x, 32), sum2);
            sum3 = Vector512.MultiplyAddEstimate(Load512(ref second, 16), Vector512.LoadUnsafe(ref x, 48), sum3);
            block = ref Unsafe.Add(ref block, 2 * GgufTensor.BlockBytes);
            x = ref Unsafe.Add(ref x, 2 * GgufTensor.BlockValues);
        }

        if (count > 0)
        {
            sum0 = Vector512.MultiplyAddEstimate(Load512(ref block, 0), Vector512.LoadUnsafe(ref x), sum0);
            sum0 = Vector512.MultiplyAddEstimate(Load512(ref block, 16), Vector512.LoadUnsafe(ref x, 16), sum0);
        }

        return Vector512.Sum(sum0 + sum1 + (sum2 + sum3));
    }

    private static float Dot256(ref byte block, ref float x, int count)
    {
        Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (; count > 0; count--)
        {
            sum0 = Vector256.MultiplyAddEstimate(Load256(ref block, 0), Vector256.LoadUnsafe(ref x), sum0);
            sum1 = Vector256.MultiplyAddEstimate(Load256(ref block, 8), Vector256.LoadUnsafe(ref x, 8), sum1);
            sum2 = Vector256.MultiplyAddEstimate(Load256(ref block, 16), Vector256.LoadUnsafe(ref x, 16), sum2);
            sum3 = Vector256.MultiplyAddEstimate(Load256(ref block, 24), Vector256.LoadUnsafe(ref x, 24), sum3);
            block = ref Unsafe.Add(ref block, GgufTensor.BlockBytes);
            x = ref Unsafe.Add(ref x, GgufTensor.BlockValues);
        }

        return Vector256.Sum(sum0 + sum1 + (sum2 + sum3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load512(ref byte block, int offset)
    {
        Vector128<byte> quants = Vector128.LoadUnsafe(ref Unsafe.Add(ref block, 2 + offset));
        return Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(quants.AsSByte())) * Vector512.Create(Scale(ref block));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load256(ref byte block, int offset)
    {
        Vector128<sbyte> quants = Vector128.CreateScalar(Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref block, 2 + offset))).AsSByte();
        Vector256<int> wide;
        if (Avx2.IsSupported)
        {
            wide = Avx2.ConvertToVector256Int32(quants);
        }
        else
        {
            (Vector128<int> low, Vector128<int> high) = Vector128.Widen(Vector128.WidenLower(quants));
            wide = Vector256.Create(low, high);
        }

        return Vector256.ConvertToSingle(wide) * Vector256.Create(Scale(ref block));
    }

    /// <summary>
    /// A block's scale. A half's bits moved to a float's place are the half times 2^-112, also for the smallest; the run-time's own
    /// conversion takes longer than the rest of the block. Infinite scales, which no sound file has, become large numbers.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Scale(ref byte block)
    {
        uint half = Unsafe.ReadUnaligned<ushort>(ref block);
        return BitConverter.UInt32BitsToSingle(((half & 0x8000) << 16) | ((half & 0x7FFF) << 13)) * 5.192296858534828e33f;
    }

    private static int RequireLength(ReadOnlySpan<byte> blocks, int values)
    {
        int count = blocks.Length / GgufTensor.BlockBytes;
        return values == count * GgufTensor.BlockValues
            ? count
            : throw new ArgumentException($"Expected {count * GgufTensor.BlockValues} values, found {values}.", nameof(values));
    }
}
