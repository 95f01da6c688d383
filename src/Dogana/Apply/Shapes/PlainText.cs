using System.Text.RegularExpressions;

namespace Dogana.Apply.Shapes;

/// <summary>
/// What YAML 1.2's core schema makes of text without quotes: editors that hold the schema against the file see it so. In it <c>NO</c> is text, and
/// Norway a country.
/// </summary>
internal static partial class PlainText
{
    public const string Nothing = "nothing";

    /// <summary>The type in words, or null for text.</summary>
    public static string? TypeOf(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => Nothing,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => "true or false",
        _ => Number().IsMatch(text) ? "a number" : null,
    };

    [GeneratedRegex(
        @"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
