using Dogana.Engine.SentenceEncoding;

namespace Dogana.Tests.Engine;

public sealed class CompatibilityFormTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\uFF28\uFF49 \uFB01 \u2460 \u00BD", "Hi fi 1 1\u20442")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uFDFA", "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064A\u0647 \u0648\u0633\u0644\u0645")]
    [InlineData("a\u0315\u0300\u05AE\u0062", "\u00E0\u05AE\u0315b")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u1E9B\u0323", "\u1E69")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u00A0\u3000", "  ")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\U000110A5\U000110BA", "\U000110AB")]
    [InlineData("\uD800x", "\uD800x")]
    [InlineData("\u0301a", "\u0301a")]
    public void Text_gets_the_compatibility_form(string text, string form) => CompatibilityForm.Normalise(text).ShouldBe(form);

    [Fact]
    public void A_long_run_of_marks_takes_no_more_than_a_moment() =>
        CompatibilityForm.Normalise("a" + string.Concat(Enumerable.Repeat("\u0301\u0323", 100_000))).Length.ShouldBe(200_000);
}
