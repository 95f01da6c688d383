using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dogana.Engine.Matrices;

/// <summary>Input vectors as signed bytes with a scale a block, for matrices whose weights are small integers too.</summary>
/// <remarks>
/// The rules are those of ggml's Q8_0 (blocks) and Q8_K (super-blocks), so that a model says what it says there: its authors chose
/// its quantisation by trying it there.
/// </remarks>
internal sealed class QuantisedVectors
{
    /// <summary>Values that share a scale beside weights in blocks of 32.</summary>
    public const int BlockValues = 32;

    /// <summary>Values that share a scale beside weights in blocks of 256.</summary>
    public const int SuperBlockValues = 256;

    /// <summary>In a super-block, values that share a sum.</summary>
    public const int SumValues = 16;

    private readonly bool _isSuper;
    private readonly sbyte[] _quants;
    private readonly float[] _scales;
    private readonly int[] _sums;
    private int _columns;

    public QuantisedVectors(int vectorsMax, int columnsMax, bool isSuper)
    {
        _isSuper = isSuper;
        _quants = new sbyte[vectorsMax * columnsMax];
        _scales = new float[(_quants.Length / ScaleValues) + 1];
        _sums = new int[(_quants.Length / SumLength) + 1];
    }

    public bool IsFilled { get; set; }

    private int ScaleValues => _isSuper ? SuperBlockValues : BlockValues;

    private int SumLength => _isSuper ? SumValues : BlockValues;

    public QuantisedVector this[int index]
    {
        get
        {
            int start = index * _columns;
            return new QuantisedVector(ref _quants[start], ref _scales[start / ScaleValues], ref _sums[start / SumLength]);
        }
    }

    /// <summary>Quantises vectors that lie one after another.</summary>
    public void Fill(ReadOnlySpan<float> values, int columns)
    {
        _columns = columns;
        int step = ScaleValues;
        for (int block = 0; block < values.Length / step; block++)
        {
            int start = block * step;
            ReadOnlySpan<float> part = values.Slice(start, step);
            _scales[block] = _isSuper
                ? FillSuperBlock(part, _quants.AsSpan(start, step))
                : FillBlock(part, _quants.AsSpan(start, step));
        }

        for (int sum = 0; sum < values.Length / SumLength; sum++)
        {
            _sums[sum] = Sum(_quants.AsSpan(sum * SumLength, SumLength));
        }

        IsFilled = true;
    }

    private static float FillBlock(ReadOnlySpan<float> values, Span<sbyte> quants)
    {
        float largest = TensorPrimitives.MaxMagnitude<float>(values);
        largest = MathF.Abs(largest);
        Round(values, largest == 0 ? 0 : 127 / largest, quants);
        // The scale has the precision that it has beside the weights.
        return (float)(Half)(largest / 127);
    }

    /// <summary>The value furthest from zero becomes -127, whatever its sign.</summary>
    private static float FillSuperBlock(ReadOnlySpan<float> values, Span<sbyte> quants)
    {
        float largest = values[TensorPrimitives.IndexOfMaxMagnitude(values)];
        float inverse = largest == 0 ? 0 : -127 / largest;
        Round(values, inverse, quants);
        return largest == 0 ? 0 : 1 / inverse;
    }

    /// <summary>Scaled values to the nearest integers, of two equally near to the even one.</summary>
    private static void Round(ReadOnlySpan<float> values, float inverse, Span<sbyte> quants)
    {
        ref float value = ref MemoryMarshal.GetReference(values);
        ref sbyte quant = ref MemoryMarshal.GetReference(quants);
        for (int left = values.Length; left > 0; left -= 32)
        {
            Vector256<short> first = Vector256.Narrow(Round(ref value, inverse), Round(ref Unsafe.Add(ref value, 8), inverse));
            Vector256<short> second = Vector256.Narrow(Round(ref Unsafe.Add(ref value, 16), inverse), Round(ref Unsafe.Add(ref value, 24), inverse));
            Vector256.Narrow(first, second).StoreUnsafe(ref quant);
            value = ref Unsafe.Add(ref value, 32);
            quant = ref Unsafe.Add(ref quant, 32);
        }
    }

    private static Vector256<int> Round(ref float value, float inverse) =>
        Vector256.ConvertToInt32(Vector256.Round(Vector256.LoadUnsafe(ref value) * Vector256.Create(inverse)));

    private static int Sum(ReadOnlySpan<sbyte> quants)
    {
        int sum = 0;
        for (int i = 0; i < quants.Length; i += 16)
        {
            (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Create(quants.Slice(i, 16)));
            sum += Vector128.Sum(low + high);
        }

        return sum;
    }
}

/// <summary>One quantised vector: its bytes, the scales of its blocks, and sums of its bytes.</summary>
internal readonly ref struct QuantisedVector(ref sbyte quants, ref float scales, ref int sums)
{
    public readonly ref sbyte Quants = ref quants;

    public readonly ref float Scales = ref scales;

    public readonly ref int Sums = ref sums;
}
