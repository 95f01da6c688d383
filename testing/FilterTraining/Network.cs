using System.Numerics.Tensors;
using Dogana.Filtering;

namespace Dogana.Testing.FilterTraining;

/// <summary>The network of <see cref="HarmClassifier"/>, taught by gradients (Adam; Kingma and Ba 2015), one sentence after the other in batches.</summary>
internal sealed class Network
{
    private const int Inputs = HarmClassifier.Dimensions;
    private const int Row = Inputs + 1;

    private readonly int _units;
    private readonly float[] _weights;
    private readonly float[] _gradient;
    private readonly float[] _first;
    private readonly float[] _second;
    private readonly float[] _hidden;
    private int _steps;

    public Network(int units, Draw draw)
    {
        _units = units;
        _weights = new float[units * Row + HarmClassifier.Outputs * (units + 1)];
        (_gradient, _first, _second, _hidden) = (new float[_weights.Length], new float[_weights.Length], new float[_weights.Length], new float[units]);
        for (var i = 0; i < _weights.Length; i++)
        {
            // Vectors have length 1: their numbers are small, and the weights on them large.
            _weights[i] = draw.Even() * (i < units * Row ? 1.2f : 0.3f);
        }
    }

    public float[] Weights => [.. _weights];

    /// <summary>Adds the gradient of one sentence; gives its loss.</summary>
    public float Learn(ReadOnlySpan<float> vector, ReadOnlySpan<float> targets, ReadOnlySpan<float> importance, Draw drop)
    {
        for (var unit = 0; unit < _units; unit++)
        {
            var value = TensorPrimitives.Dot(_weights.AsSpan(unit * Row, Inputs), vector) + _weights[unit * Row + Inputs];
            _hidden[unit] = value > 0 && drop.Below(5) > 0 ? value * 1.25f : 0; // a fifth of the units is left out, so that none relies on another
        }

        Span<float> back = stackalloc float[_units];
        var (output, loss) = (_units * Row, 0f);
        for (var i = 0; i < HarmClassifier.Outputs; i++, output += _units + 1)
        {
            var logit = TensorPrimitives.Dot(_weights.AsSpan(output, _units), _hidden) + _weights[output + _units];
            var score = 1 / (1 + MathF.Exp(-logit));
            loss -= importance[i] * MathF.Log(MathF.Max(1e-7f, targets[i] > 0.5f ? score : 1 - score));
            var error = importance[i] * (score - targets[i]);
            TensorPrimitives.MultiplyAdd(_hidden, error, _gradient.AsSpan(output, _units), _gradient.AsSpan(output, _units));
            _gradient[output + _units] += error;
            TensorPrimitives.MultiplyAdd(_weights.AsSpan(output, _units), error, back, back);
        }

        for (var unit = 0; unit < _units; unit++)
        {
            if (_hidden[unit] > 0)
            {
                TensorPrimitives.MultiplyAdd(vector, back[unit] * 1.25f, _gradient.AsSpan(unit * Row, Inputs), _gradient.AsSpan(unit * Row, Inputs));
                _gradient[unit * Row + Inputs] += back[unit] * 1.25f;
            }
        }

        return loss;
    }

    /// <summary>Takes a step against the gradient that was gathered.</summary>
    public void Step(int batch, float rate, float decay)
    {
        _steps++;
        var (bias1, bias2) = (1 - MathF.Pow(0.9f, _steps), 1 - MathF.Pow(0.999f, _steps));
        for (var i = 0; i < _weights.Length; i++)
        {
            var slope = _gradient[i] / batch;
            _first[i] = 0.9f * _first[i] + 0.1f * slope;
            _second[i] = 0.999f * _second[i] + 0.001f * slope * slope;
            _weights[i] -= rate * (_first[i] / bias1 / (MathF.Sqrt(_second[i] / bias2) + 1e-8f) + decay * _weights[i]);
            _gradient[i] = 0;
        }
    }
}
