using Dogana.Engine.Arithmetic;

namespace Dogana.Engine.SentenceEncoding;

/// <summary>Weights, each output's together, and a bias for each output.</summary>
internal sealed class DenseLayer(float[] weights, float[] bias)
{
    public int Outputs => bias.Length;

    /// <summary>Applies the layer to <paramref name="count"/> vectors that lie one after another.</summary>
    public float[] Apply(ReadOnlySpan<float> x, int count, bool rectify = false)
    {
        int inputs = weights.Length / bias.Length;
        float[] y = new float[count * bias.Length];
        for (int output = 0; output < bias.Length; output++)
        {
            ReadOnlySpan<float> row = weights.AsSpan(output * inputs, inputs);
            for (int i = 0; i < count; i++)
            {
                float value = VectorMath.Dot(row, x.Slice(i * inputs, inputs)) + bias[output];
                y[(i * bias.Length) + output] = rectify && value < 0 ? 0 : value;
            }
        }

        return y;
    }
}
