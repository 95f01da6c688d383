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
        nuint i = 0;
        nuint length = (nuint)a.Length;
        Vector256<float> scale = Vector256.Create(factor);
        for (; i + 8 <= length; i += 8)
        {
            Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, i), scale, Vector256.LoadUnsafe(ref y, i)).StoreUnsafe(ref y, i);
        }

        for (; i < length; i++)
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

    private static float Dot512(ref float x, ref float y, int count)
    {
        Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        nuint i = 0;
        nuint length = (nuint)count;
        for (; i + 64 <= length; i += 64)
        {
            sum0 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x, i), Vector512.LoadUnsafe(ref y, i), sum0);
            sum1 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x, i + 16), Vector512.LoadUnsafe(ref y, i + 16), sum1);
            sum2 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x, i + 32), Vector512.LoadUnsafe(ref y, i + 32), sum2);
            sum3 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x, i + 48), Vector512.LoadUnsafe(ref y, i + 48), sum3);
        }

        for (; i + 16 <= length; i += 16)
        {
            sum0 = Vector512.MultiplyAddEstimate(Vector512.LoadUnsafe(ref x, i), Vector512.LoadUnsafe(ref y, i), sum0);
        }

        return Vector512.Sum(sum0 + sum1 + (sum2 + sum3)) + DotRest(ref x, ref y, i, length);
    }

    private static float Dot256(ref float x, ref float y, int count)
    {
        Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        nuint i = 0;
        nuint length = (nuint)count;
        for (; i + 32 <= length; i += 32)
        {
            sum0 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, i), Vector256.LoadUnsafe(ref y, i), sum0);
            sum1 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, i + 8), Vector256.LoadUnsafe(ref y, i + 8), sum1);
            sum2 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, i + 16), Vector256.LoadUnsafe(ref y, i + 16), sum2);
            sum3 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, i + 24), Vector256.LoadUnsafe(ref y, i + 24), sum3);
        }

        for (; i + 8 <= length; i += 8)
        {
            sum0 = Vector256.MultiplyAddEstimate(Vector256.LoadUnsafe(ref x, i), Vector256.LoadUnsafe(ref y, i), sum0);
        }

        return Vector256.Sum(sum0 + sum1 + (sum2 + sum3)) + DotRest(ref x, ref y, i, length);
    }

    private static float DotRest(ref float x, ref float y, nuint start, nuint length)
    {
        float sum = 0;
        for (nuint i = start; i < length; i++)
        {
            sum += Unsafe.Add(ref x, i) * Unsafe.Add(ref y, i);
        }

        return sum;
    }
}
