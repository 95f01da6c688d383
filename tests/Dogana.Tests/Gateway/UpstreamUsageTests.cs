using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Upstreams;
using Dogana.Metering;

namespace Dogana.Tests.Gateway;

public sealed class UpstreamUsageTests
{
    [Fact]
    public void Cached_tokens_are_taken_out_of_the_prompt_so_that_no_token_is_counted_twice() =>
        Find("""{"usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":4}}}""").ShouldBe(new TokenUsage(6, 4, 3));

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"usage":null}""")]
    [InlineData("""{"usage":{"prompt_tokens":10}}""")]
    [InlineData("""{"usage":{"prompt_tokens":-1,"completion_tokens":3}}""")]
    [InlineData("""{"usage":{"prompt_tokens":10,"completion_tokens":-5}}""")]
    [InlineData("""{"usage":{"prompt_tokens":10,"completion_tokens":1.5}}""")]
    [InlineData("""{"usage":{"prompt_tokens":10,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":-3}}}""")]
    [InlineData("""{"usage":{"prompt_tokens":10,"completion_tokens":3,"prompt_tokens_details":{"cached_tokens":11}}}""")]
    [InlineData("""{"usage":{"prompt_tokens":99999999999999999999,"completion_tokens":3}}""")]
    public void Half_or_contradictory_usage_is_none(string json) => Find(json).ShouldBeNull();

    [Fact]
    public void An_embedding_has_no_output()
    {
        using var document = JsonDocument.Parse("""{"usage":{"prompt_tokens":10,"total_tokens":10}}""");
        UpstreamUsage.Find(document.RootElement, Operation.Embeddings).ShouldBe(new TokenUsage(10, 0, 0));
    }

    private static TokenUsage? Find(string json)
    {
        using var document = JsonDocument.Parse(json);
        return UpstreamUsage.Find(document.RootElement, Operation.ChatCompletions);
    }
}
