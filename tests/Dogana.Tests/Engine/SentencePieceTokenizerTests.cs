using Dogana.Engine;
using Dogana.Engine.ChatTemplates;
using Dogana.Engine.Tokenizers;
using Dogana.Testing.ModelFiles;

namespace Dogana.Tests.Engine;

public sealed class SentencePieceTokenizerTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly TinyVocabulary _vocabulary = TinyVocabulary.SentencePiece();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("hello", "\u2581hello")]
    [InlineData("hello world", "\u2581hello \u2581 wo r l d")]
    [InlineData("  he", "\u2581 \u2581 \u2581 he")]
    [InlineData("é", "\u2581 é")]
    [InlineData("ü", "\u2581 <0xC3> <0xBC>")]
    [InlineData("a😀", "\u2581 a <0xF0> <0x9F> <0x98> <0x80>")]
    [InlineData("\n", "\u2581 <0x0A>")]
    [InlineData("", "")]
    public void Text_becomes_the_pieces_that_score_best(string text, string pieces) =>
        Pieces(Load().EncodeText(text)).ShouldBe(["<s>", .. pieces.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    [Theory]
    [InlineData("<s>", "\u2581 <s >")]
    [InlineData("</s>", "\u2581 < / s >")]
    [InlineData("<tool>", "\u2581 < <0x74> o o l >")]
    [InlineData("<0x41>", "\u2581 < <0x30> x <0x34> <0x31> >")]
    public void Plain_text_never_becomes_a_control_user_defined_or_byte_token(string text, string pieces) =>
        // "t" is spelt as a letter where the vocabulary has it.
        Pieces(Load().EncodeText(text)).ShouldBe(["<s>", .. pieces.Replace("<0x74>", "t", StringComparison.Ordinal).Split(' ')]);

    [Fact]
    public void Without_the_space_prefix_text_starts_as_it_is() =>
        Pieces(_folder.LoadTokenizer(TinyVocabulary.SentencePiece(addsSpace: false)).EncodeText("hello")).ShouldBe(["<s>", "hello"]);

    [Fact]
    public void An_end_token_is_added_to_texts_when_the_file_says_so()
    {
        var writer = new GgufWriter();
        _vocabulary.Write(writer);
        writer.Set("tokenizer.ggml.add_eos_token", true);
        writer.Set("tokenizer.ggml.add_bos_token", false);
        Pieces(_folder.LoadTokenizer(writer).EncodeText("hello")).ShouldBe(["\u2581hello", "<|done|>"]);
    }

    [Fact]
    public void A_prompt_has_its_marks_as_single_tokens() =>
        Pieces(Load().EncodePrompt(MarkedText.Own("<|user|>hello<|done|>"))).ShouldBe(["<s>", "<|user|>", "\u2581hello", "<|done|>"]);

    [Fact]
    public void A_begin_token_that_the_prompt_has_is_not_added_again() =>
        Pieces(Load().EncodePrompt(MarkedText.Own("<s><|user|>"))).ShouldBe(["<s>", "<|user|>"]);

    [Fact]
    public void A_long_text_of_one_letter_takes_no_more_than_a_moment() =>
        Load().EncodeText(new string('l', 200_000)).Count.ShouldBe(100_002);

    [Fact]
    public void Scores_of_another_number_are_refused()
    {
        var writer = new GgufWriter();
        _vocabulary.Write(writer);
        writer.Set("tokenizer.ggml.scores", new float[3]);
        Should.Throw<ModelFileException>(() => _folder.LoadTokenizer(writer)).Key.ShouldBe("tokenizer.ggml.scores");
    }

    private TextTokenizer Load() => _folder.LoadTokenizer(_vocabulary);

    private string[] Pieces(List<int> tokens) => [.. tokens.Select(token => _vocabulary.Texts[token])];
}
