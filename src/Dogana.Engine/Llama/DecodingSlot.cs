using Dogana.Engine.Matrices;

namespace Dogana.Engine.Llama;

/// <summary>
/// The memory of one call at a time: keys and values of the positions so far, and working space. Used by one thread.
/// </summary>
/// <remarks>
/// Keys and values take 8 × layers × key-value width bytes a position. They grow by doubling up to the context and are kept for the
/// next call, so a slot's memory is bounded by its longest call.
/// </remarks>
internal sealed class DecodingSlot
{
    /// <summary>Tokens of a prompt that pass a layer together.</summary>
    public const int ChunkTokens = 32;

    private const int FirstPositions = 128;
    private readonly int _contextTokens;
    private readonly int _keyValueWidth;
    private readonly float[][] _keys;
    private readonly float[][] _values;
    private int _capacity;

    public DecodingSlot(LlamaWeights weights, int contextTokens)
    {
        LlamaShape shape = weights.Shape;
        _contextTokens = contextTokens;
        _keyValueWidth = shape.KeyValueWidth;
        _keys = new float[shape.Layers][];
        _values = new float[shape.Layers][];
        Hidden = new float[ChunkTokens * shape.Width];
        Normed = new float[ChunkTokens * Math.Max(shape.Width, shape.QueryWidth)];
        Queries = new float[ChunkTokens * shape.QueryWidth];
        Gate = new float[ChunkTokens * shape.FeedForward];
        Up = new float[ChunkTokens * shape.FeedForward];
        Angles = new float[ChunkTokens * shape.RopeWidth];
        Input = new MatrixInput(ChunkTokens, Math.Max(Math.Max(shape.Width, shape.QueryWidth), shape.FeedForward));
        Logits = new float[weights.Output.Rows];
        Scores = [];
    }

    public float[] Hidden { get; }

    public float[] Normed { get; }

    public float[] Queries { get; }

    public float[] Gate { get; }

    public float[] Up { get; }

    public float[] Angles { get; }

    /// <summary>What the next matrix is multiplied with.</summary>
    public MatrixInput Input { get; }

    /// <summary>A score for every token of the vocabulary, of the last token decoded.</summary>
    public float[] Logits { get; }

    /// <summary>Attention scores, one a position.</summary>
    public float[] Scores { get; private set; }

    public Span<float> Keys(int layer, int start, int count) => _keys[layer].AsSpan(start * _keyValueWidth, count * _keyValueWidth);

    public Span<float> Values(int layer, int start, int count) => _values[layer].AsSpan(start * _keyValueWidth, count * _keyValueWidth);

    /// <summary>Makes room for this many positions; what is stored stays.</summary>
    public void Reserve(int positions)
    {
        if (positions > _contextTokens)
        {
            throw new ArgumentOutOfRangeException(nameof(positions), positions, $"Expected at most {_contextTokens} positions.");
        }

        if (positions <= _capacity)
        {
            return;
        }

        _capacity = (int)Math.Min(Math.Max(Math.Max(2L * _capacity, positions), FirstPositions), _contextTokens);
        for (int layer = 0; layer < _keys.Length; layer++)
        {
            Array.Resize(ref _keys[layer], _capacity * _keyValueWidth);
            Array.Resize(ref _values[layer], _capacity * _keyValueWidth);
        }

        Scores = new float[_capacity];
    }
}
