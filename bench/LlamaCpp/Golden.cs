using System.Text.Json;

namespace LlamaCpp;

/// <summary>Blocks of random bytes and what ggml makes of them.</summary>
internal static class Golden
{
    private const int Values = 512;

    public static unsafe void Write(string path)
    {
        var random = new Random(20_261_123);
        var types = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["Q8_0"] = Make(random, 34, 32, [0], Native.ExpandBytes),
            ["Q4_0"] = Make(random, 18, 32, [0], Native.ExpandNibbles),
            ["Q4_K"] = Make(random, 144, 256, [0, 2], Native.ExpandNibbleSupers),
            ["Q6_K"] = Make(random, 210, 256, [208], Native.ExpandSixBitSupers),
            ["BF16"] = Make(random, 2, 1, [0], Native.ExpandUpperHalves),
            ["Q5_0"] = Make(random, 22, 32, [0], Native.ExpandFiveBits),
        };
        File.WriteAllText(path, JsonSerializer.Serialize(types) + "\n");
    }

    private unsafe delegate void Expand(byte* blocks, float* values, long count);

    private static unsafe object Make(Random random, int size, int valuesOfBlock, int[] scales, Expand expand)
    {
        byte[] blocks = new byte[Values / valuesOfBlock * size];
        random.NextBytes(blocks);
        for (int block = 0; block < blocks.Length; block += size)
        {
            foreach (int scale in scales)
            {
                // Finite, also where two bytes are the upper half of a float: no exponent of all ones.
                blocks[block + scale + 1] &= 0xBB;
            }
        }

        float[] values = new float[Values];
        fixed (byte* from = blocks)
        fixed (float* to = values)
        {
            expand(from, to, Values);
        }

        return new { blocks, values };
    }
}
