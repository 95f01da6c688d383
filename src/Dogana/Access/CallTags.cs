namespace Dogana.Access;

/// <summary>
/// What calls are marked with, so that their usage can be told apart: at most <see cref="TagsMax"/> pairs <c>name=value</c>. Names are 1 to 40 of
/// <c>a-z 0-9 _ . -</c>, values 1 to 80 printable ASCII characters without comma or equals sign. Immutable.
/// </summary>
public sealed class CallTags
{
    /// <summary>The request header that marks one call: <c>team=search,env=prod</c>.</summary>
    public const string Header = "Dogana-Tags";

    /// <summary>The most tags of one call, its key's and its own together.</summary>
    public const int TagsMax = 10;

    private const int NameLengthMax = 40;
    private const int ValueLengthMax = 80;

    private readonly SortedDictionary<string, string> _values;

    private CallTags(SortedDictionary<string, string> values)
    {
        _values = values;
        All = [.. values.Select(static pair => $"{pair.Key}={pair.Value}")];
        Text = All.Count == 0 ? null : string.Join(',', All);
    }

    /// <summary>No tag.</summary>
    public static CallTags None { get; } = new([]);

    /// <summary>Each as <c>name=value</c>, by name.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>All by name with commas in between, as usage records bear them; null where there is none.</summary>
    public string? Text { get; }

    /// <summary>Reads tags; <see cref="ProblemCode.InvalidRequest"/> that names <paramref name="param"/> where one is wrong or stands twice.</summary>
    public static Outcome<CallTags> Of(IReadOnlyList<string> tags, string param)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return None.With(tags, param);
    }

    /// <summary>These and those of a request's <see cref="Header"/>, which may name none of these again: what a key says of its calls stays true.</summary>
    /// <param name="header">The header's value; null where it was not sent.</param>
    public Outcome<CallTags> With(string? header) => header is null ? this : With(header.Split(','), Header);

    /// <summary>Reads <see cref="Text"/> as it was stored.</summary>
    internal static CallTags FromStored(string? text) => text is null ? None : Of(text.Split(','), Header).Value;

    private Outcome<CallTags> With(IReadOnlyList<string> tags, string param)
    {
        var all = new SortedDictionary<string, string>(_values, StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            var text = tag?.Trim() ?? "";
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? ("", "") : (text[..equals].TrimEnd(), text[(equals + 1)..].TrimStart());
            if (name.Length is 0 or > NameLengthMax || !name.All(IsOfName) || value.Length is 0 or > ValueLengthMax || !value.All(IsOfValue))
            {
                return new Problem(
                    ProblemCode.InvalidRequest,
                    $"A tag is name=value: a name of 1 to {NameLengthMax} characters of a-z 0-9 _ . - and a value of 1 to {ValueLengthMax} printable ASCII characters without comma or equals sign, such as team=search.",
                    param);
            }

            if (!all.TryAdd(name, value))
            {
                return new Problem(
                    ProblemCode.InvalidRequest,
                    _values.ContainsKey(name) ? $"The key's own tag '{name}' is not overridden by a request. Leave '{name}' out." : $"The tag '{name}' stands twice. Leave one out.",
                    param);
            }
        }

        return all.Count <= TagsMax
            ? new CallTags(all)
            : new Problem(ProblemCode.InvalidRequest, $"At most {TagsMax} tags, the key's and the request's together. Leave some out.", param);
    }

    private static bool IsOfName(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '_' or '.' or '-';

    private static bool IsOfValue(char character) => character is >= ' ' and <= '~' and not (',' or '=');
}
