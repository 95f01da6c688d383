using System.Globalization;

namespace Dogana.Engine.ChatTemplates;

/// <summary>Reads expressions, the loosest operators first, in Jinja's order of precedence.</summary>
internal sealed class ExpressionParser(TokenReader reader)
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

    private TemplateExpression ReadPrimary()
    {
        TemplateToken token = reader.Take();
        switch (token.Kind)
        {
            case TemplateTokenKind.String:
                MarkedText text = MarkedText.Own(token.Text);
                while (reader.Current.Kind == TemplateTokenKind.String)
                {
                    text = text.Append(MarkedText.Own(reader.Take().Text));
                }

                return new LiteralExpression(text);
            case TemplateTokenKind.Number:
                return ReadNumber(token);
            case TemplateTokenKind.Name:
                return ReadName(token);
            case TemplateTokenKind.Symbol when token.Text == "(":
                return ReadParenthesis();
            case TemplateTokenKind.Symbol when token.Text == "[":
                return new ListExpression(ReadItems("]"));
            case TemplateTokenKind.Symbol when token.Text == "{":
                return ReadMap();
            default:
                throw TemplateSyntax.Error($"expected a value, found {token}.", token.Line);
        }
    }

    private static LiteralExpression ReadNumber(TemplateToken token)
    {
        if (long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long whole))
        {
            return new LiteralExpression(whole);
        }

        return double.TryParse(token.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            ? new LiteralExpression(number)
            : throw TemplateSyntax.Error($"expected a number, found {token}.", token.Line);
    }

    private TemplateExpression ReadName(TemplateToken token)
    {
        switch (token.Text)
        {
            case "true" or "True":
                return new LiteralExpression(true);
            case "false" or "False":
                return new LiteralExpression(false);
            case "none" or "None":
                return new LiteralExpression(null);
        }

        if (!reader.IsSymbol("("))
        {
            return new NameExpression(token.Text);
        }

        return TemplateFunctions.Names.Contains(token.Text)
            ? new FunctionExpression(token.Text, ReadArguments())
            : throw TemplateSyntax.Unsupported($"the function '{token.Text}'", token.Line);
    }

    private TemplateExpression ReadParenthesis()
    {
        TemplateExpression inner = Read();
        if (!reader.IsSymbol(","))
        {
            reader.Symbol(")");
            return inner;
        }

        // A tuple; nothing in a template tells it from a list.
        reader.Symbol(",");
        return new ListExpression([inner, .. ReadItems(")")]);
    }

    private List<TemplateExpression> ReadItems(string close)
    {
        var items = new List<TemplateExpression>();
        while (!reader.TrySymbol(close))
        {
            items.Add(Read());
            if (!reader.IsSymbol(close))
            {
                reader.Symbol(",");
            }
        }

        return items;
    }

    private MapExpression ReadMap()
    {
        var entries = new List<(TemplateExpression Key, TemplateExpression Value)>();
        while (!reader.TrySymbol("}"))
        {
            TemplateExpression key = Read();
            reader.Symbol(":");
            entries.Add((key, Read()));
            if (!reader.IsSymbol("}"))
            {
                reader.Symbol(",");
            }
        }

        return new MapExpression(entries);
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
