using System.Globalization;

namespace Dogana.Engine.ChatTemplates;

/// <content>Values by themselves: literals, names, calls of functions, lists and mappings.</content>
internal sealed partial class ExpressionParser
{
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
}
