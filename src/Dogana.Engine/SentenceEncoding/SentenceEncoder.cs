using System.Numerics.Tensors;
using Dogana.Engine.Arithmetic;

namespace Dogana.Engine.SentenceEncoding;

/// <summary>The Universal Sentence Encoder lite: tokens to a vector of length 1. Immutable and safe for many threads.</summary>
internal sealed class SentenceEncoder
{
    public const int Dimensions = EncoderLayer.OutputWidth;
    public const int TokensMax = 128;
    private const int EmbeddingWidth = 256;
    private const float LengthEpsilon = 1e-12f;
    private readonly float[] _embeddings;
    private readonly float[] _frequencies;
    private readonly EncoderLayer[] _layers;
    private readonly DenseLayer _output;

    public SentenceEncoder(EncoderWeights weights, int vocabularySize)
    {
        // The table has two rows more than the vocabulary.
        _embeddings = weights.Read("module/Embeddings_en", [vocabularySize + 2, EmbeddingWidth]);
        _frequencies = weights.Vector(
            "module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1",
            EmbeddingWidth / 2);
        _layers = [new EncoderLayer(weights, 0, EmbeddingWidth), new EncoderLayer(weights, 1, EncoderLayer.OutputWidth)];
        _output = weights.Dense(
            "module/Encoder_en/hidden_layers/tanh_layer_0/weights",
            "module/Encoder_en/hidden_layers/tanh_layer_0/bias",
            EncoderLayer.OutputWidth,
            Dimensions);
    }

    /// <summary>The vector of up to <see cref="TokensMax"/> tokens; of none a vector of zeros.</summary>
    public float[] Encode(ReadOnlySpan<int> tokens)
    {
        if (tokens.IsEmpty)
        {
            return new float[Dimensions];
        }

        float[] x = Embed(tokens);
        foreach (EncoderLayer layer in _layers)
        {
            x = layer.Apply(x, tokens.Length);
        }

        float[] mean = new float[EncoderLayer.OutputWidth];
        for (int i = 0; i < tokens.Length; i++)
        {
            TensorPrimitives.Add(mean, x.AsSpan(i * mean.Length, mean.Length), mean);
        }

        TensorPrimitives.Divide(mean, tokens.Length, mean);
        float[] vector = _output.Apply(mean, 1);
        TensorPrimitives.Tanh(vector, vector);
        float length = MathF.Sqrt(MathF.Max(VectorMath.Dot(vector, vector), LengthEpsilon));
        TensorPrimitives.Divide(vector, length, vector);
        return vector;
    }

    /// <summary>The tokens' embeddings with their positions as sines and cosines. The model adds the embedding twice.</summary>
    private float[] Embed(ReadOnlySpan<int> tokens)
    {
        float[] x = new float[tokens.Length * EmbeddingWidth];
        int half = EmbeddingWidth / 2;
        for (int i = 0; i < tokens.Length; i++)
        {
            Span<float> to = x.AsSpan(i * EmbeddingWidth, EmbeddingWidth);
            TensorPrimitives.Multiply(_embeddings.AsSpan(tokens[i] * EmbeddingWidth, EmbeddingWidth), 2, to);
            for (int j = 0; j < half; j++)
            {
                (float sine, float cosine) = MathF.SinCos(i * _frequencies[j]);
                to[j] += sine;
                to[half + j] += cosine;
            }
        }

        return x;
    }
}
