using System.Numerics.Tensors;

namespace Dogana.Engine.Generation;

/// <summary>Chooses one call's tokens from the model's scores.</summary>
internal sealed class Sampler(SamplingOptions options)
{
    private readonly SplitMix _random = new(options.Seed);
    private readonly Dictionary<int, int> _said = [];
    private readonly List<(int Token, float Share)> _kept = [];
    private float[] _shares = [];

    /// <summary>The next token. Scores that are not numbers are never chosen while there are others.</summary>
    public int Next(Span<float> scores)
    {
        Penalise(scores);
        int best = Best(scores);
        int token = options.Temperature == 0 || options.TopK == 1 ? best : Draw(scores, best);
        if (options.FrequencyPenalty != 0 || options.PresencePenalty != 0)
        {
            _said[token] = _said.GetValueOrDefault(token) + 1;
        }

        return token;
    }

    private void Penalise(Span<float> scores)
    {
        foreach ((int token, int times) in _said)
        {
            scores[token] -= (times * options.FrequencyPenalty) + options.PresencePenalty;
        }
    }

    private static int Best(ReadOnlySpan<float> scores)
    {
        int best = 0;
        float highest = float.NegativeInfinity;
        for (int i = 0; i < scores.Length; i++)
        {
            if (scores[i] > highest)
            {
                highest = scores[i];
                best = i;
            }
        }

        return best;
    }

    private int Draw(ReadOnlySpan<float> scores, int best)
    {
        if (_shares.Length != scores.Length)
        {
            _shares = new float[scores.Length];
        }

        TensorPrimitives.Subtract(scores, scores[best], _shares);
        TensorPrimitives.Divide(_shares, options.Temperature, _shares);
        TensorPrimitives.Exp(_shares, _shares);
        double total = 0;
        foreach (ref float share in _shares.AsSpan())
        {
            share = float.IsNaN(share) ? 0 : share;
            total += share;
        }

        // Scores that are all infinite or not numbers leave nothing to draw from.
        if (total is not > 0 || !double.IsFinite(total))
        {
            return best;
        }

        Keep(total);
        double left = _random.NextDouble() * _kept.Sum(kept => (double)kept.Share);
        foreach ((int token, float share) in _kept)
        {
            left -= share;
            if (left < 0)
            {
                return token;
            }
        }

        return best;
    }

    /// <summary>Collects the tokens that top-k and top-p leave, the likeliest first when either is set.</summary>
    private void Keep(double total)
    {
        _kept.Clear();
        bool cuts = options.TopP < 1 || options.TopK > 0;
        // Tokens below this share can't be among those that make up top-p: even all together they are less than the rest.
        double least = options.TopK > 0 ? 0 : total * (1 - options.TopP) / _shares.Length;
        for (int token = 0; token < _shares.Length; token++)
        {
            if (_shares[token] > 0 && _shares[token] >= least)
            {
                _kept.Add((token, _shares[token]));
            }
        }

        if (!cuts)
        {
            return;
        }

        _kept.Sort((a, b) => b.Share.CompareTo(a.Share) is var order && order != 0 ? order : a.Token.CompareTo(b.Token));
        if (options.TopK > 0 && _kept.Count > options.TopK)
        {
            _kept.RemoveRange(options.TopK, _kept.Count - options.TopK);
            total = _kept.Sum(kept => (double)kept.Share);
        }

        double sum = 0;
        int count = 0;
        while (count < _kept.Count && (count == 0 || sum < options.TopP * total))
        {
            sum += _kept[count++].Share;
        }

        _kept.RemoveRange(count, _kept.Count - count);
    }
}
