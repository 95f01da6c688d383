using System.Text;
using Dogana.Conduct.Signals;

namespace Dogana.Tests.Conduct.Signals;

public sealed class PromptTextTests
{
    private readonly PromptText _prompt = new();

    [Theory]
    [InlineData("""{"messages":[{"role":"system","content":"S"},{"role":"user","content":"old"},{"role":"assistant","content":"A"},{"role":"user","content":"U"}]}""", "S\nU")]
    [InlineData("""{"messages":[{"role":"developer","content":[{"type":"text","text":"S"}]},{"content":[{"type":"text","text":"U"},{"type":"image_url","image_url":{"url":"data:x"}},{"type":"text","text":"V"}],"role":"user"}]}""", "S\nU\nV")]
    [InlineData("""{"system":"S","messages":[{"role":"user","content":"U"},{"role":"assistant","content":[{"type":"tool_use","input":{"text":"T"}}]}]}""", "S\nU")]
    [InlineData("""{"system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":[{"type":"text","text":"U\u00e9\n"}]}]}""", "S\nUé\n")]
    [InlineData("""{"instructions":"S","input":"U"}""", "S\nU")]
    [InlineData("""{"input":[{"role":"user","content":[{"type":"input_text","text":"U"}]}]}""", "U")]
    [InlineData("""{"input":["a","b"]}""", "a\nb")]
    [InlineData("""{"prompt":"U","stop":["x"]}""", "U")]
    [InlineData("""{"prompt":["U","V"]}""", "U\nV")]
    [InlineData("""{"messages":[]}""", "")]
    [InlineData("""{"messages":7,"input":{"text":"U"}}""", "U")]
    [InlineData("[1]", "")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"U\"", "U")]
    public void What_is_asked_is_read_out_of_every_shape(string body, string text)
    {
        _prompt.Read(Encoding.UTF8.GetBytes(body));
        Encoding.UTF8.GetString(_prompt.Text).ShouldBe(text);
    }

    [Fact]
    public void Biases_and_probabilities_are_seen_and_others_differ()
    {
        _prompt.Read("""{"logit_bias":{"7":1},"top_logprobs":3,"max_completion_tokens":2,"messages":[]}"""u8);
        (_prompt.WantsLogProbabilities, _prompt.TokensMax).ShouldBe((true, 2));
        var bias = _prompt.Bias;
        bias.ShouldNotBe(0UL);
        _prompt.Read("""{"logit_bias":{"8":1}}"""u8);
        _prompt.Bias.ShouldNotBe(bias);
        _prompt.Read("""{"logprobs":false,"prompt":"x"}"""u8);
        (_prompt.WantsLogProbabilities, _prompt.Bias, _prompt.TokensMax).ShouldBe((false, 0UL, 0));
    }

    [Theory]
    [InlineData('x')]
    [InlineData('é')]
    public void A_giant_text_is_cut(char letter)
    {
        var text = new string(letter, 3 * PromptText.BytesMax);
        _prompt.Read(Encoding.UTF8.GetBytes($$"""{"system":"{{text}}","messages":[{"role":"user","content":"{{text}}\n"},{"role":"user","content":"{{text}}"}]}"""));
        _prompt.Text.Length.ShouldBeLessThanOrEqualTo((2 * PromptText.BytesMax) + 1);
        _prompt.Text.Length.ShouldBeGreaterThan(PromptText.BytesMax);
    }
}
