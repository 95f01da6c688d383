using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dogana.Engine.Matrices;

/// <summary>Scales of blocks: half precision in the file, floats in a panel.</summary>
internal static class BlockScale
{
    /// <summary>The bytes that the sixteen scales of a panel's block take.</summary>
    public const int PanelBytes = 64;

    /// <summary>Moves a row's scale from a file's block to the start of <paramref name="panel"/>.</summary>
    /// <returns>False when it is not a finite number.</returns>
    public static bool TryPack(ReadOnlySpan<byte> block, Span<byte> panel, int row)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        MemoryMarshal.Cast<byte, float>(panel)[row] = scale;
        return float.IsFinite(scale);
    }

    public static float Read(ReadOnlySpan<byte> panel, int row) => MemoryMarshal.Cast<byte, float>(panel)[row];

    /// <summary>Adds to eight rows' sums their integers times their scales and the input's scale.</summary>
    /// <remarks>A product and an addition, not fused: processors without fused operations must give the same.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> sums, Vector256<int> integers, ref byte scales, float inputScale)
    {
        Vector256<float> scale = Vector256.LoadUnsafe(ref Unsafe.As<byte, float>(ref scales)) * Vector256.Create(inputScale);
        return sums + (Vector256.ConvertToSingle(integers) * scale);
    }
}
