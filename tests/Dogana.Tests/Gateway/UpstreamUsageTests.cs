using System.Text;
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
        Find("""{"usage":{"prompt_tokens":10,"total_tokens":10}}""", Operation.Embeddings).ShouldBe(new TokenUsage(10, 0, 0));
    }

    [Fact]
    public void An_embedding_may_say_its_total_alone() =>
        Find("""{"usage":{"total_tokens":10}}""", Operation.Embeddings).ShouldBe(new TokenUsage(10, 0, 0));

    [Fact]
    public void Anthropic_counts_its_cache_beside_the_prompt() =>
        Find("""{"usage":{"input_tokens":10,"cache_creation_input_tokens":5,"cache_read_input_tokens":7,"output_tokens":3}}""", Operation.Messages).ShouldBe(new TokenUsage(10, 7, 3) { CacheWriteTokens = 5 });

    [Fact]
    public void Reasoning_that_stands_beside_the_completion_is_charged_once() =>
        Find("""{"usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":33,"completion_tokens_details":{"reasoning_tokens":20}}}""").ShouldBe(new TokenUsage(10, 0, 23));

    [Fact]
    public void Reasoning_that_only_the_total_shows_is_charged() =>
        Find("""{"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":530}}""").ShouldBe(new TokenUsage(10, 0, 520));

    [Fact]
    public void What_a_later_part_leaves_out_stays_as_it_was_said() =>
        Find("""[{"usage":{"input_tokens":10,"output_tokens":1}},{"usage":{"input_tokens":null,"output_tokens":7}}]""", Operation.Messages).ShouldBe(new TokenUsage(10, 0, 7));

    [Fact]
    public void Zero_that_is_said_is_zero() =>
        Find("""{"usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}""").ShouldBe(new TokenUsage(0, 0, 0));

    private static TokenUsage? Find(string json, Operation operation = Operation.ChatCompletions)
    {
        var usage = default(UpstreamUsage);
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                usage.Read(ref reader);
            }
        }

        return usage.ToTokens(operation);
    }
}
