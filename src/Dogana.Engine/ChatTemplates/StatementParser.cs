namespace Dogana.Engine.ChatTemplates;

/// <summary>Reads the statements of a template.</summary>
internal sealed class StatementParser
{
    private readonly TokenReader _reader;
    private readonly ExpressionParser _expressions;

    private StatementParser(TokenReader reader)
    {
        _reader = reader;
        _expressions = new ExpressionParser(reader);
    }

    public static BlockStatement Read(string source)
    {
        var parser = new StatementParser(new TokenReader(TemplateLexer.Read(source)));
        BlockStatement all = parser.ReadBlock();
        return parser._reader.Current.Kind == TemplateTokenKind.End
            ? all
            : throw TemplateSyntax.Error($"found {parser._reader.Current} that nothing opened.", parser._reader.Line);
    }

    /// <summary>Reads up to the end or to a statement that closes or continues what is around, whose name is left.</summary>
    private BlockStatement ReadBlock()
    {
        var statements = new List<TemplateStatement>();
        while (true)
        {
            switch (_reader.Current.Kind)
            {
                case TemplateTokenKind.Text:
                    statements.Add(new TextStatement(MarkedText.Own(_reader.Take().Text)));
                    break;
                case TemplateTokenKind.OutputStart:
                    _reader.Take();
                    statements.Add(new OutputStatement(_expressions.Read()));
                    _reader.Expect(TemplateTokenKind.OutputEnd, "'}}'");
                    break;
                case TemplateTokenKind.StatementStart:
                    _reader.Take();
                    if (IsCloser())
                    {
                        return new BlockStatement(statements);
                    }

                    statements.Add(ReadStatement());
                    break;
                default:
                    return new BlockStatement(statements);
            }
        }
    }

    private bool IsCloser() => _reader.Current.Kind == TemplateTokenKind.Name
        && (_reader.Current.Text.StartsWith("end", StringComparison.Ordinal) || _reader.Current.Text is "else" or "elif");

    private TemplateStatement ReadStatement()
    {
        TemplateToken name = _reader.Expect(TemplateTokenKind.Name, "a statement");
        switch (name.Text)
        {
            case "if":
                return ReadIf();
            case "for":
                return ReadFor();
            case "set":
                return ReadSet();
            case "break":
                CloseTag();
                return new FlowStatement(TemplateFlow.Break);
            case "continue":
                CloseTag();
                return new FlowStatement(TemplateFlow.Continue);
            case "generation":
                // Marks the assistant's words for training; it writes nothing.
                CloseTag();
                BlockStatement body = ReadBlock();
                Close("endgeneration");
                return body;
            default:
                throw TemplateSyntax.Unsupported($"the statement '{name.Text}'", name.Line);
        }
    }

    private IfStatement ReadIf()
    {
        var branches = new List<(TemplateExpression Condition, BlockStatement Then)>();
        do
        {
            TemplateExpression condition = _expressions.Read();
            CloseTag();
            branches.Add((condition, ReadBlock()));
        }
        while (_reader.TryName("elif"));

        BlockStatement? otherwise = ReadElse();
        Close("endif");
        return new IfStatement(branches, otherwise);
    }

    private ForStatement ReadFor()
    {
        var names = new List<string> { _reader.Identifier() };
        while (_reader.TrySymbol(","))
        {
            names.Add(_reader.Identifier());
        }

        _reader.Name("in");
        TemplateExpression items = _expressions.ReadOr();
        TemplateExpression? condition = _reader.TryName("if") ? _expressions.Read() : null;
        if (_reader.IsName("recursive"))
        {
            throw TemplateSyntax.Unsupported("a recursive loop", _reader.Line);
        }

        CloseTag();
        BlockStatement body = ReadBlock();
        BlockStatement? otherwise = ReadElse();
        Close("endfor");
        return new ForStatement(names, items, condition, body, otherwise);
    }

    private TemplateStatement ReadSet()
    {
        string name = _reader.Identifier();
        string? member = _reader.TrySymbol(".") ? _reader.Identifier() : null;
        if (_reader.TrySymbol("="))
        {
            TemplateExpression value = _expressions.Read();
            CloseTag();
            return new SetStatement(name, member, value);
        }

        if (member is not null || _reader.Current.Kind != TemplateTokenKind.StatementEnd)
        {
            throw TemplateSyntax.Unsupported($"{_reader.Current} in 'set'", _reader.Line);
        }

        CloseTag();
        BlockStatement body = ReadBlock();
        Close("endset");
        return new CaptureStatement(name, body);
    }

    private BlockStatement? ReadElse()
    {
        if (!_reader.TryName("else"))
        {
            return null;
        }

        CloseTag();
        return ReadBlock();
    }

    private void Close(string name)
    {
        _reader.Name(name);
        CloseTag();
    }

    private void CloseTag() => _reader.Expect(TemplateTokenKind.StatementEnd, "'%}'");
}
