using System.Text;
using Dogana.Filtering;
using Dogana.Gateway.Filtering.Judging;

namespace Dogana.Gateway.Filtering;

/// <summary>The text of one choice of a stream: how far it came, and how far it was looked at. Offsets count characters from the choice's beginning.</summary>
internal sealed class StreamText(int index, Judgement clean)
{
    // A sentence without an end is looked at as far as it came.
    private const int HeldMax = 600;
    private const int PieceMin = 24;
    private const int ContextMax = 240;

    private readonly StringBuilder _text = new();
    private int _base; // the offset of the first character that is still here
    private int _lastKind = -1;

    /// <summary>The choice's number.</summary>
    public int Index => index;

    /// <summary>Where the text ends that came.</summary>
    public int Length => _base + _text.Length;

    /// <summary>Where the text ends that was looked at, and may leave.</summary>
    public int SafeTo { get; private set; }

    /// <summary>Is the choice withheld?</summary>
    public bool IsWithheld => Found.IsFiltered;

    /// <summary>Has the upstream ended it?</summary>
    public bool IsEnded { get; set; }

    /// <summary>Was the client told that it is withheld?</summary>
    public bool IsTold { get; set; }

    /// <summary>The worst that was found.</summary>
    public Judgement Found { get; private set; } = clean;

    /// <summary>Adds what came. Where its kind changes, a new line begins: a tool's arguments do not go on where a sentence ended.</summary>
    public void Append(int kind, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        _ = Length > 0 && kind != _lastKind ? _text.Append('\n') : _text;
        _text.Append(text);
        _lastKind = kind;
    }

    /// <summary>The next piece that is to be looked at, from the beginning of its sentence, and where it ends; null where there is none yet.</summary>
    /// <param name="isEnd">Is all to be looked at that came?</param>
    public (string Piece, int End)? Next(bool isEnd)
    {
        if (IsWithheld || Length == SafeTo)
        {
            return null;
        }

        var text = _text.ToString();
        var safe = SafeTo - _base;
        var end = isEnd ? text.Length : TextWindows.LastEnd(text);
        if (end - safe < PieceMin && !isEnd)
        {
            if (text.Length - safe < HeldMax)
            {
                return null;
            }

            var space = text.LastIndexOf(' ');
            end = space > safe ? space : text.Length;
        }

        return (text[..end], _base + end);
    }

    /// <summary>Keeps what was found in a piece. What is needed of it to understand the next one stays.</summary>
    public void Settle((string Piece, int End) looked, Judgement judgement)
    {
        Found = Found.And(judgement);
        SafeTo = looked.End;
        var piece = looked.Piece;
        var isWhole = piece.Length > 0 && piece[^1] is '.' or '!' or '?' or '\n' or '。' or '！' or '？';
        var start = isWhole ? piece.Length : Math.Max(TextWindows.LastEnd(piece), piece.Length - ContextMax);
        _text.Remove(0, start);
        _base += start;
    }
}
