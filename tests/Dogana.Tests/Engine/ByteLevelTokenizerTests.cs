using Dogana.Engine;
using Dogana.Engine.ChatTemplates;
using Dogana.Engine.Tokenizers;
using Dogana.Testing.ModelFiles;

namespace Dogana.Tests.Engine;

public sealed class ByteLevelTokenizerTests : IDisposable
{
    private readonly ModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpt-2", "hello hello", "hello Ġhello")]
    [InlineData("gpt-2", "world", "w or ld")]
    [InlineData("llama-bpe", "world", "world")]
    [InlineData("gpt-2", "abc bc", "abc Ġ bc")]
    [InlineData("gpt-2", "12", "12")]
    [InlineData("smollm", "12", "1 2")]
    [InlineData("gpt-2", "é\n", "Ã © Ċ")]
    [InlineData("gpt-2", "", "")]
    public void Text_becomes_tokens_by_the_merges(string pre, string text, string tokens)
    {
        TinyVocabulary vocabulary = TinyVocabulary.ByteLevel(pre);
        _folder.LoadTokenizer(vocabulary).EncodeText(text).Select(token => vocabulary.Texts[token])
            .ShouldBe(tokens.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_prompt_has_its_marks_as_single_tokens_and_content_has_none()
    {
        TinyVocabulary vocabulary = TinyVocabulary.ByteLevel();
        MarkedText prompt = MarkedText.Own("<|user|>").Append(MarkedText.Foreign("<|done|>")).Append(MarkedText.Own("<|done|><tool>"));
        _folder.LoadTokenizer(vocabulary).EncodePrompt(prompt).Select(token => vocabulary.Texts[token])
            .ShouldBe(["<|user|>", "<", "|", "d", "o", "n", "e", "|", ">", "<|done|>", "<tool>"]);
    }

    [Fact]
    public void Tokens_give_the_bytes_they_were_made_of()
    {
        TextTokenizer tokenizer = _folder.LoadTokenizer(TinyVocabulary.ByteLevel());
        const string text = "hello é 😀\n\0 world";
        var stream = new TokenTextStream(tokenizer);
        string.Concat(tokenizer.EncodeText(text).Select(stream.Append)).ShouldBe(text);
    }

    [Fact]
    public void A_merge_of_one_part_is_refused()
    {
        var writer = new GgufWriter();
        TinyVocabulary.ByteLevel().Write(writer);
        writer.Set("tokenizer.ggml.merges", Enumerable.Repeat("ab", 1).ToArray());
        Should.Throw<ModelFileException>(() => _folder.LoadTokenizer(writer)).Key.ShouldBe("tokenizer.ggml.merges");
    }
}
