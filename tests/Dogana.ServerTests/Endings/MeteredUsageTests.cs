using Dogana.Client;

namespace Dogana.ServerTests.Endings;

/// <summary>From which number a whole answer is charged: the upstream's, wherever and however it says it; else counted here, and marked.</summary>
public sealed class MeteredUsageTests(ImpatientServer server) : IClassFixture<ImpatientServer>
{
    // One piece, which the upstream counts as 3 tokens, and the gateway, by its bytes, as 5.
    private const string Answer = "text=12345+in=12+cached=5+out=3+";

    private static readonly (string Operation, string Upstream)[] Ways =
    [
        ("chat", "openai"), ("completions", "openai"), ("responses", "openai"), ("messages", "anthropic"),
        ("responses", "compatible"), ("messages", "compatible"), ("chat", "anthropic"), ("responses", "anthropic"),
    ];

    [Theory]
    [InlineData("usage=as-asked")]
    [InlineData("usage=always")]
    [InlineData("usage=with-last-choice")]
    [InlineData("usage=running")]
    [InlineData("usage-form=twice")]
    public Task Usage_is_taken_wherever_the_upstream_puts_it_and_the_last_word_counts(string script) =>
        CheckAsync(Answer + script, Ways, static record => (record.InputTokens, record.CachedInputTokens, record.OutputTokens, record.IsEstimated).ShouldBe((7, 5, 3, false)));

    [Fact]
    public Task Zero_that_the_upstream_says_stays_zero() =>
        CheckAsync(Answer + "usage-form=zero", Ways, static record => (record.InputTokens, record.CachedInputTokens, record.OutputTokens, record.IsEstimated).ShouldBe((0, 0, 0, false)));

    [Theory]
    [InlineData("usage=never")]
    [InlineData("usage-form=negative")]
    [InlineData("usage-form=text")]
    [InlineData("usage-form=huge")]
    public Task Usage_that_is_missing_or_not_to_be_believed_is_counted_here_and_marked(string script) => CheckAsync(Answer + script, Ways, static record =>
    {
        (record.OutputTokens, record.IsEstimated, record.CachedInputTokens).ShouldBe((5, true, 0));
        record.InputTokens.ShouldBeGreaterThan(10);
    });

    // Anthropic's parts stand beside each other: none can be more than the whole.
    [Fact]
    public Task Usage_that_contradicts_itself_is_counted_here_and_marked() => CheckAsync(
        Answer + "usage-form=contradictory", [.. Ways.Where(static way => way.Upstream != "anthropic")], static record => (record.OutputTokens, record.IsEstimated).ShouldBe((5, true)));

    [Fact]
    public async Task Embeddings_are_charged_by_their_input_alone()
    {
        var said = await server.DeployAsync("in=12", model: "fake-embedding");
        var missing = await server.DeployAsync("in=12+usage=never", model: "fake-embedding");

        (await server.CallAsync(said, Call.Embeddings, stream: false)).Status.ShouldBe(200);
        (await server.CallAsync(missing, Call.Embeddings, stream: false)).Status.ShouldBe(200);

        var record = await server.RecordOfAsync(said);
        (record.InputTokens, record.OutputTokens, record.IsEstimated).ShouldBe((12, 0, false));
        record = await server.RecordOfAsync(missing);
        (record.OutputTokens, record.IsEstimated).ShouldBe((0, true));
        record.InputTokens.ShouldBeGreaterThan(10);
    }

    [Fact]
    public Task What_an_upstream_wrote_to_its_cache_is_a_meter_of_its_own() =>
        CheckAsync("in=20+cached=5+written=4+out=3", [("messages", "anthropic"), ("chat", "anthropic")], static record =>
            (record.InputTokens, record.CachedInputTokens, record.CacheWriteTokens, record.OutputTokens).ShouldBe((11, 5, 4, 3)));

    private async Task CheckAsync(string script, (string Operation, string Upstream)[] ways, Action<UsageLine> check)
    {
        await Task.WhenAll(ways.SelectMany(static way => new[] { (Way: way, Stream: false), (Way: way, Stream: true) }).Select(async item =>
        {
            var deployment = await server.DeployAsync(script, item.Way.Upstream);

            var answer = await server.CallAsync(deployment, Call.Of(item.Way.Operation), item.Stream);

            (answer.Status, answer.IsWhole).ShouldBe((200, true), $"{item} {answer.Body}");
            var record = (await server.RecordsOfAsync(deployment, 1))[0];
            (record.Id, record.Ending).ShouldBe((answer.CallId, "completed"));
            Should.NotThrow(() => check(record), item.ToString());
        }));
        await server.Upstream.WaitForOpenAsync();
    }
}
