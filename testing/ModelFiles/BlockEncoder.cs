using System.Buffers.Binary;

namespace Dogana.Testing.ModelFiles;

/// <summary>Writes weights in ggml's types: plainly, without the search for the best scales that programs for release files do.</summary>
public static class BlockEncoder
{
    private const int SuperValues = 256;

    /// <summary>The type itself where its blocks fit into rows of this length, otherwise what llama.cpp falls back to (Q5_0, Q8_0), or F16.</summary>
    public static WeightType Fitting(WeightType type, int columns) => type switch
    {
        WeightType.Q4_K when columns % SuperValues != 0 => Fitting(WeightType.Q5_0, columns),
        WeightType.Q6_K when columns % SuperValues != 0 => Fitting(WeightType.Q8_0, columns),
        WeightType.Q8_0 or WeightType.Q4_0 or WeightType.Q5_0 when columns % 32 != 0 => WeightType.F16,
        _ => type,
    };

    /// <summary>The bytes of values in a type; rows must be of whole blocks.</summary>
    public static byte[] Encode(WeightType type, ReadOnlySpan<float> values)
    {
        (int count, int size) = type switch
        {
            WeightType.F32 => (1, 4),
            WeightType.F16 or WeightType.BF16 => (1, 2),
            WeightType.Q8_0 => (32, 34),
            WeightType.Q4_0 => (32, 18),
            WeightType.Q5_0 => (32, 22),
            WeightType.Q4_K => (SuperValues, 144),
            WeightType.Q6_K => (SuperValues, 210),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not written."),
        };
        byte[] bytes = new byte[values.Length / count * size];
        for (int block = 0; block < values.Length / count; block++)
        {
            Write(type, values.Slice(block * count, count), bytes.AsSpan(block * size, size));
        }

        return bytes;
    }

    private static void Write(WeightType type, ReadOnlySpan<float> values, Span<byte> block)
    {
        switch (type)
        {
            case WeightType.F32:
                BinaryPrimitives.WriteSingleLittleEndian(block, values[0]);
                break;
            case WeightType.F16:
                BinaryPrimitives.WriteHalfLittleEndian(block, (Half)values[0]);
                break;
            case WeightType.BF16:
                uint bits = BitConverter.SingleToUInt32Bits(values[0]);
                BinaryPrimitives.WriteUInt16LittleEndian(block, (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16));
                break;
            case WeightType.Q8_0:
                WriteBytes(values, block);
                break;
            case WeightType.Q4_0:
                WriteNibbles(values, block);
                break;
            case WeightType.Q5_0:
                WriteFiveBits(values, block);
                break;
            case WeightType.Q4_K:
                WriteNibblesWithLeasts(values, block);
                break;
            default:
                WriteSixBits(values, block);
                break;
        }
    }

    private static void WriteBytes(ReadOnlySpan<float> values, Span<byte> block)
    {
        float scale = WriteScale(MathF.Abs(Furthest(values)) / 127, block);
        for (int i = 0; i < values.Length; i++)
        {
            block[2 + i] = unchecked((byte)Whole(values[i], scale, -127, 127));
        }
    }

    private static void WriteNibbles(ReadOnlySpan<float> values, Span<byte> block)
    {
        float scale = WriteScale(Furthest(values) / -8, block);
        for (int i = 0; i < 16; i++)
        {
            block[2 + i] = (byte)((Whole(values[i], scale, -8, 7) + 8) | ((Whole(values[i + 16], scale, -8, 7) + 8) << 4));
        }
    }

    private static void WriteFiveBits(ReadOnlySpan<float> values, Span<byte> block)
    {
        float scale = WriteScale(Furthest(values) / -16, block);
        uint fifths = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int whole = Whole(values[i], scale, -16, 15) + 16;
            block[6 + (i % 16)] |= (byte)((whole & 15) << (i / 16 * 4));
            fifths |= (uint)(whole >> 4) << i;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(block[2..], fifths);
    }

    private static void WriteNibblesWithLeasts(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[8];
        Span<float> leasts = stackalloc float[8];
        float scaleMax = 0, leastMax = 0;
        for (int part = 0; part < 8; part++)
        {
            float low = 0, high = float.NegativeInfinity;
            foreach (float value in values.Slice(part * 32, 32))
            {
                low = MathF.Min(low, value);
                high = MathF.Max(high, value);
            }

            scales[part] = (high - low) / 15;
            leasts[part] = -low;
            scaleMax = MathF.Max(scaleMax, scales[part]);
            leastMax = MathF.Max(leastMax, leasts[part]);
        }

        float scale = WriteScale(scaleMax / 63, block);
        float least = WriteScale(leastMax / 63, block[2..]);
        Span<byte> packed = block.Slice(4, 12);
        for (int part = 0; part < 8; part++)
        {
            int six = Whole(scales[part], scale, 0, 63), sixLeast = Whole(leasts[part], least, 0, 63);
            if (part < 4)
            {
                packed[part] |= (byte)six;
                packed[part + 4] |= (byte)sixLeast;
            }
            else
            {
                packed[part + 4] = (byte)((six & 15) | ((sixLeast & 15) << 4));
                packed[part - 4] |= (byte)(six >> 4 << 6);
                packed[part] |= (byte)(sixLeast >> 4 << 6);
            }

            for (int i = 0; i < 32; i++)
            {
                int whole = Whole(values[(part * 32) + i] + (least * sixLeast), scale * six, 0, 15);
                block[16 + (part / 2 * 32) + i] |= (byte)(part % 2 == 0 ? whole : whole << 4);
            }
        }
    }

    private static void WriteSixBits(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[16];
        float scaleMax = 0;
        for (int part = 0; part < 16; part++)
        {
            scales[part] = Furthest(values.Slice(part * 16, 16)) / -32;
            scaleMax = MathF.Max(scaleMax, MathF.Abs(scales[part]));
        }

        float scale = WriteScale(scaleMax / 127, block[208..]);
        for (int part = 0; part < 16; part++)
        {
            int whole = Whole(scales[part], scale, -127, 127);
            block[192 + part] = unchecked((byte)whole);
            for (int i = part * 16; i < (part + 1) * 16; i++)
            {
                int value = Whole(values[i], scale * whole, -32, 31) + 32;
                (int half, int within) = Math.DivRem(i, 128);
                block[(half * 64) + (within % 64)] |= (byte)((value & 15) << (within / 64 * 4));
                block[128 + (half * 32) + (within % 32)] |= (byte)(value >> 4 << (within / 32 * 2));
            }
        }
    }

    /// <summary>The value furthest from zero, with its sign.</summary>
    private static float Furthest(ReadOnlySpan<float> values)
    {
        float furthest = 0;
        foreach (float value in values)
        {
            furthest = MathF.Abs(value) > MathF.Abs(furthest) ? value : furthest;
        }

        return furthest;
    }

    private static float WriteScale(float scale, Span<byte> block)
    {
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        return (float)(Half)scale;
    }

    private static int Whole(float value, float scale, int min, int max) =>
        scale == 0 ? Math.Clamp(0, min, max) : (int)Math.Clamp(MathF.Round(value / scale), min, max);
}
