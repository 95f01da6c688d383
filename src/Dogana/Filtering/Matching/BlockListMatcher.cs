using System.Text.RegularExpressions;

namespace Dogana.Filtering.Matching;

/// <summary>A block list, made ready. Thread-safe.</summary>
internal sealed class BlockListMatcher(BlockList list)
{
    // Of one pattern in one text. One that backtracks without end is a failure of the filter, not of the server.
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(200);

    private readonly Lazy<TermAutomaton> _terms = new(() => new TermAutomaton(list.Terms.Select(static term => MatchingForm.Of(term)).Where(static term => term.Length > 0)));
    private readonly Lazy<Regex[]> _patterns = new(() => [.. list.Patterns.Select(Compile)]);

    public BlockList List => list;

    /// <summary>What is wrong with a pattern, or null.</summary>
    public static string? FindFault(string pattern)
    {
        try
        {
            _ = Compile(pattern);
            return null;
        }
        catch (ArgumentException fault)
        {
            return $"is no regular expression: {fault.Message}";
        }
    }

    /// <summary>Is anything of the list in the text?</summary>
    /// <param name="text">As it came.</param>
    /// <param name="form">Gives it in <see cref="MatchingForm"/>.</param>
    /// <exception cref="RegexMatchTimeoutException">A pattern took too long.</exception>
    public bool IsIn(string text, Lazy<string> form) =>
        (list.Terms.Count > 0 && _terms.Value.IsIn(form.Value)) || Array.Exists(_patterns.Value, pattern => pattern.IsMatch(text));

    // In time that grows with the text alone, where the pattern allows it: look-arounds and back-references do not.
    private static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternTime);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, PatternTime);
        }
    }
}
