namespace Dogana.Engine.ChatTemplates;

/// <summary>The tests after <c>is</c>.</summary>
internal static class TemplateTests
{
    public static readonly IReadOnlyDictionary<string, Func<object?, CallArguments, bool>> Named =
        new Dictionary<string, Func<object?, CallArguments, bool>>(StringComparer.Ordinal)
        {
            ["defined"] = (value, _) => value is not Undefined,
            ["undefined"] = (value, _) => value is Undefined,
            ["none"] = (value, _) => value is null,
            ["string"] = (value, _) => value is MarkedText,
            ["number"] = (value, _) => TemplateValues.Number(value) is not null,
            ["integer"] = (value, _) => value is long,
            ["float"] = (value, _) => value is double,
            ["boolean"] = (value, _) => value is bool,
            ["true"] = (value, _) => value is true,
            ["false"] = (value, _) => value is false,
            ["mapping"] = (value, _) => value is TemplateMap,
            ["iterable"] = (value, _) => value is MarkedText or TemplateMap or List<object?>,
            ["sequence"] = (value, _) => value is MarkedText or TemplateMap or List<object?>,
            ["odd"] = (value, _) => value is long number && number % 2 != 0,
            ["even"] = (value, _) => value is long number && number % 2 == 0,
            ["equalto"] = Equal,
            ["eq"] = Equal,
            ["ne"] = (value, arguments) => !Equal(value, arguments),
            ["in"] = (value, arguments) => TemplateValues.Contains(arguments.Require(0, "seq"), value),
        };

    private static bool Equal(object? value, CallArguments arguments) => TemplateValues.Equals(value, arguments.Require(0, "other"));
}
