using Dogana.Filtering.Matching;

namespace Dogana.Filtering;

/// <summary>Words and patterns that an operator does not want to see: Azure OpenAI's <c>raiBlocklist</c>.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Terms">Exact terms: found as whole words, in upper and lower case, in any of Unicode's compatible forms.</param>
/// <param name="Patterns">.NET's regular expressions, culture-invariant; <c>(?i)</c> for either case.</param>
public sealed record BlockList(string Id, IReadOnlyList<string> Terms, IReadOnlyList<string> Patterns)
{
    /// <summary>The most characters of a term.</summary>
    public const int TermMax = 200;

    /// <summary>The most characters of a pattern.</summary>
    public const int PatternMax = 1_000;

    /// <summary>What is wrong with a pattern, or null.</summary>
    public static string? FindPatternFault(string pattern) => BlockListMatcher.FindFault(pattern);

    /// <summary>What is wrong with a term, or null.</summary>
    public static string? FindTermFault(string term) => MatchingForm.Of(term).Length == 0 ? "has no character that could be found" : null;
}
