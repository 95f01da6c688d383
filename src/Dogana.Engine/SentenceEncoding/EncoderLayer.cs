using System.Numerics.Tensors;
using Dogana.Engine.Arithmetic;

namespace Dogana.Engine.SentenceEncoding;

/// <summary>One layer of the encoder's transformer: attention among all tokens, then two dense layers, each on top of its input.</summary>
internal sealed class EncoderLayer
{
    public const int OutputWidth = 512;
    private const int FeedForwardWidth = 1536;
    private const int Heads = 4;
    private const float NormEpsilon = 1e-6f;
    private const string Applied = "module_apply_default/Encoder_en/KonaTransformer/Encode/";
    private const string Stored = "module/Encoder_en/KonaTransformer/Encode/";
    private readonly int _width;
    private readonly float _queryScale;
    private readonly float[] _normScale;
    private readonly float[] _normBias;
    private readonly float[] _secondNormScale;
    private readonly float[] _secondNormBias;
    private readonly DenseLayer _queriesKeysValues;
    private readonly DenseLayer _attentionOutput;
    private readonly DenseLayer _widen;
    private readonly DenseLayer _narrow;

    /// <summary>Makes the input as wide as the output; only where it is not.</summary>
    private readonly DenseLayer? _adjust;

    public EncoderLayer(EncoderWeights weights, int number, int width)
    {
        string layer = $"Layer_{number}/TransformerLayer/";
        string applied = Applied + layer;
        string stack = $"{Applied}TransformerStack/{layer}";
        string stored = Stored + layer;
        const string bias = "bias/ConcatPartitions/concat";
        const string norm = "layer_prepostprocess/layer_norm/layer_norm_";
        const string part = "/ConcatPartitions/concat";
        _width = width;
        _queryScale = weights.Vector(stack + "MultiheadAttention/mul/y", 1)[0];
        _normScale = weights.Vector($"{applied}{norm}scale{part}", width);
        _normBias = weights.Vector($"{applied}{norm}bias{part}", width);
        _secondNormScale = weights.Vector($"{applied}FFN/{norm}scale{part}", OutputWidth);
        _secondNormBias = weights.Vector($"{applied}FFN/{norm}bias{part}", OutputWidth);
        _queriesKeysValues = weights.Dense(
            stored + "MultiheadAttention/qkv_transform_single/kernel/part_0",
            applied + "MultiheadAttention/qkv_transform_single/" + bias,
            width,
            3 * width);
        _attentionOutput = weights.Dense(
            stored + "MultiheadAttention/output_transform_single/kernel/part_0",
            applied + "MultiheadAttention/output_transform_single/" + bias,
            width,
            OutputWidth);
        _widen = weights.Dense(stack + "FFN/conv1/Tensordot/Reshape_1", applied + "FFN/conv1/" + bias, OutputWidth, FeedForwardWidth);
        _narrow = weights.Dense(stack + "FFN/conv2/Tensordot/Reshape_1", applied + "FFN/conv2/" + bias, FeedForwardWidth, OutputWidth);
        _adjust = width == OutputWidth
            ? null
            : weights.Dense(applied + "dense/kernel" + part, applied + "dense/" + bias, width, OutputWidth);
    }

    public float[] Apply(float[] x, int count)
    {
        float[] normed = Normalise(x, count, _width, _normScale, _normBias);
        float[] attended = _attentionOutput.Apply(Attend(_queriesKeysValues.Apply(normed, count), count), count);
        float[] sum = _adjust?.Apply(x, count) ?? [.. x];
        TensorPrimitives.Add(sum, attended, sum);
        float[] second = Normalise(sum, count, OutputWidth, _secondNormScale, _secondNormBias);
        float[] fed = _narrow.Apply(_widen.Apply(second, count, rectify: true), count);
        TensorPrimitives.Add(sum, fed, sum);
        return sum;
    }

    private static float[] Normalise(float[] x, int count, int width, float[] scale, float[] bias)
    {
        float[] y = new float[count * width];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> from = x.AsSpan(i * width, width);
            Span<float> to = y.AsSpan(i * width, width);
            TensorPrimitives.Subtract(from, TensorPrimitives.Sum(from) / width, to);
            float variance = VectorMath.Dot(to, to) / width;
            TensorPrimitives.Multiply(to, 1 / MathF.Sqrt(variance + NormEpsilon), to);
            TensorPrimitives.MultiplyAdd(to, scale, bias, to);
        }

        return y;
    }

    /// <summary>Each token's vector holds its queries, keys and values one after another, and each of these its heads.</summary>
    private float[] Attend(ReadOnlySpan<float> vectors, int count)
    {
        int headWidth = _width / Heads;
        float[] attended = new float[count * _width];
        float[] shares = new float[count];
        for (int head = 0; head < Heads; head++)
        {
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> query = Part(vectors, i, 0, head, headWidth);
                for (int other = 0; other < count; other++)
                {
                    shares[other] = _queryScale * VectorMath.Dot(query, Part(vectors, other, 1, head, headWidth));
                }

                VectorMath.SoftMax(shares);
                Span<float> result = attended.AsSpan((i * _width) + (head * headWidth), headWidth);
                for (int other = 0; other < count; other++)
                {
                    VectorMath.AddScaled(Part(vectors, other, 2, head, headWidth), shares[other], result);
                }
            }
        }

        return attended;
    }

    private ReadOnlySpan<float> Part(ReadOnlySpan<float> vectors, int token, int part, int head, int headWidth) =>
        vectors.Slice((((token * 3) + part) * _width) + (head * headWidth), headWidth);
}
