using System.Buffers.Binary;
using Dogana.Engine.Gguf;

namespace Dogana.Tests.Engine;

/// <summary>ggml's blocks written down naively, value by value: what the engine's matrices are compared with.</summary>
internal static class PlainBlocks
{
    public static float[] Decode(TensorType type, byte[] bytes)
    {
        (int values, int size) = Layout(type);
        return [.. Enumerable.Range(0, bytes.Length / size * values).Select(i => Value(type, bytes.AsSpan(i / values * size, size), i % values))];
    }

    public static (int Values, int Bytes) Layout(TensorType type) => type switch
    {
        TensorType.F32 => (1, 4),
        TensorType.F16 or TensorType.BF16 => (1, 2),
        TensorType.Q8_0 => (32, 34),
        TensorType.Q4_0 => (32, 18),
        TensorType.Q5_0 => (32, 22),
        TensorType.Q4_K => (256, 144),
        TensorType.Q6_K => (256, 210),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not known here."),
    };

    public static bool IsQuantised(TensorType type) => Layout(type).Values > 1;

    /// <summary>What becomes of an input before it meets weights of a type: whole numbers and a scale for each block.</summary>
    public static (int[] Quants, float[] Scales) QuantiseInput(TensorType type, float[] input)
    {
        int step = Layout(type).Values;
        int[] quants = new int[input.Length];
        float[] scales = new float[input.Length / step];
        for (int block = 0; block < scales.Length; block++)
        {
            float furthest = 0;
            for (int i = block * step; i < (block + 1) * step; i++)
            {
                furthest = Math.Abs(input[i]) > Math.Abs(furthest) ? input[i] : furthest;
            }

            float inverse = furthest == 0 ? 0 : step == 32 ? 127 / Math.Abs(furthest) : -127 / furthest;
            scales[block] = furthest == 0 ? 0 : step == 32 ? (float)(Half)(Math.Abs(furthest) / 127) : 1 / inverse;
            for (int i = block * step; i < (block + 1) * step; i++)
            {
                quants[i] = (int)MathF.Round(input[i] * inverse, MidpointRounding.ToEven);
            }
        }

        return (quants, scales);
    }

    /// <summary>A row's dot product with an input: whole numbers within a block, then floats block after block.</summary>
    public static float Dot(TensorType type, byte[] row, float[] input)
    {
        (int values, int size) = Layout(type);
        (int[] quants, float[] scales) = QuantiseInput(type, input);
        float sum = 0;
        for (int number = 0; number < scales.Length; number++)
        {
            ReadOnlySpan<byte> block = row.AsSpan(number * size, size);
            int whole = 0, leasts = 0;
            for (int i = 0; i < values; i++)
            {
                (int quant, int scale, int least) = Parts(type, block, i);
                whole += quant * scale * quants[(number * values) + i];
                leasts += least * quants[(number * values) + i];
            }

            sum += whole * (Scale(type, block) * scales[number]);
            if (type == TensorType.Q4_K)
            {
                sum += leasts * (Half(block, 2) * -scales[number]);
            }
        }

        return sum;
    }

    private static float Value(TensorType type, ReadOnlySpan<byte> block, int i)
    {
        switch (type)
        {
            case TensorType.F32:
                return BinaryPrimitives.ReadSingleLittleEndian(block);
            case TensorType.F16:
                return Half(block, 0);
            case TensorType.BF16:
                return BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(block) << 16);
        }

        (int quant, int scale, int least) = Parts(type, block, i);
        float value = Scale(type, block) * scale * quant;
        return type == TensorType.Q4_K ? value - (Half(block, 2) * least) : value;
    }

    /// <summary>A value's whole number, the whole number that scales it within its block, and its part's least value.</summary>
    private static (int Quant, int Scale, int Least) Parts(TensorType type, ReadOnlySpan<byte> block, int i)
    {
        switch (type)
        {
            case TensorType.Q8_0:
                return (unchecked((sbyte)block[2 + i]), 1, 0);
            case TensorType.Q4_0:
                return ((i < 16 ? block[2 + i] & 15 : block[2 + i - 16] >> 4) - 8, 1, 0);
            case TensorType.Q5_0:
                int four = i < 16 ? block[6 + i] % 16 : block[6 + i - 16] / 16;
                return (four + (block[2 + (i / 8)] / (1 << (i % 8)) % 2 * 16) - 16, 1, 0);
            case TensorType.Q4_K:
                int part = i / 32;
                int both = block[16 + (part / 2 * 32) + (i % 32)];
                ReadOnlySpan<byte> packed = block.Slice(4, 12);
                int six = part < 4 ? packed[part] & 63 : (packed[part + 4] & 15) + (packed[part - 4] / 64 * 16);
                int least = part < 4 ? packed[part + 4] & 63 : (packed[part + 4] / 16) + (packed[part] / 64 * 16);
                return (part % 2 == 0 ? both & 15 : both >> 4, six, least);
            default:
                int half = i / 128, quarter = i % 128 / 32, column = i % 32;
                int lower = block[(half * 64) + (quarter % 2 * 32) + column];
                int upper = block[128 + (half * 32) + column] / (1 << (2 * quarter)) % 4;
                return ((quarter < 2 ? lower % 16 : lower / 16) + (upper * 16) - 32, unchecked((sbyte)block[192 + (i / 16)]), 0);
        }
    }

    private static float Scale(TensorType type, ReadOnlySpan<byte> block) => Half(block, type == TensorType.Q6_K ? 208 : 0);

    private static float Half(ReadOnlySpan<byte> block, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(block[at..]);
}
