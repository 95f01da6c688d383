using Dogana.Engine.Tokenizers;

namespace Dogana.Tests.Engine;

public sealed class TokenTextStreamTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly TinyVocabulary _vocabulary = TinyVocabulary.SentencePiece();
    private readonly TokenTextStream _stream;

    public TokenTextStreamTests() => _stream = new TokenTextStream(_folder.LoadTokenizer(_vocabulary));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_character_of_several_tokens_comes_whole() =>
        Append("a", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>", "a").ShouldBe(["a", "", "", "", "😀", "a"]);

    [Fact]
    public void An_unfinished_character_ends_as_a_replacement_character()
    {
        Append("<0xF0>", "<0x9F>").ShouldBe(["", ""]);
        _stream.End().ShouldBe("\uFFFD");
    }

    [Fact]
    public void Bytes_that_are_no_character_are_replaced() => string.Concat(Append("<0xC3>", "a")).ShouldBe("\uFFFDa");

    [Fact]
    public void Control_tokens_have_no_text() => Append("<s>", "<|user|>", "a", "<unk>").ShouldBe(["", "", "a", ""]);

    [Fact]
    public void Only_the_space_before_the_first_word_is_dropped() =>
        Append("\u2581hello", "\u2581hello", "\u2581").ShouldBe(["hello", " hello", " "]);

    private string[] Append(params string[] tokens) => [.. tokens.Select(token => _stream.Append(_vocabulary[token]))];
}
