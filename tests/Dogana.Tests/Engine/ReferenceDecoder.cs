namespace Dogana.Tests.Engine;

/// <summary>The architectures written down naively, in doubles, without a cache: what the engine is compared with.</summary>
internal sealed class ReferenceDecoder(TinyModel model)
{
    /// <summary>The scores after the last token.</summary>
    public double[] Logits(params IReadOnlyList<int> tokens)
    {
        double[][] hidden = [.. tokens.Select(token => Row("token_embd.weight", token, model.Width))];
        for (int layer = 0; layer < model.Layers; layer++)
        {
            string prefix = $"blk.{layer}.";
            double[][] attended = Attention(hidden, prefix);
            for (int i = 0; i < hidden.Length; i++)
            {
                hidden[i] = Sum(hidden[i], attended[i]);
                double[] normed = Norm(hidden[i], $"{prefix}ffn_norm.weight");
                double[] gate = Multiply($"{prefix}ffn_gate.weight", normed);
                double[] up = Multiply($"{prefix}ffn_up.weight", normed);
                double[] inner = [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)];
                hidden[i] = Sum(hidden[i], Multiply($"{prefix}ffn_down.weight", inner));
            }
        }

        return Multiply(model.Tied ? "token_embd.weight" : "output.weight", Norm(hidden[^1], "output_norm.weight"));
    }

    private double[][] Attention(double[][] hidden, string prefix)
    {
        double[][] normed = [.. hidden.Select(x => Norm(x, $"{prefix}attn_norm.weight"))];
        double[][] queries = [.. normed.Select((x, i) => Rotate(Project($"{prefix}attn_q", x), i))];
        double[][] keys = [.. normed.Select((x, i) => Rotate(Project($"{prefix}attn_k", x), i))];
        double[][] values = [.. normed.Select(x => Project($"{prefix}attn_v", x))];
        int width = model.HeadWidth;
        return [.. queries.Select((query, i) =>
        {
            double[] result = new double[model.Heads * width];
            for (int head = 0; head < model.Heads; head++)
            {
                int shared = head / (model.Heads / model.KeyValueHeads);
                double[] scores = [.. Enumerable.Range(0, i + 1).Select(j => Enumerable.Range(0, width)
                    .Sum(k => query[(head * width) + k] * keys[j][(shared * width) + k]) / Math.Sqrt(width))];
                double[] weights = [.. scores.Select(score => Math.Exp(score - scores.Max()))];
                for (int k = 0; k < width; k++)
                {
                    result[(head * width) + k] =
                        Enumerable.Range(0, i + 1).Sum(j => weights[j] / weights.Sum() * values[j][(shared * width) + k]);
                }
            }

            return Multiply($"{prefix}attn_output.weight", result);
        })];
    }

    private double[] Rotate(double[] heads, int position)
    {
        double[] result = [.. heads];
        for (int start = 0; start < heads.Length; start += model.HeadWidth)
        {
            for (int i = 0; i < model.RopeWidth; i += 2)
            {
                double angle = position / (double)model.RopeFactor / Math.Pow(model.RopeBase, (double)i / model.RopeWidth);
                angle /= model.RopeFrequencies ? 1 + (i / 2) : 1;
                // Qwen turns the first half of a head with the second, llama neighbours.
                (int one, int other) = model.IsQwen2
                    ? (start + (i / 2), start + (i / 2) + (model.RopeWidth / 2))
                    : (start + i, start + i + 1);
                result[one] = (heads[one] * Math.Cos(angle)) - (heads[other] * Math.Sin(angle));
                result[other] = (heads[one] * Math.Sin(angle)) + (heads[other] * Math.Cos(angle));
            }
        }

        return result;
    }

    private double[] Norm(double[] x, string weights)
    {
        double scale = 1 / Math.Sqrt((x.Sum(value => value * value) / x.Length) + 1e-5f);
        return [.. x.Select((value, i) => value * scale * model.Weights[weights][i])];
    }

    private double[] Project(string name, double[] x) =>
        model.IsQwen2 ? Sum(Multiply($"{name}.weight", x), model.Weights[$"{name}.bias"]) : Multiply($"{name}.weight", x);

    private double[] Multiply(string matrix, double[] x)
    {
        double[] weights = model.Weights[matrix];
        if (PlainBlocks.IsQuantised(model.Types[matrix]))
        {
            // Beside quantised weights the input is quantised too.
            (int[] quants, float[] scales) = PlainBlocks.QuantiseInput(model.Types[matrix], Array.ConvertAll(x, value => (float)value));
            x = [.. quants.Select((quant, i) => quant * (double)scales[i / (x.Length / scales.Length)])];
        }

        double[] y = new double[weights.Length / x.Length];
        for (int row = 0; row < y.Length; row++)
        {
            for (int column = 0; column < x.Length; column++)
            {
                y[row] += weights[(row * x.Length) + column] * x[column];
            }
        }

        return y;
    }

    private double[] Row(string matrix, int row, int columns) => model.Weights[matrix][(row * columns)..((row + 1) * columns)];

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
}
