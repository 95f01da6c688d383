using System.Globalization;

namespace Dogana.Engine.ChatTemplates;

/// <summary>The value of a name that has none; not the same as none.</summary>
internal sealed class Undefined
{
    public static readonly Undefined Value = new();

    private Undefined()
    {
    }
}

/// <summary>A dictionary of a template, in the order of insertion. Only a namespace may be changed.</summary>
internal sealed class TemplateMap(bool isNamespace = false)
{
    private readonly List<string> _keys = [];
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public bool IsNamespace { get; } = isNamespace;

    public IReadOnlyList<string> Keys => _keys;

    public object? this[string key]
    {
        get => _values.TryGetValue(key, out object? value) ? value : Undefined.Value;
        set
        {
            if (!_values.ContainsKey(key))
            {
                _keys.Add(key);
            }

            _values[key] = value;
        }
    }

    public bool Has(string key) => _values.ContainsKey(key);
}

/// <summary>
/// What values of a template mean: null is none; otherwise <see cref="Undefined"/>, bool, long, double, <see cref="MarkedText"/>,
/// a list of values, or a <see cref="TemplateMap"/>. As in Python, where the templates come from.
/// </summary>
internal static class TemplateValues
{
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        MarkedText text => text.Length > 0,
        List<object?> list => list.Count > 0,
        TemplateMap map => map.IsNamespace || map.Keys.Count > 0,
        _ => true,
    };

    public static string KindOf(object? value) => value switch
    {
        null => "none",
        Undefined => "an undefined value",
        bool => "a boolean",
        long or double => "a number",
        MarkedText => "a string",
        List<object?> => "a list",
        _ => "a mapping",
    };

    public static MarkedText ToText(object? value) => value switch
    {
        MarkedText text => text,
        Undefined => MarkedText.Empty,
        null => MarkedText.Own("None"),
        bool flag => MarkedText.Own(flag ? "True" : "False"),
        long number => MarkedText.Own(number.ToString(CultureInfo.InvariantCulture)),
        double number => MarkedText.Own(WriteDouble(number)),
        _ => throw new ChatTemplateException($"The chat template writes {KindOf(value)} as text, which is not supported; use tojson."),
    };

    public static string WriteDouble(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        return double.IsFinite(number) && !text.Contains('.', StringComparison.Ordinal) && !text.Contains('E', StringComparison.Ordinal)
            ? text + ".0"
            : text;
    }

    public static new bool Equals(object? a, object? b) => (a, b) switch
    {
        (MarkedText x, MarkedText y) => x.Text == y.Text,
        (List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y).All(pair => Equals(pair.First, pair.Second)),
        (TemplateMap x, TemplateMap y) =>
            ReferenceEquals(x, y) || (x.Keys.Count == y.Keys.Count && x.Keys.All(key => y.Has(key) && Equals(x[key], y[key]))),
        _ => Number(a) is { } x && Number(b) is { } y ? x == y : object.Equals(a, b),
    };

    public static int Compare(object? a, object? b)
    {
        if (a is MarkedText x && b is MarkedText y)
        {
            return string.CompareOrdinal(x.Text, y.Text);
        }

        return Number(a) is { } left && Number(b) is { } right
            ? left.CompareTo(right)
            : throw new ChatTemplateException($"The chat template compares {KindOf(a)} with {KindOf(b)}.");
    }

    public static bool Contains(object? container, object? value) => (container, value) switch
    {
        (MarkedText text, MarkedText part) => text.Text.Contains(part.Text, StringComparison.Ordinal),
        (List<object?> list, _) => list.Any(item => Equals(item, value)),
        (TemplateMap map, MarkedText key) => map.Has(key.Text),
        (Undefined, _) => false,
        _ => throw new ChatTemplateException($"The chat template looks for {KindOf(value)} in {KindOf(container)}."),
    };

    /// <summary>A number as double; booleans count as 0 and 1, as in Python.</summary>
    public static double? Number(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        double number => number,
        _ => null,
    };

    public static List<object?> Items(object? value) => value switch
    {
        List<object?> list => list,
        TemplateMap map => [.. map.Keys.Select(MarkedText.Own)],
        MarkedText text => [.. Enumerable.Range(0, text.Length).Select(i => text.Slice(i, 1))],
        Undefined => [],
        _ => throw new ChatTemplateException($"The chat template goes through {KindOf(value)} as if it were a list."),
    };

    public static long Length(object? value) => value is MarkedText text ? text.Length : Items(value).Count;
}
