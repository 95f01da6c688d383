using System.Globalization;

namespace Dogana.ServerTests.Endings;

/// <summary>An upstream that says when to come again is left alone until then, and the client is told the same.</summary>
public sealed class RestingRouteTests(ImpatientServer server) : IClassFixture<ImpatientServer>
{
    [Theory]
    [InlineData("seconds", "chat", "openai")]
    [InlineData("milliseconds", "chat", "openai")]
    [InlineData("seconds,milliseconds", "chat", "openai")]
    [InlineData("date", "chat", "openai")]
    [InlineData("rate-limit", "chat", "openai")]
    [InlineData("rate-limit-seconds", "chat", "azure")]
    [InlineData("rate-limit", "messages", "anthropic")]
    [InlineData("seconds", "messages", "anthropic")]
    public async Task A_429_is_told_with_both_headers_and_the_route_rests_in_whatever_form_the_time_came(string forms, string operation, string upstream)
    {
        var call = Call.Of(operation);
        var deployment = await server.DeployAsync($"status=429+retry=8000+retry-form={forms}+then+words=2", upstream);

        var first = await server.CallAsync(deployment, call, stream: false);
        var second = await server.CallAsync(deployment, call, stream: true);

        foreach (var answer in new[] { first, second })
        {
            answer.Status.ShouldBe(503);
            Number(answer, "retry-after").ShouldBeInRange(6, 9);
            Number(answer, "retry-after-ms").ShouldBeInRange(5_000, 9_000);
            answer.Headers["x-should-retry"].ShouldBe("true");
        }

        server.SeenOf(deployment).Count.ShouldBe(1, "no call in between");
        (await server.RecordOfAsync(deployment)).Ending.ShouldBe("refused");
    }

    [Fact]
    public async Task When_the_time_is_over_the_route_is_tried_again()
    {
        var deployment = await server.DeployAsync("status=429+retry=300+retry-form=milliseconds+then+words=2");

        var refused = await server.CallAsync(deployment, Call.Chat, stream: false);
        await Task.Delay(TimeSpan.FromMilliseconds(350));
        var served = await server.CallAsync(deployment, Call.Chat, stream: false);

        (refused.Status, served.Status).ShouldBe((503, 200));
        refused.Headers["retry-after"].ShouldBe("1", "the .NET client reads whole seconds only");
        Number(refused, "retry-after-ms").ShouldBeInRange(200, 300);
        (await server.RecordsOfAsync(deployment, 2)).Select(static record => record.Ending).ShouldBe(["refused", "completed"]);
    }

    [Theory]
    [InlineData("header=retry-after-ms:-Infinity")]
    [InlineData("header=retry-after-ms:1e999")]
    [InlineData("header=retry-after:-5")]
    [InlineData("header=retry-after:99999999999999999999")]
    [InlineData("header=x-ratelimit-reset-requests:soon")]
    [InlineData("")]
    public async Task A_time_that_is_none_is_a_short_one(string header)
    {
        var deployment = await server.DeployAsync("status=429+" + (header.Length > 0 ? header : "retry-form=none"));

        var answer = await server.CallAsync(deployment, Call.Chat, stream: false);

        answer.Status.ShouldBe(503);
        Number(answer, "retry-after").ShouldBe(1);
    }

    [Fact]
    public async Task A_time_beyond_reason_is_cut_to_ten_minutes()
    {
        var deployment = await server.DeployAsync("status=429+retry=360000000");

        Number(await server.CallAsync(deployment, Call.Chat, stream: false), "retry-after").ShouldBe(600);
    }

    [Fact]
    public async Task A_key_that_is_refused_rests_and_is_not_shown_to_be()
    {
        var deployment = await server.DeployAsync("status=401+then+words=2");

        var first = await server.CallAsync(deployment, Call.Chat, stream: false);
        var second = await server.CallAsync(deployment, Call.Chat, stream: false);

        (first.Status, first.ErrorCode).ShouldBe((502, "upstream_failed"));
        (second.Status, second.ErrorCode).ShouldBe((503, "server_is_overloaded"));
        (first.Body + second.Body).ShouldNotContain(GatewayServer.UpstreamKey);
        server.SeenOf(deployment).Count.ShouldBe(1);
    }

    private static int Number(RawAnswer answer, string header) => int.Parse(answer.Headers[header], CultureInfo.InvariantCulture);
}
