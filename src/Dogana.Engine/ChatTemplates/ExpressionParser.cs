namespace Dogana.Engine.ChatTemplates;

/// <summary>Reads expressions, the loosest operators first, in Jinja's order of precedence.</summary>
internal sealed partial class ExpressionParser(TokenReader reader)
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    /// <summary>Reads <c>a if b else c</c> and all below it.</summary>
    public TemplateExpression Read()
    {
        TemplateExpression value = ReadOr();
        while (reader.TryName("if"))
        {
            TemplateExpression condition = ReadOr();
            value = new ConditionalExpression(value, condition, reader.TryName("else") ? Read() : null);
        }

        return value;
    }

    /// <summary>Reads an expression without <c>if</c>, which after a loop's list is the loop's own.</summary>
    public TemplateExpression ReadOr()
    {
        TemplateExpression left = ReadAnd();
        while (reader.TryName("or"))
        {
            left = new LogicExpression(left, ReadAnd(), IsAnd: false);
        }

        return left;
    }

    private TemplateExpression ReadAnd()
    {
        TemplateExpression left = ReadNot();
        while (reader.TryName("and"))
        {
            left = new LogicExpression(left, ReadNot(), IsAnd: true);
        }

        return left;
    }

    private TemplateExpression ReadNot() => reader.TryName("not") ? new NotExpression(ReadNot()) : ReadComparison();

    private TemplateExpression ReadComparison()
    {
        TemplateExpression first = ReadSum();
        var rest = new List<(string Operator, TemplateExpression Operand)>();
        while (TakeComparison() is { } symbol)
        {
            rest.Add((symbol, ReadSum()));
        }

        return rest.Count == 0 ? first : new CompareExpression(first, rest);
    }

    private string? TakeComparison()
    {
        if (reader.IsName("not") && reader.IsNextName("in"))
        {
            reader.Take();
            reader.Take();
            return "not in";
        }

        return reader.IsName("in") || (reader.Current.Kind == TemplateTokenKind.Symbol && Comparisons.Contains(reader.Current.Text))
            ? reader.Take().Text
            : null;
    }

    private TemplateExpression ReadSum() => ReadOperators(["+", "-"], ReadJoin);

    private TemplateExpression ReadJoin() => ReadOperators(["~"], ReadProduct);

    private TemplateExpression ReadProduct() => ReadOperators(["*", "/", "//", "%"], ReadSign);

    private TemplateExpression ReadOperators(string[] symbols, Func<TemplateExpression> readOperand)
    {
        TemplateExpression left = readOperand();
        while (reader.Current.Kind == TemplateTokenKind.Symbol && symbols.Contains(reader.Current.Text))
        {
            left = new ArithmeticExpression(reader.Take().Text, left, readOperand());
        }

        return left;
    }

    private TemplateExpression ReadSign()
    {
        if (reader.TrySymbol("-"))
        {
            return new ArithmeticExpression("-", new LiteralExpression(0L), ReadSign());
        }

        TemplateExpression value = ReadPostfix(ReadPrimary());
        return reader.IsSymbol("**") ? throw TemplateSyntax.Unsupported("the operator '**'", reader.Line) : value;
    }

    private TemplateExpression ReadPostfix(TemplateExpression value)
    {
        while (true)
        {
            if (reader.TrySymbol("."))
            {
                value = ReadMember(value);
            }
            else if (reader.TrySymbol("["))
            {
                value = ReadIndex(value);
            }
            else if (reader.TrySymbol("|"))
            {
                TemplateToken name = reader.Expect(TemplateTokenKind.Name, "a filter");
                value = TemplateFilters.Named.ContainsKey(name.Text)
                    ? new FilterExpression(value, name.Text, reader.IsSymbol("(") ? ReadArguments() : ArgumentList.None)
                    : throw TemplateSyntax.Unsupported($"the filter '{name.Text}'", name.Line);
            }
            else if (reader.TryName("is"))
            {
                value = ReadTest(value);
            }
            else
            {
                return reader.IsSymbol("(") ? throw TemplateSyntax.Unsupported("calling a value", reader.Line) : value;
            }
        }
    }

    private TemplateExpression ReadMember(TemplateExpression target)
    {
        TemplateToken name = reader.Expect(TemplateTokenKind.Name, "the name of a member");
        if (!reader.IsSymbol("("))
        {
            return new IndexExpression(target, new LiteralExpression(MarkedText.Own(name.Text)));
        }

        return TemplateMethods.Known.Contains(name.Text)
            ? new MethodExpression(target, name.Text, ReadArguments())
            : throw TemplateSyntax.Unsupported($"the method '{name.Text}'", name.Line);
    }

    private TemplateExpression ReadIndex(TemplateExpression target)
    {
        TemplateExpression? from = reader.IsSymbol(":") ? null : Read();
        if (from is not null && reader.TrySymbol("]"))
        {
            return new IndexExpression(target, from);
        }

        reader.Symbol(":");
        TemplateExpression? to = reader.IsSymbol(":") || reader.IsSymbol("]") ? null : Read();
        TemplateExpression? step = reader.TrySymbol(":") && !reader.IsSymbol("]") ? Read() : null;
        reader.Symbol("]");
        return new SliceExpression(target, from, to, step);
    }

    private TemplateExpression ReadTest(TemplateExpression target)
    {
        bool negated = reader.TryName("not");
        TemplateToken name = reader.Expect(TemplateTokenKind.Name, "a test");
        string key = name.Text.ToLowerInvariant();
        if (!TemplateTests.Named.ContainsKey(key))
        {
            throw TemplateSyntax.Unsupported($"the test '{name.Text}'", name.Line);
        }

        var test = new TestExpression(target, key, reader.IsSymbol("(") ? ReadArguments() : ArgumentList.None);
        return negated ? new NotExpression(test) : test;
    }

    private ArgumentList ReadArguments()
    {
        reader.Symbol("(");
        var positional = new List<TemplateExpression>();
        var named = new List<(string Name, TemplateExpression Value)>();
        while (!reader.TrySymbol(")"))
        {
            if (reader.Current.Kind == TemplateTokenKind.Name && reader.IsNextSymbol("="))
            {
                string name = reader.Identifier();
                reader.Symbol("=");
                named.Add((name, Read()));
            }
            else
            {
                positional.Add(Read());
            }

            if (!reader.IsSymbol(")"))
            {
                reader.Symbol(",");
            }
        }

        return new ArgumentList(positional, named);
    }
}
