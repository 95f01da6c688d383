namespace Dogana.Engine.ChatTemplates;

/// <summary>The methods of strings and mappings.</summary>
internal static class TemplateMethods
{
    public static readonly IReadOnlySet<string> Known = new HashSet<string>(StringComparer.Ordinal)
    {
        "strip", "lstrip", "rstrip", "split", "startswith", "endswith", "replace", "upper", "lower", "title", "capitalize", "find",
        "get", "items", "keys", "values",
    };

    public static object? Call(object? target, string name, CallArguments arguments) => (target, name) switch
    {
        (MarkedText text, _) when OfText(text, name, arguments) is { } result => result,
        (TemplateMap map, "get") => map.Has(arguments.RequireText(0, "key").Text)
            ? map[arguments.RequireText(0, "key").Text]
            : arguments.Get(1, "default", null),
        (TemplateMap map, "items") => Pairs(map),
        (TemplateMap map, "keys") => TemplateValues.Items(map),
        (TemplateMap map, "values") => map.Keys.Select(key => map[key]).ToList(),
        _ => throw new ChatTemplateException($"The chat template calls '{name}' of {TemplateValues.KindOf(target)}."),
    };

    public static List<object?> Pairs(TemplateMap map) =>
        [.. map.Keys.Select(key => new List<object?> { MarkedText.Own(key), map[key] })];

    public static MarkedText Strip(MarkedText text, string? characters, bool atStart, bool atEnd)
    {
        bool Dropped(char character) => characters is null ? char.IsWhiteSpace(character) : characters.Contains(character);
        int start = 0;
        int end = text.Length;
        while (atStart && start < end && Dropped(text.Text[start]))
        {
            start++;
        }

        while (atEnd && end > start && Dropped(text.Text[end - 1]))
        {
            end--;
        }

        return text.Slice(start, end - start);
    }

    public static MarkedText Capitalise(MarkedText text, bool everyWord)
    {
        char[] characters = text.Text.ToCharArray();
        for (int i = 0; i < characters.Length; i++)
        {
            bool first = i == 0 || (everyWord && !char.IsLetter(characters[i - 1]));
            characters[i] = first ? char.ToUpperInvariant(characters[i]) : char.ToLowerInvariant(characters[i]);
        }

        return MarkedText.Derived(new string(characters), text);
    }

    public static MarkedText Replace(MarkedText text, CallArguments arguments)
    {
        MarkedText old = arguments.RequireText(0, "old");
        MarkedText replacement = arguments.RequireText(1, "new");
        if (old.Length == 0)
        {
            throw new ChatTemplateException("The chat template replaces an empty string, which is not supported.");
        }

        string replaced = text.Text.Replace(old.Text, replacement.Text, StringComparison.Ordinal);
        arguments.Scope.Step((text.Length + replaced.Length) / 64);
        return MarkedText.Derived(replaced, text, replacement);
    }

    private static object? OfText(MarkedText text, string name, CallArguments arguments)
    {
        string? Characters() => (arguments.Get(0, "chars", null) as MarkedText)?.Text;
        return name switch
        {
            "strip" => Strip(text, Characters(), true, true),
            "lstrip" => Strip(text, Characters(), true, false),
            "rstrip" => Strip(text, Characters(), false, true),
            "split" => Split(text, (arguments.Get(0, "sep", null) as MarkedText)?.Text, arguments.Get(1, "maxsplit", null) as long? ?? -1),
            "startswith" => text.Text.StartsWith(arguments.RequireText(0, "prefix").Text, StringComparison.Ordinal),
            "endswith" => text.Text.EndsWith(arguments.RequireText(0, "suffix").Text, StringComparison.Ordinal),
            "find" => (long)text.Text.IndexOf(arguments.RequireText(0, "sub").Text, StringComparison.Ordinal),
            "replace" => Replace(text, arguments),
            "upper" => MarkedText.Derived(text.Text.ToUpperInvariant(), text),
            "lower" => MarkedText.Derived(text.Text.ToLowerInvariant(), text),
            "title" => Capitalise(text, everyWord: true),
            "capitalize" => Capitalise(text, everyWord: false),
            _ => null,
        };
    }

    private static List<object?> Split(MarkedText text, string? separator, long splitsMax)
    {
        if (separator is "")
        {
            throw new ChatTemplateException("The chat template splits at an empty string.");
        }

        var parts = new List<object?>();
        int start = 0;
        while (splitsMax < 0 || parts.Count < splitsMax)
        {
            (int at, int length) = Separator(text.Text, separator, start);
            if (at < 0)
            {
                break;
            }

            AddPart(at);
            start = at + length;
        }

        AddPart(text.Length);
        return parts;

        // Without a separator, runs of white space part the words and there are no empty ones.
        void AddPart(int end)
        {
            if (separator is not null || end > start)
            {
                parts.Add(text.Slice(start, end - start));
            }
        }
    }

    private static (int At, int Length) Separator(string text, string? separator, int start)
    {
        if (separator is not null)
        {
            return (text.IndexOf(separator, start, StringComparison.Ordinal), separator.Length);
        }

        for (int i = start; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                return (i, 1);
            }
        }

        return (-1, 0);
    }
}
