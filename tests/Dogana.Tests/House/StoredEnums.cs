using System.Text.RegularExpressions;

namespace Dogana.Tests.House;

/// <summary>The enums whose names or numbers are in stores, journals and documents: those whose summary says that they are stored or persisted.</summary>
internal static partial class StoredEnums
{
    /// <summary>The stored enums of a file, a line for each value: <c>Dogana.Catalog.Meter.InputTokens = 1</c>. A value without a number has a question mark.</summary>
    public static IEnumerable<string> In(SourceFile file)
    {
        var space = Namespace().Match(file.Text).Groups["name"].Value;
        foreach (Match match in Enumeration().Matches(file.Text))
        {
            if (!Stored().IsMatch(match.Groups["summary"].Value))
            {
                continue;
            }

            foreach (Match value in Value().Matches(match.Groups["body"].Value))
            {
                var number = value.Groups["number"];
                yield return $"{space}.{match.Groups["name"].Value}.{value.Groups["name"].Value} = {(number.Success ? number.Value : "?")}";
            }
        }
    }

    [GeneratedRegex(@"^namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"(?<summary>(^[ \t]*///[^\n]*\n)*)(^[ \t]*\[[^\n]*\n)*^[ \t]*(public|internal|private)?\s*enum\s+(?<name>\w+)[^{]*\{(?<body>[^}]*)\}", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Enumeration();

    [GeneratedRegex(@"(?<!\b(not|never)\s)\b(stored|persisted)\b(?!\s+nowhere)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Stored();

    [GeneratedRegex(@"^[ \t]*(?<name>[A-Z]\w*)[ \t]*(=[ \t]*(?<number>-?\w+))?[ \t]*,?[ \t]*(//[^\n]*)?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Value();
}
