namespace Dogana.Engine.Llama;

/// <summary>Rotary position embedding: turns pairs of neighbouring values by an angle that grows with the position.</summary>
internal sealed class RotaryPositions
{
    private readonly double[] _frequencies;

    public RotaryPositions(LlamaShape shape, float[]? factors)
    {
        _frequencies = new double[shape.RopeWidth / 2];
        for (int i = 0; i < _frequencies.Length; i++)
        {
            double frequency = Math.Pow(shape.RopeBase, -2.0 * i / shape.RopeWidth) / shape.RopeDivisor;
            _frequencies[i] = factors is null ? frequency : frequency / factors[i];
        }
    }

    /// <summary>Values that <see cref="Angles"/> writes for a position: a cosine and a sine a pair.</summary>
    public int AnglesLength => _frequencies.Length * 2;

    public void Angles(int position, Span<float> into)
    {
        for (int i = 0; i < _frequencies.Length; i++)
        {
            (double sine, double cosine) = Math.SinCos(position * _frequencies[i]);
            into[2 * i] = (float)cosine;
            into[(2 * i) + 1] = (float)sine;
        }
    }

    /// <summary>Turns every head of a vector; values of a head beyond the angles pass unchanged.</summary>
    public static void Turn(Span<float> heads, int headWidth, ReadOnlySpan<float> angles)
    {
        for (int start = 0; start < heads.Length; start += headWidth)
        {
            Span<float> head = heads.Slice(start, angles.Length);
            for (int i = 0; i + 1 < head.Length; i += 2)
            {
                float even = head[i];
                float odd = head[i + 1];
                head[i] = (even * angles[i]) - (odd * angles[i + 1]);
                head[i + 1] = (even * angles[i + 1]) + (odd * angles[i]);
            }
        }
    }
}
