namespace Dogana.Apply.Reading;

/// <summary>What a file says, as a message may repeat it: short, on one line.</summary>
internal static class Shown
{
    private const int LengthMax = 100;

    public static string Text(string text)
    {
        var line = string.Concat(text.Take(LengthMax).Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? '�' : c));
        return text.Length > LengthMax ? line + "…" : line;
    }

    /// <summary>A library's message as a sentence of ours.</summary>
    public static string Sentence(string message) => Text(message.Trim().TrimEnd('.')) + ".";

    /// <summary>At most five names in their order, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> names)
    {
        const int ShownMax = 5;
        var list = string.Join(", ", names.Order(StringComparer.Ordinal).Take(ShownMax).Select(static name => $"'{name}'"));
        return names.Count > ShownMax ? $"{list} and {names.Count - ShownMax} more" : list;
    }
}
