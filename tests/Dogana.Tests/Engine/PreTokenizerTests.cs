using Dogana.Engine.Tokenizers;

namespace Dogana.Tests.Engine;

public sealed class PreTokenizerTests
{
    [Theory]
    [InlineData("gpt-2", "I'm  fine, 42's 'tis\n\n ok", "I|'m| | fine|,| 42|'s| '|tis|\n\n| ok")]
    [InlineData("default", "a1 2b", "a|1| 2|b")]
    [InlineData("gpt-2", "end  ", "end|  ")]
    [InlineData("gpt-2", "😀abc", "😀|abc")]
    [InlineData("gpt-2", "I'M", "I|'|M")]
    [InlineData("llama3", "I'M 12345 ok!!\n\n  end", "I|'M| |123|45| ok|!!\n\n| | end")]
    [InlineData("llama-bpe", "😀abc (x) a\n \nb", "😀abc| (|x|)| a|\n \n|b")]
    [InlineData("llama-bpe", "x\t y \n", "x|\t| y| \n")]
    [InlineData("qwen2", "123 é", "1|2|3| é")]
    [InlineData("smollm", "a12  b", "a|1|2| | b")]
    [InlineData("smollm", "a  12", "a|  |1|2")]
    public void Text_is_split_by_the_named_rule(string name, string text, string words) =>
        PreTokenizer.Named(name).Split(text).Select(word => text.Substring(word.Start, word.Length)).ShouldBe(words.Split('|'));

    [Fact]
    public void Words_cover_any_text()
    {
        var random = new Random(7);
        string alphabet = "ab1 \t\n\r'sT,\u00A0é中😀\u0301";
        foreach (string name in (string[])["gpt-2", "llama3", "qwen2", "smollm"])
        {
            for (int round = 0; round < 300; round++)
            {
                // Cuts through surrogate pairs on purpose.
                string text = new([.. Enumerable.Range(0, random.Next(12)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
                string.Concat(PreTokenizer.Named(name).Split(text).Select(word => text.Substring(word.Start, word.Length))).ShouldBe(text);
            }
        }
    }
}
