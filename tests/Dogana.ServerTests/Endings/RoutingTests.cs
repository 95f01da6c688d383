using System.Globalization;

namespace Dogana.ServerTests.Endings;

/// <summary>Where a call goes, and what is tried when that fails.</summary>
public sealed class RoutingTests(PatientServer server) : IClassFixture<PatientServer>
{
    [Fact]
    public async Task Calls_are_shared_by_weight_among_routes_of_the_same_order()
    {
        var deployment = await server.DeployAsync([("openai", "words=1", ", weight: 3"), ("openai-2", "words=1", ", weight: 1"), ("compatible", "words=1", ", order: 2")]);

        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
            (await server.CallAsync(deployment, Call.Chat, stream: false)).Status.ShouldBe(200));

        // 300 are expected, with a deviation of 8.7: five of them are more than chance.
        server.SeenOf(deployment, 0).Count.ShouldBeInRange(256, 344);
        server.SeenOf(deployment, 1).Count.ShouldBeInRange(56, 144);
        server.SeenOf(deployment, 2).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("status=500", 2)] // the provider's fault: once more, then elsewhere
    [InlineData("fault=closed-early", 2)]
    [InlineData("fault=error-first", 2)]
    [InlineData("fault=wrong-content-type", 2)]
    [InlineData("status=404", 1)]
    [InlineData("status=302", 1)]
    [InlineData("status=504", 1)] // no time: not the same again
    [InlineData("status=429", 1)] // no room, or not with this key: elsewhere at once
    [InlineData("status=503", 1)]
    [InlineData("status=401", 1)]
    [InlineData("status=429+code=insufficient_quota", 1)]
    public async Task What_fails_before_its_first_byte_is_tried_elsewhere_and_the_client_sees_nothing_of_it(string script, int tries)
    {
        foreach (var stream in new[] { true, false })
        {
            var deployment = await server.DeployAsync([("openai", script, ""), ("openai-2", "words=3+in=7+out=3", ", order: 2")]);

            var answer = await server.CallAsync(deployment, Call.Chat, stream);

            (answer.Status, answer.IsWhole).ShouldBe((200, true));
            answer.Body.ShouldContain("word3");
            answer.Body.ShouldNotContain("\"error\"");
            (server.SeenOf(deployment, 0).Count, server.SeenOf(deployment, 1).Count).ShouldBe((tries, 1));
            var record = await server.RecordOfAsync(deployment);
            (record.Id, record.Ending, record.InputTokens, record.OutputTokens).ShouldBe((answer.CallId, "completed", 7, 3));
        }
    }

    [Theory]
    [InlineData("untrusted")]
    [InlineData("no-tls")]
    [InlineData("dead")]
    public async Task What_cannot_be_reached_is_tried_elsewhere(string upstream)
    {
        var deployment = await server.DeployAsync([(upstream, "", ""), ("openai-2", "words=3", ", order: 2")]);

        (await server.CallAsync(deployment, Call.Chat, stream: true)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("status=400")]
    [InlineData("status=413")]
    [InlineData("status=422")]
    [InlineData("status=400+code=context_length_exceeded")]
    public async Task The_callers_own_fault_is_tried_nowhere_else(string script)
    {
        var deployment = await server.DeployAsync([("openai", script, ""), ("openai-2", "words=3", ", order: 2")]);

        (await server.CallAsync(deployment, Call.Chat, stream: false)).Status.ShouldBe(400);

        (server.SeenOf(deployment, 0).Count, server.SeenOf(deployment, 1).Count).ShouldBe((1, 0));
    }

    [Theory]
    [InlineData("words=9+cut=1")]
    [InlineData("words=9+cut=4")]
    [InlineData("words=9+fault=error-inside")]
    public async Task What_has_begun_is_never_tried_again(string script)
    {
        var deployment = await server.DeployAsync([("openai", script, ""), ("openai-2", "words=3", ", order: 2")]);

        var answer = await server.CallAsync(deployment, Call.Chat, stream: true);

        (answer.Status, answer.IsWhole).ShouldBe((200, false));
        (server.SeenOf(deployment, 0).Count, server.SeenOf(deployment, 1).Count).ShouldBe((1, 0));
        (await server.RecordOfAsync(deployment)).Ending.ShouldBe("upstream_failed");
    }

    [Fact]
    public async Task Tries_are_bounded_over_all_routes()
    {
        var deployment = await server.DeployAsync([("openai", "status=500", ""), ("openai-2", "status=500", ""), ("compatible", "status=500", ""), ("azure", "status=500", "")]);

        (await server.CallAsync(deployment, Call.Chat, stream: false)).Status.ShouldBe(502);

        server.SeenOf(deployment).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_route_that_keeps_failing_is_left_alone_then_probed_and_used_again()
    {
        var deployment = await server.DeployAsync("status=500+then+status=500+then+status=500+then+words=3");

        var first = await server.CallAsync(deployment, Call.Chat, stream: false); // two tries
        var second = await server.CallAsync(deployment, Call.Chat, stream: false); // the third failure in a row
        var third = await server.CallAsync(deployment, Call.Chat, stream: true);
        (first.Status, second.Status, third.Status).ShouldBe((502, 502, 503));
        third.Headers.ShouldContainKey("retry-after");
        third.Headers.ShouldContainKey("retry-after-ms");
        server.SeenOf(deployment).Count.ShouldBe(3, "out of service is not called");

        await Task.Delay(TimeSpan.FromSeconds(1.1));
        (await server.CallAsync(deployment, Call.Chat, stream: false)).Status.ShouldBe(200);
        (await server.CallAsync(deployment, Call.Chat, stream: false)).Status.ShouldBe(200);
        (await server.RecordsOfAsync(deployment, 4)).Select(static record => record.Ending).ShouldBe(["upstream_failed", "upstream_failed", "completed", "completed"]);
    }

    [Fact]
    public async Task When_all_routes_rest_the_client_is_told_the_shortest_wait()
    {
        var deployment = await server.DeployAsync([("openai", "status=429+retry=60000", ""), ("openai-2", "status=429+retry=9000", "")]);

        await server.CallAsync(deployment, Call.Chat, stream: false);
        var answer = await server.CallAsync(deployment, Call.Chat, stream: false);

        answer.Status.ShouldBe(503);
        int.Parse(answer.Headers["retry-after"], CultureInfo.InvariantCulture).ShouldBeInRange(5, 9);
        server.SeenOf(deployment).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_more_is_tried_for_a_client_that_left()
    {
        var deployment = await server.DeployAsync([("openai", "status=500+first=400", ""), ("openai-2", "words=3", ", order: 2")]);

        using (await RawAnswer.SendAsync(server.Server.Address, Call.Chat.Path(deployment), Call.Chat.Body(deployment, stream: true), server.HeadersOf()))
        {
            await Task.Delay(200);
        }

        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.OutputTokens).ShouldBe(("client_closed", 0));
        server.SeenOf(deployment).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_deadline_goes_on_and_falls_with_time()
    {
        var deployment = await server.DeployAsync([("openai", "status=500+first=300", ""), ("openai-2", "words=3", ", order: 2")]);

        await server.CallAsync(deployment, Call.Chat, stream: false);

        var told = server.SeenOf(deployment, 0).Concat(server.SeenOf(deployment, 1)).Select(static seen => int.Parse(seen.Headers["x-envoy-expected-rq-timeout-ms"], CultureInfo.InvariantCulture)).ToList();
        told.Count.ShouldBe(3);
        told[0].ShouldBeInRange(595_000, 600_000);
        (told[0] - told[1]).ShouldBeInRange(295, 5_000);
        (told[1] - told[2]).ShouldBeInRange(295, 5_000);
    }

    [Fact]
    public async Task A_hundred_thousand_tiny_chunks_all_arrive_and_are_metered_once()
    {
        var deployment = await server.DeployAsync("words=100000+limit=no+per-write=200");

        var answer = await server.CallAsync(deployment, Call.Chat, stream: true);

        answer.IsWhole.ShouldBeTrue();
        answer.Events.Count.ShouldBe(100_000 + 3); // the opening, the finish and [DONE]
        (await server.RecordOfAsync(deployment)).OutputTokens.ShouldBe(100_000);
    }

    [Theory]
    [InlineData(false, 50_000_000, 200, true)]
    [InlineData(false, 70_000_000, 502, true)]
    [InlineData(true, 20_000_000, 200, true)]
    [InlineData(true, 70_000_000, 200, false)]
    public async Task A_large_answer_passes_and_one_beyond_the_bound_fails(bool stream, int bytes, int status, bool isWhole)
    {
        var deployment = await server.DeployAsync($"huge={bytes}");

        var answer = await server.CallAsync(deployment, Call.Chat, stream);

        (answer.Status, answer.IsWhole).ShouldBe((status, isWhole));
        (answer.Body.Length > bytes).ShouldBe(status == 200 && isWhole);
        (await server.RecordOfAsync(deployment)).Ending.ShouldBe(status == 200 && isWhole ? "completed" : "upstream_failed");
    }
}
