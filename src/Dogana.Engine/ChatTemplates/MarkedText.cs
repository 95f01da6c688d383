using System.Text;

namespace Dogana.Engine.ChatTemplates;

/// <summary>
/// A text that knows which of its characters came from outside (a message's content) and which from the template. Only the
/// template's own characters may become control tokens, whatever a message says.
/// </summary>
internal sealed class MarkedText
{
    public static readonly MarkedText Empty = new("", []);

    /// <summary>Ranges from outside, in order, neither empty nor touching.</summary>
    private readonly (int Start, int End)[] _foreign;

    private MarkedText(string text, (int Start, int End)[] foreign)
    {
        Text = text;
        _foreign = foreign;
    }

    public string Text { get; }

    public int Length => Text.Length;

    public bool HasForeign => _foreign.Length > 0;

    /// <summary>The ranges of the template's own characters, in order.</summary>
    public IEnumerable<(int Start, int End)> OwnRanges
    {
        get
        {
            int next = 0;
            foreach ((int start, int end) in _foreign)
            {
                if (start > next)
                {
                    yield return (next, start);
                }

                next = end;
            }

            if (next < Text.Length)
            {
                yield return (next, Text.Length);
            }
        }
    }

    public static MarkedText Own(string text) => text.Length == 0 ? Empty : new(text, []);

    public static MarkedText Foreign(string text) => text.Length == 0 ? Empty : new(text, [(0, text.Length)]);

    /// <summary>A text made out of others in a way that mixes characters: all foreign as soon as one part was.</summary>
    public static MarkedText Derived(string text, params IEnumerable<MarkedText> from) =>
        from.Any(part => part.HasForeign) ? Foreign(text) : Own(text);

    public MarkedText Slice(int start, int length)
    {
        int end = start + length;
        var foreign = new List<(int Start, int End)>();
        foreach ((int from, int to) in _foreign)
        {
            if (from < end && to > start)
            {
                foreign.Add((Math.Max(from, start) - start, Math.Min(to, end) - start));
            }
        }

        return length == 0 ? Empty : new MarkedText(Text.Substring(start, length), [.. foreign]);
    }

    public MarkedText Append(MarkedText other)
    {
        var builder = new Builder();
        builder.Append(this);
        builder.Append(other);
        return builder.ToMarkedText();
    }

    public override string ToString() => Text;

    /// <summary>Collects a long text piece by piece.</summary>
    internal sealed class Builder
    {
        private readonly StringBuilder _text = new();
        private readonly List<(int Start, int End)> _foreign = [];

        public int Length => _text.Length;

        public void Append(MarkedText part)
        {
            int offset = _text.Length;
            foreach ((int start, int end) in part._foreign)
            {
                if (_foreign.Count > 0 && _foreign[^1].End == start + offset)
                {
                    _foreign[^1] = (_foreign[^1].Start, end + offset);
                }
                else
                {
                    _foreign.Add((start + offset, end + offset));
                }
            }

            _text.Append(part.Text);
        }

        public MarkedText ToMarkedText() => _text.Length == 0 ? Empty : new MarkedText(_text.ToString(), [.. _foreign]);
    }
}
