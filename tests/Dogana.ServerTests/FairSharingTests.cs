using System.Text.Json;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>Tiers, and places at an upstream, over a real server: who waits, who is let in, who is refused, and that no place is lost.</summary>
public sealed class FairSharingTests(StoreFixture stores)
{
    [Fact]
    public async Task A_tier_is_what_was_asked_for_or_the_projects_and_reaches_only_who_is_told()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase, $$"""
            dogana: 1
            projects:
              - { id: lumen-lab, organisation: lumen, channel: direct, service_tier: priority, priority: true }
              - { id: lumen-app, organisation: lumen, channel: cloud, service_tier: batch }
            upstreams:
              - { id: told, kind: openai, base_url: "{{upstream.OpenAiBase}}", forwards_service_tier: true }
              - { id: claude, kind: openai_compatible, base_url: "{{upstream.OpenAiBase}}", operations: [messages] }
            deployments:
              - { name: told, model: fake-chat, upstream: told, upstream_model: fake, default_output_cap: 10 }
              - { name: claude, model: fake-chat, upstream: claude, upstream_model: fake, default_output_cap: 10 }
            """);
        await using (var server = await ServerProcess.StartAsync(world.Start()))
        {
            foreach (var (project, asked, served) in new (string, string?, string)[]
            {
                ("acme-shop", null, "standard"), ("acme-shop", "flex", "batch"), ("acme-shop", "default", "standard"), ("acme-shop", "priority", "standard"),
                ("lumen-lab", null, "priority"), ("lumen-lab", "auto", "priority"), ("lumen-lab", "default", "standard"), ("lumen-app", null, "batch"), ("lumen-app", "default", "standard"),
            })
            {
                var more = asked is null ? "" : $",\"service_tier\":\"{asked}\"";
                var plain = await PostAsync(server, world.Key(project), "fake", more);
                (plain.Status, plain.Tier).ShouldBe((200, served), $"{project} {asked}");
                Seen().ShouldBeNull();
                (await PostAsync(server, world.Key(project), "told", more)).Tier.ShouldBe(served);
                Seen().ShouldBe(served switch { "batch" => "flex", "standard" => "default", _ => served });
                (await PostAsync(server, world.Key(project), "claude", more)).Tier.ShouldBe(served, "a translation does not mind");
                Seen().ShouldBeNull();
            }

            // Another operation: told in the words of the one that is served.
            (await PostAsync(server, world.Key("lumen-lab"), "told", ",\"max_tokens\":5,\"service_tier\":\"standard_only\"", "/v1/messages")).Tier.ShouldBe("standard");
            Seen().ShouldBe("default");
            var wrong = await PostAsync(server, world.Key("acme-shop"), "fake", ",\"service_tier\":\"scale\"");
            (wrong.Status, wrong.Tier).ShouldBe((400, null));
            wrong.Body.ShouldContain("service_tier");
            await server.TerminateAsync();
        }

        await using var store = await world.OpenStoreAsync();
        var tiers = (await store.ReadAsync(session => session.QueryAsync<string>("select service_tier from usage_record"))).GroupBy(static tier => tier, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.Count(), StringComparer.Ordinal);
        tiers.ShouldBe(new Dictionary<string, int>(StringComparer.Ordinal) { ["Standard"] = 16, ["Batch"] = 6, ["Priority"] = 6 }, ignoreOrder: true);

        string? Seen()
        {
            using var body = JsonDocument.Parse(upstream.Requests[^1].Body);
            return body.RootElement.TryGetProperty("service_tier", out var tier) ? tier.GetString() : null;
        }
    }

    [Fact]
    public async Task Calls_wait_for_a_place_and_whoever_may_not_wait_is_told_when_to_come_again()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await CreateAsync(upstream, "open_calls_max: 1, queue_max: 4, queue_seconds: 2");
        await using var server = await ServerProcess.StartAsync(world.Start());
        var resume = Hold(upstream);
        var open = PostAsync(server, world.Key("acme-shop"), "fake", ",\"stream\":true");
        await upstream.WaitForRequestsAsync(1);

        // Two of an organisation wait, a third may not; those of another one may. Nobody leaves: who waited is told so after its time.
        var asked = Enumerable.Range(0, 3).Select(_ => PostAsync(server, world.Key("acme-shop"), "fake")).ToList();
        var other = PostAsync(server, world.Key("lumen-lab"), "fake");
        (await await Task.WhenAny(asked)).Status.ShouldBe(429, "at once");
        upstream.RequestCount.ShouldBe(1, "who waits is not sent");
        var answers = await Task.WhenAll(asked);
        answers.Select(static answer => answer.Status).Order().ShouldBe([429, 503, 503]);
        answers.ShouldAllBe(static answer => answer.Body.Contains(answer.Status == 429 ? "rate_limit_exceeded" : "server_is_overloaded", StringComparison.Ordinal) && answer.RetryAfter > 0);
        (await other).Status.ShouldBe(503);

        // The place is free again, for whoever comes.
        resume.SetResult();
        (await open).Status.ShouldBe(200);
        (await PostAsync(server, world.Key("acme-shop"), "fake")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Who_waits_is_let_in_by_tier_and_organisation_and_whoever_left_keeps_nobody_waiting()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await CreateAsync(upstream, "open_calls_max: 1, queue_max: 100");
        await using var server = await ServerProcess.StartAsync(world.Start());
        var resume = Hold(upstream);
        var open = PostAsync(server, world.Key("acme-shop"), "fake", ",\"stream\":true");
        await upstream.WaitForRequestsAsync(1);

        // A flood of one, then another's, then one that does not mind waiting; and some who leave.
        using var gone = new CancellationTokenSource();
        var left = Enumerable.Range(0, 5).Select(_ => PostAsync(server, world.Key("acme-shop"), "fake", ",\"user\":\"left\"", cancellation: gone.Token)).ToList();
        var calls = new List<Task<Answer>>();
        foreach (var (count, project, mark) in new[] { (10, "acme-shop", "flood"), (2, "lumen-lab", "other") })
        {
            calls.AddRange(Enumerable.Range(0, count).Select(_ => PostAsync(server, world.Key(project), "fake", $",\"user\":\"{mark}\"")));
            await Task.Delay(300); // they stand in the queue in this order
        }

        await gone.CancelAsync();
        await Task.WhenAll(left.Select(static async call => await Should.ThrowAsync<OperationCanceledException>(call)));
        await Task.Delay(300);
        resume.SetResult();

        (await open).Status.ShouldBe(200);
        (await Task.WhenAll(calls)).ShouldAllBe(static answer => answer.Status == 200);
        var order = upstream.Requests.Skip(1).Select(static request => JsonDocument.Parse(request.Body).RootElement.GetProperty("user").GetString()).ToList();
        order.Count.ShouldBe(12, "whoever left is sent nowhere");
        order.Take(4).Count(static user => user == "other").ShouldBe(2, "by turns, whoever came first");
        (await PostAsync(server, world.Key("acme-shop"), "fake")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task After_successes_failures_cuts_and_clients_that_leave_every_place_is_there(StoreKind kind)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await CreateAsync(upstream, "open_calls_max: 3, queue_max: 1000", kind);
        await using var server = await ServerProcess.StartAsync(world.Start());
        FakeScript[] scripts =
        [
            new(), new() { DelayBetweenChunks = TimeSpan.FromMilliseconds(20) }, FakeScript.Failing(400), FakeScript.Failing(500), FakeScript.Failing(429, retryAfter: TimeSpan.FromMilliseconds(1)),
            new() { CutAfterChunks = 1 }, new() { DelayBeforeFirstByte = TimeSpan.FromMilliseconds(80) },
        ];
        upstream.Script("fake", [.. Enumerable.Range(0, 100).Select(number => scripts[number % scripts.Length])]);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            using var gone = new CancellationTokenSource(number % 5 == 0 ? TimeSpan.FromMilliseconds(number * 3) : Timeout.InfiniteTimeSpan);
            try
            {
                return (await PostAsync(server, world.Key(number % 2 == 0 ? "acme-shop" : "lumen-lab"), "fake", number % 3 == 0 ? ",\"stream\":true" : "", cancellation: gone.Token)).Status;
            }
            catch (Exception end) when (end is OperationCanceledException or HttpRequestException or IOException)
            {
                return 0;
            }
        }));
        statuses.Distinct().Count().ShouldBeGreaterThan(2, string.Join(' ', statuses));

        // Three that wait for each other: each has a place, and a fourth has none.
        await upstream.WaitForOpenAsync();
        var before = upstream.RequestCount;
        var resume = new TaskCompletionSource();
        upstream.Set("fake", new FakeScript { PauseAfterChunks = 1, Resume = resume.Task });
        await Task.Delay(2_000); // a route that failed rests
        var calls = Enumerable.Range(0, 3).Select(_ => UntilAsync(() => PostAsync(server, world.Key("acme-shop"), "fake", ",\"stream\":true"), static answer => answer.Status == 200)).ToList();
        await UntilAsync(() => Task.FromResult(upstream.OpenRequestCount), static open => open == 3);
        var fourth = PostAsync(server, world.Key("acme-shop"), "fake");
        await Task.Delay(500);
        (upstream.OpenRequestCount, fourth.IsCompleted).ShouldBe((3, false));
        resume.SetResult();
        (await Task.WhenAll(calls)).ShouldAllBe(static answer => answer.Status == 200);
        (await fourth).Status.ShouldBe(200);
        upstream.RequestCount.ShouldBeGreaterThanOrEqualTo(before + 4);
    }

    private Task<TestWorld> CreateAsync(FakeUpstreamServer upstream, string places, StoreKind kind = StoreKind.Sqlite) => TestWorld.CreateAsync(
        stores, kind, upstream.OpenAiBase, $"dogana: 1\nupstreams: [{{ id: there, kind: openai_compatible, base_url: \"{upstream.OpenAiBase}\", {places} }}]");

    private static TaskCompletionSource Hold(FakeUpstreamServer upstream)
    {
        var resume = new TaskCompletionSource();
        upstream.Enqueue(new FakeScript { PauseAfterChunks = 1, Resume = resume.Task });
        return resume;
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isIt)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            var answer = await ask();
            if (isIt(answer))
            {
                return answer;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("It did not come to that.");
    }

    private static async Task<Answer> PostAsync(
        ServerProcess server, string key, string model, string more = "", string path = "/v1/chat/completions", CancellationToken cancellation = default)
    {
        using var client = server.CreateClient(key);
        using var content = new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"hello"}]{{more}}}""");
        using var response = await client.PostAsync(path, content, cancellation);
        return new Answer(
            (int)response.StatusCode, response.Headers.TryGetValues("dogana-service-tier", out var tier) ? tier.Single() : null, await response.Content.ReadAsStringAsync(cancellation),
            response.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    private sealed record Answer(int Status, string? Tier, string Body, double? RetryAfter);
}
