using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dogana.Engine.Arithmetic;

/// <summary>Sums over vectors whose order of additions depends on nothing but their length.</summary>
/// <remarks>
/// Library routines may add in another order when the garbage collector has moved an array to another alignment; the last bit
/// then differs, and a sampled text with it. The same seed must give the same text.
/// </remarks>
internal static class VectorMath
{
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"Expected two vectors of one length, found {a.Length} and {b.Length}.", nameof(b));
        }

        ref float x = ref MemoryMarshal.GetReference(a);
        ref float y = ref MemoryMarshal.GetReference(b);
        return Vector512.IsHardwareAccelerated ? Dot512(ref x, ref y, a.Length) : Dot256(ref x, ref y, a.Length);
    }

    /// <summary>Adds <paramref name="a"/> times <paramref name="factor"/> to <paramref name="sum"/>.</summary>
    public static void AddScaled(ReadOnlySpan<float> a, float factor, Span<float> sum)
    {
        if (a.Length != sum.Length)
        {
            throw new ArgumentException($"Expected two vectors of one length, found {a.Length} and {sum.Length}.", nameof(sum));
        }

        ref float x = ref MemoryMarshal.GetReference(a);
        ref float y = ref MemoryMarshal.GetReference(sum);
        int left = a.Length;
        Vector256<float> scale = Vector256.Create(factor);
        for (; left >= 8; left -= 8)
        {
            Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x), scale, Vector256.LoadUnsafe(ref y)).StoreUnsafe(ref y);
            x = ref Unsafe.Add(ref x, 8);
            y = ref Unsafe.Add(ref y, 8);
        }

        for (int i = 0; i < left; i++)
        {
            Unsafe.Add(ref y, i) += Unsafe.Add(ref x, i) * factor;
        }
    }

    public static void SoftMax(Span<float> values)
    {
        TensorPrimitives.Subtract(values, TensorPrimitives.Max<float>(values), values);
        TensorPrimitives.Exp(values, values);
        float sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        TensorPrimitives.Multiply(values, 1 / sum, values);
    }

    /// <summary>Divides by the root of the mean square and multiplies with the weights.</summary>
    public static void NormaliseRootMeanSquare(ReadOnlySpan<float> x, ReadOnlySpan<float> weights, float epsilon, Span<float> into)
    {
        float scale = 1 / MathF.Sqrt((Dot(x, x) / x.Length) + epsilon);
        TensorPrimitives.Multiply(x, scale, into);
        TensorPrimitives.Multiply(into, weights, into);
    }

    // The references move instead of an index: additions of an index are checked for overflow, which costs as much as the work.
    private static float Dot512(ref float x, ref float y, int count)
    {
        Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (; count >= 64; count -= 64)
        {
            sum0 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x), Vector512.LoadUnsafe(ref y), sum0);
            sum1 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x, 16), Vector512.LoadUnsafe(ref y, 16), sum1);
            sum2 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x, 32), Vector512.LoadUnsafe(ref y, 32), sum2);
            sum3 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x, 48), Vector512.LoadUnsafe(ref y, 48), sum3);
            x = ref Unsafe.Add(ref x, 64);
            y = ref Unsafe.Add(ref y, 64);
        }

        for (; count >= 16; count -= 16)
        {
            sum0 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x), Vector512.LoadUnsafe(ref y), sum0);
            x = ref Unsafe.Add(ref x, 16);
            y = ref Unsafe.Add(ref y, 16);
        }

        return Vector512.Sum(sum0 + sum1 + (sum2 + sum3)) + DotRest(ref x, ref y, count);
    }

    private static float Dot256(ref float x, ref float y, int count)
    {
        Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (; count >= 32; count -= 32)
        {
            sum0 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x), Vector256.LoadUnsafe(ref y), sum0);
            sum1 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, 8), Vector256.LoadUnsafe(ref y, 8), sum1);
            sum2 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, 16), Vector256.LoadUnsafe(ref y, 16), sum2);
            sum3 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, 24), Vector256.LoadUnsafe(ref y, 24), sum3);
            x = ref Unsafe.Add(ref x, 32);
            y = ref Unsafe.Add(ref y, 32);
        }

        for (; count >= 8; count -= 8)
        {
            sum0 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x), Vector256.LoadUnsafe(ref y), sum0);
            x = ref Unsafe.Add(ref x, 8);
            y = ref Unsafe.Add(ref y, 8);
        }

        return Vector256.Sum(sum0 + sum1 + (sum2 + sum3)) + DotRest(ref x, ref y, count);
    }

    private static float DotRest(ref float x, ref float y, int count)
    {
        float sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += Unsafe.Add(ref x, i) * Unsafe.Add(ref y, i);
        }

        return sum;
    }
}
