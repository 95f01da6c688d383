using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dogana.Engine.Matrices;

/// <summary>Products of unsigned with signed bytes, summed four by four into integers. Exact, so every way gives the same.</summary>
internal static class ByteProducts
{
    /// <summary>Adds to each integer the products of its four bytes.</summary>
    /// <param name="sums">The sums so far.</param>
    /// <param name="weights">Unsigned bytes.</param>
    /// <param name="input">Signed bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sums, Vector256<byte> weights, Vector256<sbyte> input)
    {
        if (AvxVnni.IsSupported)
        {
            return AvxVnni.MultiplyWideningAndAdd(sums, weights, input);
        }

        return Avx2.IsSupported ? AddPairs(sums, weights, input) : AddPortable(sums, weights, input);
    }

    /// <summary>The same with AVX2: even and odd bytes as 16 bits, whose products are added two by two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddPairs(Vector256<int> sums, Vector256<byte> weights, Vector256<sbyte> input) =>
        sums + Avx2.MultiplyAddAdjacent(Even(weights), Even(input)) + Avx2.MultiplyAddAdjacent(Odd(weights), Odd(input));

    /// <summary>The same on any processor. A product of two bytes fits into 16 bits: it lies between -32,640 and 32,385.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> AddPortable(Vector256<int> sums, Vector256<byte> weights, Vector256<sbyte> input)
    {
        Vector256<int> even = (Even(weights) * Even(input)).AsInt32();
        Vector256<int> odd = (Odd(weights) * Odd(input)).AsInt32();
        return sums + ((even << 16) >> 16) + (even >> 16) + ((odd << 16) >> 16) + (odd >> 16);
    }

    /// <summary>Four bytes in every integer of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Spread(ref sbyte four) =>
        Vector256.Create(Unsafe.ReadUnaligned<int>(ref Unsafe.As<sbyte, byte>(ref four))).AsSByte();

    /// <summary>Eight unsigned bytes as integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Widen(ref byte eight)
    {
        Vector128<byte> bytes = Vector128.CreateScalar(Unsafe.ReadUnaligned<long>(ref eight)).AsByte();
        if (Avx2.IsSupported)
        {
            return Avx2.ConvertToVector256Int32(bytes);
        }

        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(Vector128.WidenLower(bytes));
        return Vector256.Create(low, high).AsInt32();
    }

    private static Vector256<short> Even(Vector256<byte> bytes) => bytes.AsInt16() & Vector256.Create((short)0xFF);

    private static Vector256<short> Even(Vector256<sbyte> bytes) => (bytes.AsInt16() << 8) >> 8;

    private static Vector256<short> Odd(Vector256<byte> bytes) => (bytes.AsUInt16() >> 8).AsInt16();

    private static Vector256<short> Odd(Vector256<sbyte> bytes) => bytes.AsInt16() >> 8;
}
