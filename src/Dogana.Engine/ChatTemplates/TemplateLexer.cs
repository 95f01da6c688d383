using System.Text;

namespace Dogana.Engine.ChatTemplates;

/// <summary>
/// Splits a template into tokens. As the transformers library sets Jinja up, a line end after a statement and blanks before one
/// at the start of a line are dropped (<c>trim_blocks</c>, <c>lstrip_blocks</c>), and so is one line end at the template's end.
/// </summary>
internal sealed class TemplateLexer
{
    private const int SourceCharactersMax = 1 << 20;
    private static readonly string[] Symbols =
        ["==", "!=", "<=", ">=", "//", "**", "(", ")", "[", "]", "{", "}", ".", ",", ":", "|", "~", "+", "-", "*", "/", "%", "<", ">", "="];

    private readonly string _source;
    private readonly List<TemplateToken> _tokens = [];
    private int _position;
    private int _line = 1;

    private TemplateLexer(string source) => _source = source;

    public static List<TemplateToken> Read(string source)
    {
        if (source.Length > SourceCharactersMax)
        {
            throw ModelFileException.ForKey(
                TemplateSyntax.Key, $"expected at most {SourceCharactersMax} characters, found {source.Length}.");
        }

        source = source.ReplaceLineEndings("\n");
        var lexer = new TemplateLexer(source.EndsWith('\n') ? source[..^1] : source);
        lexer.ReadAll();
        return lexer._tokens;
    }

    private void ReadAll()
    {
        bool trimStart = false;
        bool dropLineEnd = false;
        while (_position < _source.Length)
        {
            int tag = NextTag();
            AddText(tag, trimStart, dropLineEnd);
            if (tag == _source.Length)
            {
                break;
            }

            (trimStart, dropLineEnd) = ReadTag(tag);
        }

        Add(TemplateTokenKind.End, "");
    }

    private int NextTag()
    {
        for (int i = _position; (i = _source.IndexOf('{', i)) >= 0 && i + 1 < _source.Length; i++)
        {
            if (_source[i + 1] is '{' or '%' or '#')
            {
                return i;
            }
        }

        return _source.Length;
    }

    private void AddText(int end, bool trimStart, bool dropLineEnd)
    {
        string text = _source[_position..end];
        if (trimStart)
        {
            text = text.TrimStart();
        }
        else if (dropLineEnd && text.StartsWith('\n'))
        {
            text = text[1..];
        }

        if (end + 2 < _source.Length && _source[end + 2] == '-')
        {
            text = text.TrimEnd();
        }
        else if (end + 1 < _source.Length && _source[end + 1] is '%' or '#' && (end + 2 >= _source.Length || _source[end + 2] != '+'))
        {
            text = DropIndent(text, end);
        }

        if (text.Length > 0)
        {
            Add(TemplateTokenKind.Text, text);
        }

        CountLines(_position, end);
        _position = end;
    }

    /// <summary>Drops the blanks before a statement when nothing else stands before it on its line.</summary>
    private string DropIndent(string text, int tag)
    {
        int lineStart = tag == 0 ? 0 : _source.LastIndexOf('\n', tag - 1) + 1;
        bool alone = _source.AsSpan(lineStart, tag - lineStart).Trim(" \t").IsEmpty;
        return alone ? text.TrimEnd(' ', '\t') : text;
    }

    private (bool TrimStart, bool DropLineEnd) ReadTag(int start)
    {
        char kind = _source[start + 1];
        _position = start + 2;
        if (kind == '#')
        {
            int end = _source.IndexOf("#}", _position, StringComparison.Ordinal);
            if (end < 0)
            {
                throw TemplateSyntax.Error("expected the end of a comment, '#}'.", _line);
            }

            CountLines(start, end);
            _position = end + 2;
            return (_source[end - 1] == '-', true);
        }

        bool output = kind == '{';
        Add(output ? TemplateTokenKind.OutputStart : TemplateTokenKind.StatementStart, _source.Substring(start, 2));
        if (_position < _source.Length && _source[_position] is '-' or '+')
        {
            _position++;
        }

        string close = output ? "}}" : "%}";
        int nesting = 0;
        while (true)
        {
            SkipBlanks();
            bool trim = At("-" + close);
            bool keep = At("+" + close);
            if (nesting == 0 && (trim || keep || At(close)))
            {
                _position += close.Length + (trim || keep ? 1 : 0);
                Add(output ? TemplateTokenKind.OutputEnd : TemplateTokenKind.StatementEnd, close);
                return (trim, !output && !keep);
            }

            nesting += ReadToken();
        }
    }

    /// <summary>Reads a token inside a tag; returns how it changes the nesting of brackets.</summary>
    private int ReadToken()
    {
        if (_position >= _source.Length)
        {
            throw TemplateSyntax.Error("expected the end of a tag, found the end of the template.", _line);
        }

        char first = _source[_position];
        if (char.IsLetter(first) || first == '_')
        {
            AddWhile(TemplateTokenKind.Name, character => char.IsLetterOrDigit(character) || character == '_');
            return 0;
        }

        if (char.IsAsciiDigit(first))
        {
            AddWhile(TemplateTokenKind.Number, character => char.IsAsciiDigit(character) || character == '.');
            return 0;
        }

        if (first is '\'' or '"')
        {
            ReadString(first);
            return 0;
        }

        string symbol = Array.Find(Symbols, At) ?? throw TemplateSyntax.Unsupported($"the character '{first}'", _line);
        _position += symbol.Length;
        Add(TemplateTokenKind.Symbol, symbol);
        return symbol is "(" or "[" or "{" ? 1 : symbol is ")" or "]" or "}" ? -1 : 0;
    }

    private void ReadString(char quote)
    {
        var text = new StringBuilder();
        int start = _position++;
        while (_position < _source.Length && _source[_position] != quote)
        {
            char character = _source[_position++];
            if (character == '\\' && _position < _source.Length)
            {
                char escaped = _source[_position++];
                text.Append(escaped switch
                {
                    'n' => "\n",
                    't' => "\t",
                    'r' => "\r",
                    '\\' or '\'' or '"' => escaped.ToString(),
                    _ => throw TemplateSyntax.Unsupported($"the escape '\\{escaped}'", _line),
                });
            }
            else
            {
                text.Append(character);
            }
        }

        if (_position >= _source.Length)
        {
            throw TemplateSyntax.Error($"expected the end of a string that starts with {quote}.", _line);
        }

        _position++;
        Add(TemplateTokenKind.String, text.ToString());
        CountLines(start, _position);
    }

    private bool At(string text) => string.CompareOrdinal(_source, _position, text, 0, text.Length) == 0;

    private void SkipBlanks()
    {
        int start = _position;
        while (_position < _source.Length && char.IsWhiteSpace(_source[_position]))
        {
            _position++;
        }

        CountLines(start, _position);
    }

    private void AddWhile(TemplateTokenKind kind, Func<char, bool> belongs)
    {
        int start = _position;
        while (_position < _source.Length && belongs(_source[_position]))
        {
            _position++;
        }

        Add(kind, _source[start.._position]);
    }

    private void CountLines(int start, int end) => _line += _source.AsSpan(start, end - start).Count('\n');

    private void Add(TemplateTokenKind kind, string text) => _tokens.Add(new TemplateToken(kind, text, _line));
}
