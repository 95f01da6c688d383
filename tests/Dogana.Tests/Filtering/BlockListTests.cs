using System.Diagnostics;
using System.Text.RegularExpressions;
using Dogana.Filtering;

namespace Dogana.Tests.Filtering;

/// <summary>Terms are found as whole words in whatever form they are written; patterns in bounded time.</summary>
public sealed class BlockListTests
{
    [Theory]
    [InlineData("falcon", "Tell me about FALCON.", true)]
    [InlineData("falcon", "falcons", false)]
    [InlineData("falcon", "a peregrine-falcon", true)]
    [InlineData("falcon", "gyrfalcon", false)]
    [InlineData("project falcon", "Project\n  Falcon starts", true)]
    [InlineData("project falcon", "project the falcon", false)]
    [InlineData("straße", "STRASSE", false)] // another spelling is another term
    [InlineData("café", "CAFE\u0301 au lait", true)]
    [InlineData("café", "cafe au lait", false)]
    [InlineData("falcon", "ｆａｌｃｏｎ", true)] // full width
    [InlineData("falcon", "fal\u200Bcon", true)] // a space of no width
    [InlineData("falcon", "fal\u00ADcon", true)]
    [InlineData("ﬁre", "fire", true)] // a ligature
    [InlineData("c++", "I write C++ daily", true)]
    [InlineData("c++", "c+ +", false)]
    [InlineData("隼計画", "極秘の隼計画について", true)] // no spaces between words
    [InlineData("ΑΘΗΝΑ", "η αθηνα", true)]
    public void A_term_is_found_as_a_whole_word_in_any_form(string term, string text, bool isFound) => Find(new BlockList("list", [term], []), text).ShouldBe(isFound);

    [Fact]
    public void Ten_thousand_terms_are_found_as_they_would_be_one_by_one()
    {
        // Words over few letters, so that terms begin, end and stand within each other.
        var random = new Random(5);
        string Word() => new([.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => (char)('a' + random.Next(4)))]);
        string[] terms = [.. Enumerable.Range(0, 10_000).Select(_ => random.Next(4) == 0 ? $"{Word()} {Word()}" : Word()).Where(term => term.Length > 4).Distinct(StringComparer.Ordinal)];
        var list = FilterTable.Of(new FilterDeclarations([Policy()], [new BlockList("list", terms, [])], [])).Find("p", null)!;
        var known = terms.ToHashSet(StringComparer.Ordinal);

        for (var i = 0; i < 2_000; i++)
        {
            string[] words = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Word())];
            var isIn = words.Any(known.Contains) || words.Zip(words.Skip(1)).Any(pair => known.Contains($"{pair.First} {pair.Second}"));
            var text = string.Join(' ', words);
            (list.FindLists(FilterSource.Prompt, text).Count > 0).ShouldBe(isIn, text);
        }
    }

    [Theory]
    [InlineData(@"(?i)project\s+falcon", "PROJECT  falcon", true)]
    [InlineData(@"\b\d{3}-\d{2}-\d{4}\b", "my number is 078-05-1120", true)]
    [InlineData(@"\b\d{3}-\d{2}-\d{4}\b", "078-05-112", false)]
    [InlineData(@"(\w)\1\1", "zzz", true)] // only one that goes back finds it
    public void A_pattern_is_found(string pattern, string text, bool isFound) => Find(new BlockList("list", [], [pattern]), text).ShouldBe(isFound);

    [Fact]
    public void A_pattern_that_goes_back_without_end_is_given_up()
    {
        var began = Stopwatch.GetTimestamp();

        Should.Throw<RegexMatchTimeoutException>(() => Find(new BlockList("list", [], [@"^(\w+\s?)*\1$"]), new string('a', 200) + "!"));

        Stopwatch.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("(", true)]
    [InlineData("[z-a]", true)]
    [InlineData("(?i)ok", false)]
    [InlineData(@"(a)\1", false)]
    public void A_pattern_that_is_none_is_told(string pattern, bool isWrong) => (BlockList.FindPatternFault(pattern) is not null).ShouldBe(isWrong);

    private static FilterPolicy Policy() => new("p", FilterMode.Buffered, FilterFailure.Open) { BlockLists = [new FilterListUse("list", FilterSource.Prompt, IsBlocking: true)] };

    private static bool Find(BlockList list, string text) =>
        FilterTable.Of(new FilterDeclarations([Policy()], [list], [])).Find("p", null)!.FindLists(FilterSource.Prompt, text).Count > 0;
}
