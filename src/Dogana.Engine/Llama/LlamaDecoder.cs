using System.Numerics.Tensors;
using Dogana.Engine.Arithmetic;

namespace Dogana.Engine.Llama;

/// <summary>Runs tokens through a model. Has no state of its own; that of a call is in its slot.</summary>
internal sealed class LlamaDecoder(LlamaWeights weights)
{
    private readonly LlamaShape _shape = weights.Shape;
    private readonly RotaryPositions _rotary = new(weights.Shape, weights.RopeFactors);

    /// <summary>
    /// Decodes <paramref name="tokens"/> as the positions from <paramref name="start"/> on and leaves the scores for the token
    /// after the last in <see cref="DecodingSlot.Logits"/>. Positions before <paramref name="start"/> must have been decoded.
    /// </summary>
    /// <remarks>The numbers are the same whether tokens come one by one or many at once.</remarks>
    public void Decode(DecodingSlot slot, ReadOnlySpan<int> tokens, int start, CancellationToken cancellation)
    {
        slot.Reserve(start + tokens.Length);
        for (int done = 0; done < tokens.Length;)
        {
            int count = Math.Min(DecodingSlot.ChunkTokens, tokens.Length - done);
            DecodeChunk(slot, tokens.Slice(done, count), start + done, cancellation);
            done += count;
            if (done == tokens.Length)
            {
                Span<float> last = slot.Hidden.AsSpan((count - 1) * _shape.Width, _shape.Width);
                Span<float> normed = slot.Normed.AsSpan(0, _shape.Width);
                VectorMath.NormaliseRootMeanSquare(last, weights.OutputNorm, _shape.NormEpsilon, normed);
                slot.Input.Set(slot.Normed, 1, _shape.Width);
                weights.Output.Multiply(slot.Input, slot.Logits);
            }
        }
    }

    private void DecodeChunk(DecodingSlot slot, ReadOnlySpan<int> tokens, int start, CancellationToken cancellation)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            Span<float> hidden = slot.Hidden.AsSpan(i * _shape.Width, _shape.Width);
            weights.Embedding.Row(tokens[i], slot.Input.Row).CopyTo(hidden);
            _rotary.Angles(start + i, slot.Angles.AsSpan(i * _rotary.AnglesLength, _rotary.AnglesLength));
        }

        for (int layer = 0; layer < weights.Layers.Count; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            Attend(slot, layer, start, tokens.Length);
            FeedForward(slot, weights.Layers[layer], tokens.Length);
        }
    }

    private void Attend(DecodingSlot slot, int number, int start, int count)
    {
        LlamaLayer layer = weights.Layers[number];
        Normalise(slot, layer.AttentionNorm, count);
        Span<float> keys = slot.Keys(number, start, count);
        Project(slot, layer.Query, slot.Queries.AsSpan(0, count * _shape.QueryWidth));
        Project(slot, layer.Key, keys);
        Project(slot, layer.Value, slot.Values(number, start, count));
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> angles = slot.Angles.AsSpan(i * _rotary.AnglesLength, _rotary.AnglesLength);
            RotaryPositions.Turn(slot.Queries.AsSpan(i * _shape.QueryWidth, _shape.QueryWidth), _shape.HeadWidth, angles);
            RotaryPositions.Turn(keys.Slice(i * _shape.KeyValueWidth, _shape.KeyValueWidth), _shape.HeadWidth, angles);
        }

        for (int i = 0; i < count; i++)
        {
            AttendOne(slot, number, start + i + 1, slot.Queries.AsSpan(i * _shape.QueryWidth, _shape.QueryWidth));
        }

        slot.Input.Set(slot.Queries, count, _shape.QueryWidth);
        layer.AttentionOutput.Multiply(slot.Input, slot.Normed);
        AddToHidden(slot, count);
    }

    private static void Project(DecodingSlot slot, Projection projection, Span<float> results)
    {
        projection.Matrix.Multiply(slot.Input, results);
        if (projection.Bias is { } bias)
        {
            for (; results.Length > 0; results = results[bias.Length..])
            {
                TensorPrimitives.Add(results[..bias.Length], bias, results);
            }
        }
    }

    /// <summary>Replaces each query head by the values of the positions so far, weighted by how well their keys fit.</summary>
    private void AttendOne(DecodingSlot slot, int number, int positions, Span<float> queries)
    {
        ReadOnlySpan<float> keys = slot.Keys(number, 0, positions);
        ReadOnlySpan<float> values = slot.Values(number, 0, positions);
        Span<float> scores = slot.Scores.AsSpan(0, positions);
        float scale = 1 / MathF.Sqrt(_shape.HeadWidth);
        int headsPerKey = _shape.Heads / _shape.KeyValueHeads;
        for (int head = 0; head < _shape.Heads; head++)
        {
            Span<float> query = queries.Slice(head * _shape.HeadWidth, _shape.HeadWidth);
            int offset = head / headsPerKey * _shape.HeadWidth;
            for (int position = 0; position < positions; position++)
            {
                ReadOnlySpan<float> key = keys.Slice((position * _shape.KeyValueWidth) + offset, _shape.HeadWidth);
                scores[position] = VectorMath.Dot(query, key) * scale;
            }

            VectorMath.SoftMax(scores);
            query.Clear();
            for (int position = 0; position < positions; position++)
            {
                ReadOnlySpan<float> value = values.Slice((position * _shape.KeyValueWidth) + offset, _shape.HeadWidth);
                VectorMath.AddScaled(value, scores[position], query);
            }
        }
    }

    private void FeedForward(DecodingSlot slot, LlamaLayer layer, int count)
    {
        Normalise(slot, layer.FeedForwardNorm, count);
        layer.Gate.Multiply(slot.Input, slot.Gate);
        layer.Up.Multiply(slot.Input, slot.Up);
        // Gate × sigmoid(gate) × up; the sigmoid takes the place of the normed input, piece by piece.
        for (int i = 0; i < count; i++)
        {
            Span<float> gate = slot.Gate.AsSpan(i * _shape.FeedForward, _shape.FeedForward);
            Span<float> up = slot.Up.AsSpan(i * _shape.FeedForward, _shape.FeedForward);
            TensorPrimitives.Multiply(gate, up, up);
            TensorPrimitives.Sigmoid(gate, gate);
            TensorPrimitives.Multiply(gate, up, gate);
        }

        slot.Input.Set(slot.Gate, count, _shape.FeedForward);
        layer.Down.Multiply(slot.Input, slot.Normed);
        AddToHidden(slot, count);
    }

    /// <summary>Normalises the hidden vectors and makes them the input of the matrices that come next.</summary>
    private void Normalise(DecodingSlot slot, float[] norm, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> hidden = slot.Hidden.AsSpan(i * _shape.Width, _shape.Width);
            VectorMath.NormaliseRootMeanSquare(hidden, norm, _shape.NormEpsilon, slot.Normed.AsSpan(i * _shape.Width, _shape.Width));
        }

        slot.Input.Set(slot.Normed, count, _shape.Width);
    }

    private void AddToHidden(DecodingSlot slot, int count)
    {
        Span<float> hidden = slot.Hidden.AsSpan(0, count * _shape.Width);
        TensorPrimitives.Add(hidden, slot.Normed.AsSpan(0, hidden.Length), hidden);
    }
}
