using Dogana.Filtering;

namespace Dogana.Tests.Filtering;

/// <summary>A text is cut into sentences, and no word of it is lost.</summary>
public sealed class TextWindowTests
{
    [Fact]
    public void Sentences_are_pieces_and_short_ones_go_with_the_next() => TextWindows.Of("It was late in the evening at 3.15 p.m. already! Why? Nobody in the house knew.\nThe rest is silence").ShouldBe(
        ["It was late in the evening at 3.15 p.m.", "already! Why? Nobody in the house knew.", "The rest is silence"]);

    [Fact]
    public void What_has_no_letter_is_no_piece() => TextWindows.Of("1 2 3 ... !\n").ShouldBeEmpty();

    [Fact]
    public void Every_letter_of_any_text_is_in_a_piece_in_order()
    {
        var random = new Random(11);
        for (var i = 0; i < 300; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(2_000)).Select(_ => random.Next(12) switch { 0 => " ", 1 => ". ", 2 => "\n", 3 => "😀", 4 => "!", _ => ((char)('a' + random.Next(26))).ToString() }));

            var pieces = TextWindows.Of(text).ToList();

            string.Concat(string.Concat(pieces).Where(char.IsLetter)).ShouldBe(string.Concat(text.Where(char.IsLetter)));
            pieces.ShouldAllBe(piece => piece.Length <= TextWindows.LengthMax);
            pieces.ShouldAllBe(static piece => !char.IsLowSurrogate(piece.First()) && !char.IsHighSurrogate(piece.Last()));
        }
    }

    [Theory]
    [InlineData("One. Two", 4)]
    [InlineData("One. Two.", 4)] // more of the second may come
    [InlineData("One.", 0)]
    [InlineData("3.14 is", 0)]
    [InlineData("a\nb", 2)]
    public void The_last_whole_sentence_is_known(string text, int end) => TextWindows.LastEnd(text).ShouldBe(end);
}
