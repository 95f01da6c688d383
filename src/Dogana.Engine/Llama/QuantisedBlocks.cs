using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Dogana.Engine.Gguf;

namespace Dogana.Engine.Llama;

/// <summary>Q8_0: blocks of 32 signed bytes with a half-precision scale before them. All paths give the same floats.</summary>
internal static class QuantisedBlocks
{
    public static void Expand(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = blocks.Length / GgufTensor.BlockBytes;
        if (values.Length != count * GgufTensor.BlockValues)
        {
            throw new ArgumentException($"Expected room for {count * GgufTensor.BlockValues} values, found {values.Length}.", nameof(values));
        }

        ref byte source = ref MemoryMarshal.GetReference(blocks);
        ref float target = ref MemoryMarshal.GetReference(values);
        for (int block = 0; block < count; block++)
        {
            float scale = (float)Unsafe.ReadUnaligned<Half>(ref source);
            ref sbyte quants = ref Unsafe.As<byte, sbyte>(ref Unsafe.Add(ref source, 2));
            if (Avx512F.IsSupported)
            {
                Expand512(ref quants, scale, ref target);
            }
            else
            {
                Expand256(ref quants, scale, ref target);
            }

            source = ref Unsafe.Add(ref source, GgufTensor.BlockBytes);
            target = ref Unsafe.Add(ref target, GgufTensor.BlockValues);
        }
    }

    private static void Expand512(ref sbyte quants, float scale, ref float target)
    {
        Vector512<float> factor = Vector512.Create(scale);
        for (nuint i = 0; i < GgufTensor.BlockValues; i += 16)
        {
            Vector512<int> wide = Avx512F.ConvertToVector512Int32(Vector128.LoadUnsafe(ref quants, i));
            (Vector512.ConvertToSingle(wide) * factor).StoreUnsafe(ref target, i);
        }
    }

    private static void Expand256(ref sbyte quants, float scale, ref float target)
    {
        Vector256<float> factor = Vector256.Create(scale);
        for (nuint i = 0; i < GgufTensor.BlockValues; i += 16)
        {
            (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.LoadUnsafe(ref quants, i));
            (Vector256.ConvertToSingle(Widen(low)) * factor).StoreUnsafe(ref target, i);
            (Vector256.ConvertToSingle(Widen(high)) * factor).StoreUnsafe(ref target, i + 8);
        }
    }

    private static Vector256<int> Widen(Vector128<short> values)
    {
        (Vector128<int> low, Vector128<int> high) = Vector128.Widen(values);
        return Vector256.Create(low, high);
    }
}
