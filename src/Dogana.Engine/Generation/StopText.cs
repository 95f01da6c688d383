using System.Text;

namespace Dogana.Engine.Generation;

/// <summary>
/// Holds back the end of an answer while it may still become a stop sequence. Neither the stop sequence nor what follows is let out.
/// </summary>
internal sealed class StopText(IReadOnlyList<string> sequences)
{
    private readonly StringBuilder _held = new();

    public bool IsStopped { get; private set; }

    /// <summary>Takes further text; returns what can't be a part of a stop sequence.</summary>
    public string Append(string text)
    {
        if (sequences.Count == 0)
        {
            return text;
        }

        _held.Append(text);
        string held = _held.ToString();
        int stop = sequences.Select(sequence => held.IndexOf(sequence, StringComparison.Ordinal)).Where(at => at >= 0)
            .DefaultIfEmpty(-1).Min();
        if (stop >= 0)
        {
            IsStopped = true;
            _held.Clear();
            return held[..stop];
        }

        int keep = sequences.Max(sequence => SuffixThatStarts(sequence, held));
        _held.Remove(0, held.Length - keep);
        return held[..(held.Length - keep)];
    }

    /// <summary>What was held back when the answer ends otherwise.</summary>
    public string End()
    {
        string held = _held.ToString();
        _held.Clear();
        return held;
    }

    /// <summary>The length of the longest end of a text with which the sequence begins.</summary>
    private static int SuffixThatStarts(string sequence, string text)
    {
        for (int length = Math.Min(sequence.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(sequence.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
