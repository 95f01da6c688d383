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
    /// <summary>The vectors of <see cref="DotFour"/>.</summary>
    public const int Four = 4;

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

    /// <summary>
    /// Dot products of <paramref name="a"/> with four vectors that lie one after another, each to the last bit what
    /// <see cref="Dot"/> gives; results lie <paramref name="step"/> apart.
    /// </summary>
    public static void DotFour(ReadOnlySpan<float> a, ReadOnlySpan<float> four, Span<float> results, int step)
    {
        int length = a.Length;
        if (Vector512.IsHardwareAccelerated && length % 64 == 0)
        {
            Vector128<float> sums = DotFour512(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(four[..(Four * length)]), length);
            for (int i = 0; i < Four; i++)
            {
                results[i * step] = sums[i];
            }

            return;
        }

        for (int i = 0; i < Four; i++)
        {
            results[i * step] = Dot(a, four.Slice(i * length, length));
        }
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

    /// <summary>Numbers of which only the upper 16 bits are stored (BF16) as floats.</summary>
    public static void ExpandUpperHalves(ReadOnlySpan<ushort> halves, Span<float> into)
    {
        ref ushort half = ref MemoryMarshal.GetReference(halves);
        ref float target = ref MemoryMarshal.GetReference(into[..halves.Length]);
        int left = halves.Length;
        for (; left >= 16; left -= 16)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.LoadUnsafe(ref half));
            (low << 16).AsSingle().StoreUnsafe(ref target);
            (high << 16).AsSingle().StoreUnsafe(ref target, 8);
            half = ref Unsafe.Add(ref half, 16);
            target = ref Unsafe.Add(ref target, 16);
        }

        for (int i = 0; i < left; i++)
        {
            Unsafe.Add(ref target, i) = BitConverter.UInt32BitsToSingle((uint)Unsafe.Add(ref half, i) << 16);
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

    /// <summary>Reads each part of the row once for all four; a multiple of 64 values.</summary>
    private static Vector128<float> DotFour512(ref float x, ref float y, int count)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        ref float a = ref y;
        ref float b = ref Unsafe.Add(ref a, count);
        ref float c = ref Unsafe.Add(ref b, count);
        ref float d = ref Unsafe.Add(ref c, count);
        for (; count > 0; count -= 64)
        {
            Vector512<float> w = Vector512.LoadUnsafe(ref x);
            a0 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref a), a0);
            b0 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref b), b0);
            c0 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref c), c0);
            d0 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref d), d0);
            w = Vector512.LoadUnsafe(ref x, 16);
            a1 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref a, 16), a1);
            b1 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref b, 16), b1);
            c1 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref c, 16), c1);
            d1 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref d, 16), d1);
            w = Vector512.LoadUnsafe(ref x, 32);
            a2 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref a, 32), a2);
            b2 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref b, 32), b2);
            c2 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref c, 32), c2);
            d2 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref d, 32), d2);
            w = Vector512.LoadUnsafe(ref x, 48);
            a3 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref a, 48), a3);
            b3 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref b, 48), b3);
            c3 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref c, 48), c3);
            d3 = Vector512.MultiplyAddEstimate(w, Vector512.LoadUnsafe(ref d, 48), d3);
            x = ref Unsafe.Add(ref x, 64);
            a = ref Unsafe.Add(ref a, 64);
            b = ref Unsafe.Add(ref b, 64);
            c = ref Unsafe.Add(ref c, 64);
            d = ref Unsafe.Add(ref d, 64);
        }

        return Vector128.Create(
            Vector512.Sum(a0 + a1 + (a2 + a3)), Vector512.Sum(b0 + b1 + (b2 + b3)), Vector512.Sum(c0 + c1 + (c2 + c3)), Vector512.Sum(d0 + d1 + (d2 + d3)));
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
