using System.Globalization;

namespace Dogana.Engine.ChatTemplates;

/// <summary>The filters after <c>|</c>.</summary>
internal static class TemplateFilters
{
    public static readonly IReadOnlyDictionary<string, Func<object?, CallArguments, object?>> Named =
        new Dictionary<string, Func<object?, CallArguments, object?>>(StringComparer.Ordinal)
        {
            ["trim"] = (value, _) => TemplateMethods.Strip(TemplateValues.ToText(value), null, true, true),
            ["upper"] = (value, _) => Change(value, text => text.ToUpperInvariant()),
            ["lower"] = (value, _) => Change(value, text => text.ToLowerInvariant()),
            ["capitalize"] = (value, _) => TemplateMethods.Capitalise(TemplateValues.ToText(value), everyWord: false),
            ["title"] = (value, _) => TemplateMethods.Capitalise(TemplateValues.ToText(value), everyWord: true),
            ["replace"] = (value, arguments) => TemplateMethods.Replace(TemplateValues.ToText(value), arguments),
            ["string"] = (value, _) => TemplateValues.ToText(value),
            ["safe"] = (value, _) => value,
            ["int"] = ToInteger,
            ["length"] = (value, _) => TemplateValues.Length(value),
            ["count"] = (value, _) => TemplateValues.Length(value),
            ["first"] = (value, _) => TemplateValues.Items(value) is [var item, ..] ? item : Undefined.Value,
            ["last"] = (value, _) => TemplateValues.Items(value) is [.., var item] ? item : Undefined.Value,
            ["list"] = (value, _) => TemplateValues.Items(value).ToList(),
            ["reverse"] = (value, _) => TemplateValues.Items(value).AsEnumerable().Reverse().ToList(),
            ["items"] = (value, _) => value is TemplateMap map ? TemplateMethods.Pairs(map) : TemplateValues.Items(value),
            ["join"] = Join,
            ["default"] = Default,
            ["d"] = Default,
            ["tojson"] = TemplateJson.Write,
            ["map"] = Map,
            ["select"] = (value, arguments) => Select(value, arguments, keep: true),
            ["reject"] = (value, arguments) => Select(value, arguments, keep: false),
            ["selectattr"] = (value, arguments) => SelectByAttribute(value, arguments, keep: true),
            ["rejectattr"] = (value, arguments) => SelectByAttribute(value, arguments, keep: false),
        };

    private static MarkedText Change(object? value, Func<string, string> change)
    {
        MarkedText text = TemplateValues.ToText(value);
        return MarkedText.Derived(change(text.Text), text);
    }

    private static object? ToInteger(object? value, CallArguments arguments) => value switch
    {
        long number => number,
        bool flag => flag ? 1L : 0L,
        double number when Math.Abs(number) < 1e15 => (long)number,
        MarkedText text when long.TryParse(text.Text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) => number,
        _ => arguments.Get(0, "default", 0L),
    };

    private static object? Default(object? value, CallArguments arguments)
    {
        bool replacesFalse = TemplateValues.IsTrue(arguments.Get(1, "boolean", false));
        return value is Undefined || (replacesFalse && !TemplateValues.IsTrue(value))
            ? arguments.Get(0, "default_value", MarkedText.Empty)
            : value;
    }

    private static MarkedText Join(object? value, CallArguments arguments)
    {
        MarkedText separator = TemplateValues.ToText(arguments.Get(0, "d", MarkedText.Empty));
        var all = new MarkedText.Builder();
        foreach ((int index, object? item) in TemplateValues.Items(value).Index())
        {
            if (index > 0)
            {
                all.Append(separator);
            }

            all.Append(TemplateValues.ToText(item));
            arguments.Scope.Step(1 + separator.Length);
        }

        return all.ToMarkedText();
    }

    private static List<object?> Map(object? value, CallArguments arguments)
    {
        List<object?> items = TemplateValues.Items(value);
        arguments.Scope.Step(items.Count);
        if (arguments.Get(int.MaxValue, "attribute", null) is MarkedText attribute)
        {
            return [.. items.Select(item => Attribute(item, attribute.Text))];
        }

        string name = arguments.RequireText(0, "filter").Text;
        Func<object?, CallArguments, object?> filter = Named.TryGetValue(name, out Func<object?, CallArguments, object?>? found)
            ? found
            : throw new ChatTemplateException($"The chat template maps with the filter '{name}', which is not supported.");
        return [.. items.Select(item => filter(item, Rest(arguments, 1)))];
    }

    private static List<object?> Select(object? value, CallArguments arguments, bool keep) =>
        [.. TemplateValues.Items(value).Where(item => Holds(item, arguments, 0) == keep)];

    private static List<object?> SelectByAttribute(object? value, CallArguments arguments, bool keep)
    {
        string attribute = arguments.RequireText(0, "attribute").Text;
        return [.. TemplateValues.Items(value).Where(item => Holds(Attribute(item, attribute), arguments, 1) == keep)];
    }

    private static bool Holds(object? value, CallArguments arguments, int testPosition)
    {
        arguments.Scope.Step();
        if (arguments.Positional.Count <= testPosition)
        {
            return TemplateValues.IsTrue(value);
        }

        string name = arguments.RequireText(testPosition, "test").Text;
        return TemplateTests.Named.TryGetValue(name == "==" ? "eq" : name, out Func<object?, CallArguments, bool>? test)
            ? test(value, Rest(arguments, testPosition + 1))
            : throw new ChatTemplateException($"The chat template selects with the test '{name}', which is not supported.");
    }

    private static object? Attribute(object? item, string name) => item is TemplateMap map ? map[name] : Undefined.Value;

    private static CallArguments Rest(CallArguments arguments, int skip) =>
        arguments with { Positional = arguments.Positional.Skip(skip).ToList() };
}
