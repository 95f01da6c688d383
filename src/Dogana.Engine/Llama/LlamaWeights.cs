using System.Globalization;
using System.Runtime.InteropServices;
using Dogana.Engine.Gguf;

namespace Dogana.Engine.Llama;

/// <summary>The weights of one layer.</summary>
internal sealed record LlamaLayer(
    float[] AttentionNorm,
    WeightMatrix Query,
    WeightMatrix Key,
    WeightMatrix Value,
    WeightMatrix AttentionOutput,
    float[] FeedForwardNorm,
    WeightMatrix Gate,
    WeightMatrix Up,
    WeightMatrix Down);

/// <summary>All weights of a llama model. Immutable once read, shared by all calls.</summary>
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
        string Name(string part) => string.Create(CultureInfo.InvariantCulture, $"blk.{number}.{part}.weight");
        return new LlamaLayer(
            reading.Vector(Name("attn_norm"), shape.Width),
            reading.Matrix(Name("attn_q"), shape.QueryWidth, shape.Width),
            reading.Matrix(Name("attn_k"), shape.KeyValueWidth, shape.Width),
            reading.Matrix(Name("attn_v"), shape.KeyValueWidth, shape.Width),
            reading.Matrix(Name("attn_output"), shape.Width, shape.QueryWidth),
            reading.Vector(Name("ffn_norm"), shape.Width),
            reading.Matrix(Name("ffn_gate"), shape.FeedForward, shape.Width),
            reading.Matrix(Name("ffn_up"), shape.FeedForward, shape.Width),
            reading.Matrix(Name("ffn_down"), shape.Width, shape.FeedForward));
    }

    /// <summary>Takes tensors out of a file by name and shape, and knows which were left.</summary>
    private sealed class Reading(GgufFile file)
    {
        private readonly HashSet<string> _used = new(StringComparer.Ordinal);
        private readonly Dictionary<TensorType, long> _valuesOfType = [];

        public long ParameterCount => _valuesOfType.Values.Sum();

        public TensorType MostCommonType => _valuesOfType.MaxBy(pair => pair.Value).Key;

        public bool Has(string name) => file.Tensors.ContainsKey(name);

        public WeightMatrix Matrix(string name, int rows, int columns)
        {
            GgufTensor tensor = Find(name, columns, rows);
            return WeightMatrix.Create(tensor.Type, file.ReadTensor(tensor), rows, columns);
        }

        public float[] Vector(string name, int length)
        {
            GgufTensor tensor = Find(name, length);
            return WeightMatrix.Create(tensor.Type, file.ReadTensor(tensor), 1, length).Row(0, new float[length]).ToArray();
        }

        /// <summary>A tensor that is not read (a bias, an adapter) would silently change what the model says.</summary>
        public void RequireAllUsed()
        {
            string? unused = file.Tensors.Keys.FirstOrDefault(name => !_used.Contains(name));
            if (unused is not null)
            {
                throw ModelFileException.ForTensor(unused, "is not a part of the llama architecture that this engine knows.");
            }
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
