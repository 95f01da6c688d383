using System.Globalization;
using System.Runtime.InteropServices;
using Dogana.Engine.Gguf;
using Dogana.Engine.Matrices;

namespace Dogana.Engine.Llama;

/// <summary>A matrix and what is added to its results, if anything.</summary>
internal sealed record Projection(WeightMatrix Matrix, float[]? Bias);

/// <summary>The weights of one layer.</summary>
internal sealed record LlamaLayer(
    float[] AttentionNorm,
    Projection Query,
    Projection Key,
    Projection Value,
    WeightMatrix AttentionOutput,
    float[] FeedForwardNorm,
    WeightMatrix Gate,
    WeightMatrix Up,
    WeightMatrix Down);

/// <summary>All weights of a model. Immutable once read, shared by all calls.</summary>
internal sealed class LlamaWeights
{
    private LlamaWeights(Reading reading, LlamaShape shape, int vocabulary)
    {
        Shape = shape;
        Embedding = reading.Matrix("token_embd.weight", vocabulary, shape.Width);
        OutputNorm = reading.Vector("output_norm.weight", shape.Width);
        // Without a matrix of its own the output shares the embedding's ("tied").
        Output = reading.Has("output.weight") ? reading.Matrix("output.weight", vocabulary, shape.Width) : Embedding;
        RopeFactors = reading.Has("rope_freqs.weight") ? reading.Vector("rope_freqs.weight", shape.RopeWidth / 2) : null;
        Layers = [.. Enumerable.Range(0, shape.Layers).Select(number => ReadLayer(reading, shape, number))];
        ParameterCount = reading.ParameterCount;
        Quantisation = reading.MostCommonType;
    }

    public LlamaShape Shape { get; }

    public WeightMatrix Embedding { get; }

    public float[] OutputNorm { get; }

    public WeightMatrix Output { get; }

    /// <summary>Divisors of the rotary frequencies, one a pair of values (llama 3.1 and later).</summary>
    public float[]? RopeFactors { get; }

    public IReadOnlyList<LlamaLayer> Layers { get; }

    public long ParameterCount { get; }

    /// <summary>The type that most weights have.</summary>
    public TensorType Quantisation { get; }

    public static LlamaWeights Read(GgufFile file, int vocabulary)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Weights are used as they lie in the file, which needs a little-endian machine.");
        }

        var reading = new Reading(file);
        var weights = new LlamaWeights(reading, LlamaShape.Read(file.Metadata), vocabulary);
        reading.RequireAllUsed();
        return weights;
    }

    private static LlamaLayer ReadLayer(Reading reading, LlamaShape shape, int number)
    {
        string Name(string part, string kind = "weight") => string.Create(CultureInfo.InvariantCulture, $"blk.{number}.{part}.{kind}");
        Projection Project(string part, int rows, int[]? order) => new(
            reading.Matrix(Name(part), rows, shape.Width, order),
            shape.Family.HasBiases ? reading.Vector(Name(part, "bias"), rows, order) : null);
        return new LlamaLayer(
            reading.Vector(Name("attn_norm"), shape.Width),
            Project("attn_q", shape.QueryWidth, NeighbourOrder(shape, shape.Heads)),
            Project("attn_k", shape.KeyValueWidth, NeighbourOrder(shape, shape.KeyValueHeads)),
            Project("attn_v", shape.KeyValueWidth, order: null),
            reading.Matrix(Name("attn_output"), shape.Width, shape.QueryWidth),
            reading.Vector(Name("ffn_norm"), shape.Width),
            reading.Matrix(Name("ffn_gate"), shape.FeedForward, shape.Width),
            reading.Matrix(Name("ffn_up"), shape.FeedForward, shape.Width),
            reading.Matrix(Name("ffn_down"), shape.Width, shape.FeedForward));
    }

    /// <summary>Which row of the file comes where, so that values that turn together are neighbours; null when they are in the file.</summary>
    private static int[]? NeighbourOrder(LlamaShape shape, int heads)
    {
        if (!shape.Family.TurnsHalves)
        {
            return null;
        }

        int[] order = [.. Enumerable.Range(0, heads * shape.HeadWidth)];
        for (int head = 0; head < order.Length; head += shape.HeadWidth)
        {
            for (int i = 0; i < shape.RopeWidth; i++)
            {
                order[head + i] = head + (i / 2) + (i % 2 * (shape.RopeWidth / 2));
            }
        }

        return order;
    }

    /// <summary>Takes tensors out of a file by name and shape, and knows which were left.</summary>
    private sealed class Reading(GgufFile file)
    {
        private readonly HashSet<string> _used = new(StringComparer.Ordinal);
        private readonly Dictionary<TensorType, long> _valuesOfType = [];

        public long ParameterCount => _valuesOfType.Values.Sum();

        public TensorType MostCommonType => _valuesOfType.MaxBy(pair => pair.Value).Key;

        public bool Has(string name) => file.Tensors.ContainsKey(name);

        public WeightMatrix Matrix(string name, int rows, int columns, int[]? order = null)
        {
            GgufTensor tensor = Find(name, columns, rows);
            return WeightMatrix.Create(tensor, Ordered(file.ReadTensor(tensor), order), rows, columns);
        }

        public float[] Vector(string name, int length, int[]? order = null)
        {
            GgufTensor tensor = Find(name, length);
            float[] values = WeightMatrix.Create(tensor, file.ReadTensor(tensor), 1, length).Row(0, new float[length]).ToArray();
            return order is null ? values : Array.ConvertAll(order, from => values[from]);
        }

        /// <summary>A tensor that is not read (a bias, an adapter) would silently change what the model says.</summary>
        public void RequireAllUsed()
        {
            string? unused = file.Tensors.Keys.FirstOrDefault(name => !_used.Contains(name));
            if (unused is not null)
            {
                throw ModelFileException.ForTensor(unused, "is not a part of the architecture that this engine knows.");
            }
        }

        /// <summary>The bytes of a matrix with its rows in another order.</summary>
        private static byte[] Ordered(byte[] bytes, int[]? order)
        {
            if (order is null)
            {
                return bytes;
            }

            byte[] ordered = new byte[bytes.Length];
            int rowBytes = bytes.Length / order.Length;
            for (int row = 0; row < order.Length; row++)
            {
                bytes.AsSpan(order[row] * rowBytes, rowBytes).CopyTo(ordered.AsSpan(row * rowBytes));
            }

            return ordered;
        }

        private GgufTensor Find(string name, params ReadOnlySpan<long> dimensions)
        {
            if (!file.Tensors.TryGetValue(name, out GgufTensor? tensor))
            {
                throw ModelFileException.ForTensor(name, $"expected shape [{Join(dimensions)}], found no such tensor.");
            }

            if (!CollectionsMarshal.AsSpan(tensor.Dimensions.ToList()).SequenceEqual(dimensions))
            {
                throw ModelFileException.ForTensor(
                    name, $"expected shape [{Join(dimensions)}], found [{string.Join(", ", tensor.Dimensions)}].");
            }

            if (_used.Add(name))
            {
                _valuesOfType[tensor.Type] = _valuesOfType.GetValueOrDefault(tensor.Type) + tensor.ValueCount;
            }

            return tensor;
        }

        private static string Join(ReadOnlySpan<long> dimensions) => string.Join(", ", dimensions.ToArray());
    }
}
