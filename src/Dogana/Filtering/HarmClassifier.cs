using System.Numerics;
using System.Runtime.InteropServices;

namespace Dogana.Filtering;

/// <summary>
/// How bad a text is, from its sentence vector of 512 numbers: a small network of one hidden layer, trained by models/filter on sentences that were written for
/// it (models/filter/README.md says how well, and what it misses). Immutable; thread-safe.
/// </summary>
public sealed class HarmClassifier
{
    /// <summary>Numbers in a sentence vector.</summary>
    public const int Dimensions = 512;

    /// <summary>Numbers that it gives: three for each category, for low, medium and high.</summary>
    public const int Outputs = 12;

    private const int Steps = 3;
    private const float Even = 0.5f;

    private readonly float[] _hidden; // for each unit its weights and then its offset
    private readonly float[] _output; // for each number its weights and then its offset
    private readonly int _units;

    /// <summary>Takes weights: the hidden units' one after the other, each with its offset behind, then those of the twelve numbers.</summary>
    /// <param name="weights">So many as units ask for.</param>
    public HarmClassifier(ReadOnlySpan<float> weights)
    {
        _units = (weights.Length - Outputs) / (Dimensions + 1 + Outputs);
        if (_units < 1 || weights.Length != _units * (Dimensions + 1) + Outputs * (_units + 1))
        {
            throw new ArgumentException("These are not the weights of a harm classifier.", nameof(weights));
        }

        (_hidden, _output) = (weights[..(_units * (Dimensions + 1))].ToArray(), weights[(_units * (Dimensions + 1))..].ToArray());
    }

    /// <summary>The one that comes with the product.</summary>
    public static HarmClassifier Shipped { get; } = Read();

    /// <summary>For each category, in their order, how likely it is that the text is low or worse, medium or worse, and high; 0 to 1.</summary>
    public float[] Score(ReadOnlySpan<float> vector)
    {
        Span<float> units = _units <= 256 ? stackalloc float[_units] : new float[_units];
        for (var unit = 0; unit < _units; unit++)
        {
            var row = _hidden.AsSpan(unit * (Dimensions + 1), Dimensions + 1);
            units[unit] = MathF.Max(0, Dot(row[..Dimensions], vector[..Dimensions]) + row[Dimensions]);
        }

        var scores = new float[Outputs];
        for (var i = 0; i < Outputs; i++)
        {
            var row = _output.AsSpan(i * (_units + 1), _units + 1);
            scores[i] = 1 / (1 + MathF.Exp(-(Dot(row[.._units], units) + row[_units])));
        }

        return scores;
    }

    /// <summary>The severities that scores stand for: a step counts where it and all below it are more likely than not.</summary>
    public static FilterSeverities Severities(ReadOnlySpan<float> scores)
    {
        return new FilterSeverities(Of(scores, 0), Of(scores, 1), Of(scores, 2), Of(scores, 3));

        static FilterSeverity Of(ReadOnlySpan<float> scores, int category)
        {
            var step = 0;
            while (step < Steps && scores[category * Steps + step] >= Even)
            {
                step++;
            }

            return (FilterSeverity)step;
        }
    }

    private static float Dot(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= one.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            sum += new Vector<float>(one[i..]) * new Vector<float>(other[i..]);
        }

        var total = Vector.Sum(sum);
        for (; i < one.Length; i++)
        {
            total += one[i] * other[i];
        }

        return total;
    }

    private static HarmClassifier Read()
    {
        using var stream = typeof(HarmClassifier).Assembly.GetManifestResourceStream("filter.harm-classifier.bin")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new HarmClassifier(MemoryMarshal.Cast<byte, float>(bytes)); // little-endian, as every machine that this runs on
    }
}
