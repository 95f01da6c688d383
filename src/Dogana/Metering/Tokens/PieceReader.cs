namespace Dogana.Metering.Tokens;

/// <summary>Splits a text into the pieces inside which bytes are joined; together they are the text.</summary>
/// <remarks>
/// The patterns are published as regular expressions. Here they are scanners, each alternative in the published order: .NET's expressions
/// see halves of characters beyond U+FFFF, and backtracking can be made to take its time. A scanner reads no character more than a few times.
/// cl100k: <c>'s|'t|'re|'ve|'m|'ll|'d (any case)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// o200k has other words (see <see cref="CasedWordEnd"/>), which take the endings with them, and <c>[\r\n/]*</c> after signs.
/// </remarks>
internal ref struct PieceReader(ReadOnlySpan<byte> text, bool isO200k)
{
    private const int DigitsMax = 3;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _start;

    /// <summary>Characters read so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The next piece; false at the end.</summary>
    public bool Next(out ReadOnlySpan<byte> piece)
    {
        if (_start == _text.Length)
        {
            piece = default;
            return false;
        }

        var end = isO200k ? O200kEnd(_start) : Cl100kEnd(_start);
        piece = _text[_start..end];
        _start = end;
        return true;
    }

    private int Cl100kEnd(int start)
    {
        if (EndingEnd(start) is var ending && ending > start)
        {
            return ending;
        }

        var first = KindAt(start, out var length);
        if (first.IsIn(CharacterKind.Letter))
        {
            return RunEnd(start + length, CharacterKind.Letter);
        }

        return first.IsIn(CharacterKind.Lead) && RunEnd(start + length, CharacterKind.Letter) is var word && word > start + length
            ? word
            : RestEnd(start, first, length);
    }

    private int O200kEnd(int start)
    {
        var first = KindAt(start, out var length);
        if (!first.IsIn(CharacterKind.Letter | CharacterKind.Lead))
        {
            return RestEnd(start, first, length);
        }

        var word = first.IsIn(CharacterKind.Letter) ? start : start + length;
        var end = CasedWordEnd(word, out var hasTail);
        if (!hasTail && first == CharacterKind.Mark)
        {
            // The mark leads no word with a tail, but is one itself; that comes before leading a word without.
            end = start + length;
        }
        else if (end == word)
        {
            return RestEnd(start, first, length);
        }

        return EndingEnd(end);
    }

    /// <summary>
    /// A word by its case: <c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+</c>, or where that matches nothing,
    /// <c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*</c>.
    /// </summary>
    /// <param name="start">Where it would begin.</param>
    /// <param name="hasTail">Whether the first of the two matched.</param>
    private int CasedWordEnd(int start, out bool hasTail)
    {
        // The head is greedy. Where no tail follows it, it gives back characters until one can be the tail: the last without case, and what is before it.
        var place = start;
        var lastOfBoth = start;
        while (place < _text.Length)
        {
            var kind = KindAt(place, out var length);
            if (!kind.IsIn(CharacterKind.Head))
            {
                if (kind.IsIn(CharacterKind.Tail))
                {
                    hasTail = true;
                    return RunEnd(place + length, CharacterKind.Tail);
                }

                break;
            }

            place += length;
            if (kind.IsIn(CharacterKind.Tail))
            {
                lastOfBoth = place;
            }
        }

        hasTail = lastOfBoth > start;
        return hasTail ? lastOfBoth : place;
    }

    /// <summary>Numbers, signs and white space: the alternatives after words.</summary>
    private int RestEnd(int start, CharacterKind first, int length)
    {
        if (first == CharacterKind.Number)
        {
            return DigitsEnd(start + length);
        }

        var signs = _text[start] == ' ' ? start + length : start;
        if (RunEnd(signs, CharacterKind.Sign) is var end && end > signs)
        {
            return LineEndsEnd(end);
        }

        return WhiteEnd(start);
    }

    private int DigitsEnd(int place)
    {
        for (var digits = 1; digits < DigitsMax && place < _text.Length && KindAt(place, out var length) == CharacterKind.Number; digits++)
        {
            place += length;
        }

        return place;
    }

    private int LineEndsEnd(int place)
    {
        while (place < _text.Length && (_text[place] is (byte)'\r' or (byte)'\n' || (isO200k && _text[place] == '/')))
        {
            place++;
            Steps++;
        }

        return place;
    }

    /// <summary>White space: to its last line end; else all, but for the last character when something follows it.</summary>
    private int WhiteEnd(int start)
    {
        var place = start;
        var last = start;
        var afterLineEnd = start;
        while (place < _text.Length && KindAt(place, out var length) is var kind && kind.IsIn(CharacterKind.White))
        {
            last = place;
            place += length;
            afterLineEnd = kind == CharacterKind.LineEnd ? place : afterLineEnd;
        }

        if (afterLineEnd > start)
        {
            return afterLineEnd;
        }

        return place < _text.Length && last > start ? last : place;
    }

    /// <summary>Where an English ending ends (<c>'s 't 're 've 'm 'll 'd</c>, in any case); the place itself when there is none.</summary>
    private readonly int EndingEnd(int place)
    {
        if (place + 1 >= _text.Length || _text[place] != '\'')
        {
            return place;
        }

        var first = _text[place + 1] | 0x20;
        if (first is 's' or 't' or 'm' or 'd')
        {
            return place + 2;
        }

        var second = place + 2 < _text.Length ? _text[place + 2] | 0x20 : 0;
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? place + 3 : place;
    }

    private int RunEnd(int place, CharacterKind kinds)
    {
        while (place < _text.Length && KindAt(place, out var length).IsIn(kinds))
        {
            place += length;
        }

        return place;
    }

    private CharacterKind KindAt(int place, out int length)
    {
        Steps++;
        return CharacterKinds.At(_text, place, out length);
    }
}
