using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using Dogana.Engine;
using Dogana.Engine.Gguf;
using Dogana.Engine.Matrices;

namespace Dogana.Tests.Engine;

public sealed class WeightMatrixTests
{
    private const int Columns = 512;

    public static TheoryData<string> Types => ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q5_0", "Q4_K", "Q6_K"];

    public static TheoryData<string> QuantisedTypes => ["Q8_0", "Q4_0", "Q5_0", "Q4_K", "Q6_K"];

    [Theory]
    [MemberData(nameof(Types))]
    public void Rows_are_what_the_plain_decoder_says(string name)
    {
        TensorType type = Enum.Parse<TensorType>(name);
        for (int seed = 1; seed <= 5; seed++)
        {
            byte[] bytes = RandomBlocks(type, 37, seed);
            WeightMatrix matrix = Create(type, bytes, 37);
            float[] expected = PlainBlocks.Decode(type, bytes);
            float[] scratch = new float[Columns];
            for (int row = 0; row < 37; row++)
            {
                matrix.Row(row, scratch).ToArray().ShouldBe(expected[(row * Columns)..((row + 1) * Columns)], $"{type}, seed {seed}, row {row}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(QuantisedTypes))]
    public void Products_are_to_the_last_bit_those_of_plain_sums(string name)
    {
        TensorType type = Enum.Parse<TensorType>(name);
        for (int seed = 1; seed <= 5; seed++)
        {
            const int rows = 37, count = 3;
            byte[] bytes = RandomBlocks(type, rows, seed);
            float[] x = RandomInput(count, seed);
            float[] y = Multiply(Create(type, bytes, rows), x, count);
            int rowBytes = bytes.Length / rows;
            for (int i = 0; i < y.Length; i++)
            {
                float[] input = x[(i / rows * Columns)..((i / rows + 1) * Columns)];
                byte[] row = bytes[(i % rows * rowBytes)..((i % rows + 1) * rowBytes)];
                y[i].ShouldBe(PlainBlocks.Dot(type, row, input), $"{type}, seed {seed}, result {i}");
            }
        }
    }

    /// <summary>A sum of n products, each rounded, lies within n roundings of the exact one (Higham, Accuracy and Stability of Numerical Algorithms, §3.1).</summary>
    [Theory]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Products_of_floats_are_those_of_plain_sums_but_for_rounding(string name)
    {
        const int rows = 23, count = 7;
        TensorType type = Enum.Parse<TensorType>(name);
        for (int seed = 1; seed <= 5; seed++)
        {
            byte[] bytes = RandomBlocks(type, rows, seed);
            float[] weights = PlainBlocks.Decode(type, bytes);
            float[] x = RandomInput(count, seed);
            float[] y = Multiply(Create(type, bytes, rows), x, count);
            for (int i = 0; i < y.Length; i++)
            {
                double[] products = [.. Enumerable.Range(0, Columns).Select(column => (double)weights[(i % rows * Columns) + column] * x[(i / rows * Columns) + column])];
                double tolerance = products.Sum(Math.Abs) * Columns * Math.Pow(2, -24);
                ((double)y[i]).ShouldBe(products.Sum(), tolerance, $"{type}, seed {seed}, result {i}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_vector_alone_gives_the_same_as_with_others(string name)
    {
        const int rows = 23, count = 7; // neither can be halved: what is taken four at a time leaves some
        TensorType type = Enum.Parse<TensorType>(name);
        WeightMatrix matrix = Create(type, RandomBlocks(type, rows, 3), rows);
        float[] x = RandomInput(count, 4);
        float[] together = Multiply(matrix, x, count);
        for (int i = 0; i < count; i++)
        {
            Multiply(matrix, x[(i * Columns)..((i + 1) * Columns)], 1).ShouldBe(together[(i * rows)..((i + 1) * rows)]);
        }
    }

    [Fact]
    public void Every_way_of_multiplying_bytes_gives_the_same_sums()
    {
        var random = new Random(20_261_123);
        for (int round = 0; round < 2_000; round++)
        {
            byte[] weights = new byte[32];
            byte[] input = new byte[32];
            random.NextBytes(weights);
            random.NextBytes(input);
            if (round % 3 == 0)
            {
                Array.Fill(weights, (byte)255);
                Array.Fill(input, round % 2 == 0 ? (byte)128 : (byte)127);
            }

            int[] expected = [.. Enumerable.Range(0, 8).Select(lane => lane + Enumerable.Range(lane * 4, 4).Sum(i => weights[i] * unchecked((sbyte)input[i])))];
            Vector256<int> sums = Vector256<int>.Indices;
            Vector256<sbyte> signed = Vector256.Create(input).AsSByte();
            int[] Found(Vector256<int> found) => [.. Enumerable.Range(0, 8).Select(lane => found[lane])];
            Found(ByteProducts.Add(sums, Vector256.Create(weights), signed)).ShouldBe(expected);
            Found(ByteProducts.AddPortable(sums, Vector256.Create(weights), signed)).ShouldBe(expected);
            if (Avx2.IsSupported)
            {
                Found(ByteProducts.AddPairs(sums, Vector256.Create(weights), signed)).ShouldBe(expected);
            }
        }
    }

    [Theory]
    [MemberData(nameof(QuantisedTypes))]
    public void An_input_of_zeros_or_of_one_great_value_is_no_trouble(string name)
    {
        TensorType type = Enum.Parse<TensorType>(name);
        byte[] bytes = RandomBlocks(type, 16, 7);
        Multiply(Create(type, bytes, 16), new float[Columns], 1).ShouldAllBe(value => value == 0);
        float[] x = new float[Columns];
        x[300] = -1e-30f;
        x[301] = 1e6f;
        int rowBytes = bytes.Length / 16;
        Multiply(Create(type, bytes, 16), x, 1)[5].ShouldBe(PlainBlocks.Dot(type, bytes[(5 * rowBytes)..(6 * rowBytes)], x));
        Array.Fill(x, float.NaN);
        Multiply(Create(type, bytes, 16), x, 1).Length.ShouldBe(16);
    }

    [Theory]
    [InlineData("Q8_0", 0)]
    [InlineData("Q4_0", 0)]
    [InlineData("Q5_0", 0)]
    [InlineData("Q4_K", 0)]
    [InlineData("Q4_K", 2)]
    [InlineData("Q6_K", 208)]
    public void A_scale_that_is_not_finite_is_refused_by_name(string name, int at)
    {
        TensorType type = Enum.Parse<TensorType>(name);
        foreach (Half wrong in (Half[])[Half.NaN, Half.PositiveInfinity, Half.NegativeInfinity])
        {
            byte[] bytes = RandomBlocks(type, 3, 1);
            int block = (bytes.Length / PlainBlocks.Layout(type).Bytes) - 1;
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan((block * PlainBlocks.Layout(type).Bytes) + at), wrong);
            ModelFileException error = Should.Throw<ModelFileException>(() => Create(type, bytes, 3));
            error.Tensor.ShouldBe("some.weight");
            error.Message.ShouldContain("of row 2 is not a finite number");
        }
    }

    /// <summary>The values beside the blocks come from ggml's own library; <c>bench/LlamaCpp</c> says how (its command <c>golden</c>).</summary>
    [Theory]
    [InlineData("Q8_0")]
    [InlineData("Q4_0")]
    [InlineData("Q5_0")]
    [InlineData("Q4_K")]
    [InlineData("Q6_K")]
    [InlineData("BF16")]
    public void Blocks_are_expanded_as_by_ggml(string name)
    {
        TensorType type = Enum.Parse<TensorType>(name);
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Repository.File("tests/Dogana.Tests/Engine/ggml-blocks.json")));
        JsonElement entry = golden.RootElement.GetProperty(name);
        byte[] bytes = entry.GetProperty("blocks").GetBytesFromBase64();
        float[] expected = [.. entry.GetProperty("values").EnumerateArray().Select(value => value.GetSingle())];
        expected.Length.ShouldBe(512);
        Create(type, bytes, 1).Row(0, new float[Columns]).ToArray().ShouldBe(expected);
    }

    private static WeightMatrix Create(TensorType type, byte[] bytes, int rows) =>
        WeightMatrix.Create(new GgufTensor("some.weight", type, [Columns, rows], 0, bytes.Length), bytes, rows, Columns);

    private static float[] Multiply(WeightMatrix matrix, float[] x, int count)
    {
        var input = new MatrixInput(count, Columns);
        input.Set(x, count, Columns);
        float[] y = new float[count * matrix.Rows];
        matrix.Multiply(input, y);
        return y;
    }

    private static float[] RandomInput(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * Columns).Select(i => (float)((random.NextDouble() - 0.5) * Math.Pow(10, (i / 32 % 9) - 4)))];
    }

    /// <summary>Blocks of random bytes; scales of all sizes and signs, with zero and the smallest halves among them.</summary>
    private static byte[] RandomBlocks(TensorType type, int rows, int seed)
    {
        var random = new Random(seed);
        (int values, int size) = PlainBlocks.Layout(type);
        byte[] bytes = new byte[rows * Columns / values * size];
        random.NextBytes(bytes);
        if (!PlainBlocks.IsQuantised(type))
        {
            float[] singles = [.. Enumerable.Range(0, rows * Columns).Select(i => (float)((random.NextDouble() - 0.5) * Math.Pow(10, (i % 9) - 4)))];
            return Dogana.Testing.ModelFiles.BlockEncoder.Encode((Dogana.Testing.ModelFiles.WeightType)type, singles);
        }

        for (int block = 0; block < bytes.Length; block += size)
        {
            foreach (int at in type == TensorType.Q4_K ? (int[])[0, 2] : [type == TensorType.Q6_K ? 208 : 0])
            {
                Half scale = (block / size % 7) switch
                {
                    0 => Half.Epsilon,
                    1 => (Half)0,
                    2 => BitConverter.UInt16BitsToHalf((ushort)random.Next(0x400)),
                    _ => (Half)((random.NextDouble() - 0.5) * 0.1),
                };
                BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(block + at), scale);
            }
        }

        return bytes;
    }
}
