using System.Globalization;
using System.Text.Json;
using Dogana.Client;
using Dogana.ServerTests.Endings;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests;

/// <summary>Quotas as callers and operators of a running server meet them. Each try of a test has a region of its own, and so quotas of its own.</summary>
public sealed class QuotaTests(PatientServer server, StoreFixture stores) : IClassFixture<PatientServer>
{
    // 6 requests a minute for 1,000 tokens a minute, as Azure OpenAI has it for most chat models.
    private const string Ratio = """
        dogana: 1
        models:
          - { id: fake-chat, owner: northwind, kind: chat, context_tokens: 100000, max_output_tokens: 4096, requests_per_thousand_tokens: 6 }
        """;

    private static readonly string[] Turns = ["lumen-app", "lumen-lab", "lumen-app", "lumen-lab", "lumen-app"];

    private static int _regions;

    [Theory]
    [InlineData(100_000, 1, 10)]
    [InlineData(10_000, 10, 10)]
    public async Task Requests_are_refused_slice_by_slice(long tokens, int slice, int admitted)
    {
        await WithinOneWindowAsync(slice, async () =>
        {
            var region = NewRegion();
            var deployment = await DeployAsync("words=2", region);
            await SetAsync($"slice-{region}", "acme", tokens, region, slice: slice);
            await NextWindowAsync(slice);

            var answers = await Task.WhenAll(Enumerable.Range(0, admitted + 2).Select(_ => server.CallAsync(deployment, Call.Chat, stream: false, new { max_tokens = 1 })));

            answers.Count(static answer => answer.Status == 200).ShouldBe(admitted);
            var refused = answers.Where(static answer => answer.Status == 429).ToArray();
            refused.Length.ShouldBe(2);
            refused.ShouldAllBe(answer => int.Parse(answer.Headers["retry-after-ms"], CultureInfo.InvariantCulture) <= slice * 1_000);
            var served = answers.Where(static answer => answer.Status == 200).ToArray();
            served.ShouldAllBe(answer => answer.Headers["x-ratelimit-limit-requests"] == (tokens * 6 / 1_000).ToString(CultureInfo.InvariantCulture), "requests of a minute, as the vendors tell them");
            served.Select(static answer => int.Parse(answer.Headers["x-ratelimit-remaining-requests"], CultureInfo.InvariantCulture)).Min().ShouldBe(0);
        });
    }

    [Fact]
    public async Task Headers_tell_each_unit_by_its_own_window()
    {
        var region = NewRegion();
        var deployment = await DeployAsync("words=2", region);
        await SetAsync($"q-{region}", "acme", 60_000, region, slice: 10);

        var openai = await server.CallAsync(deployment, Call.Chat, stream: false);
        var azure = await RawAnswer.PostAsync(
            server.Server.Address, $"/openai/deployments/{deployment}/chat/completions?api-version=2024-10-21", Call.Chat.Body(deployment, stream: false), server.HeadersOf());
        var anthropic = await server.CallAsync(deployment, Call.Messages, stream: false);

        openai.Headers["x-ratelimit-limit-requests"].ShouldBe("360");
        openai.Headers["x-ratelimit-limit-tokens"].ShouldBe("60000");
        openai.Headers["x-ratelimit-reset-requests"].ShouldMatch(@"^(10|\d(\.\d+)?)s$|^\d+ms$", "a slice of ten seconds");
        int.Parse(azure.Headers["x-ratelimit-reset-requests"], CultureInfo.InvariantCulture).ShouldBeInRange(0, 10);
        int.Parse(azure.Headers["x-ratelimit-reset-tokens"], CultureInfo.InvariantCulture).ShouldBeInRange(0, 60);
        anthropic.Headers["anthropic-ratelimit-requests-reset"].ShouldMatch(@":\d0Z$");
        anthropic.Headers["anthropic-ratelimit-tokens-reset"].ShouldMatch(@":00Z$");
    }

    [Theory]
    [InlineData("minute")]
    [InlineData("sliding")]
    public async Task What_a_call_may_use_is_held_and_what_it_did_not_use_comes_back(string window)
    {
        await WithinOneWindowAsync(60, async () =>
        {
            // Answers that take so long that all calls are open at once.
            var region = NewRegion();
            var slow = await DeployAsync("words=2+first=4000", region);
            var quick = await DeployAsync("words=2", region);
            await SetAsync($"hold-{region}", "acme", 5_000, region, window);
            var first = await server.CallAsync(quick, Call.Chat, stream: false, new { max_tokens = 200, n = 2 });
            first.Status.ShouldBe(200, first.Body);
            var held = 5_000 - int.Parse(first.Headers["x-ratelimit-remaining-tokens"], CultureInfo.InvariantCulture);
            held.ShouldBe(Call.Chat.Body(quick, stream: false, new { max_tokens = 200, n = 2 }).Length + (2 * 200), "a token for each byte of the prompt, and the output limit for each choice");
            var record = (await server.RecordsOfAsync(quick, 1))[0];
            var used = record.InputTokens + record.OutputTokens;

            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => server.CallAsync(slow, Call.Chat, stream: false, new { max_tokens = 200, n = 2 })));

            answers.Count(static answer => answer.Status == 200).ShouldBe((int)((5_000 - used) / held));
            answers.ShouldAllBe(static answer => answer.Status == 200 || answer.Status == 429);
            (await server.CallAsync(quick, Call.Chat, stream: false, new { max_tokens = 200, n = 2 })).Status.ShouldBe(200, "they are over, and what they did not use is there again");
        });
    }

    [Fact]
    public async Task A_refused_call_costs_nothing()
    {
        await WithinOneWindowAsync(60, async () =>
        {
            var region = NewRegion();
            var deployment = await DeployAsync("words=2", region);
            await SetAsync($"free-{region}", "acme", 1_000, region);

            for (var i = 0; i < 5; i++)
            {
                (await server.CallAsync(deployment, Call.Chat, stream: false, new { max_tokens = 1_200 })).Status.ShouldBe(400, "more than there ever is");
            }

            var served = await server.CallAsync(deployment, Call.Chat, stream: false, new { max_tokens = 300 });
            served.Status.ShouldBe(200);
            int.Parse(served.Headers["x-ratelimit-remaining-tokens"], CultureInfo.InvariantCulture).ShouldBe(1_000 - Call.Chat.Body(deployment, stream: false, new { max_tokens = 300 }).Length - 300);
            served.Headers["x-ratelimit-remaining-requests"].ShouldBe("5", "none of the six in a minute but this one");
        });
    }

    [Fact]
    public async Task Two_projects_share_what_is_not_allotted_and_an_allotment_and_another_region_are_apart()
    {
        await WithinOneWindowAsync(60, async () =>
        {
            var region = NewRegion();
            var (pool, own, elsewhere) = (await DeployAsync("words=2", region), await DeployAsync("words=2", region), await DeployAsync("words=2", region + "-b"));
            await SetAsync($"pool-{region}", "lumen", 1_000, region);
            await SetAsync($"pool-{region}-b", "lumen", 500, region + "-b");
            await server.Admin.AllotQuotaAsync($"pool-{region}", new AllotQuotaRequest(own, null, 334));

            // 666 tokens a minute that are not allotted are 3 requests.
            var statuses = new List<int>();
            foreach (var project in Turns)
            {
                statuses.Add(await StatusAsync(project, pool));
            }

            statuses.ShouldBe([200, 200, 200, 429, 429]);
            (await StatusAsync("lumen-lab", own), await StatusAsync("lumen-app", own), await StatusAsync("lumen-app", own)).ShouldBe((200, 200, 429));
            (await StatusAsync("lumen-lab", elsewhere)).ShouldBe(200);
            (await StatusAsync("acme-shop", pool)).ShouldBe(200, "the quota is another organisation's");
        });
    }

    [Fact]
    public async Task A_quota_is_changed_while_it_is_used_and_holds_at_once()
    {
        await WithinOneWindowAsync(60, async () =>
        {
            var region = NewRegion();
            var (deployment, id) = (await DeployAsync("words=2", region), $"edit-{region}");
            (await CallAsync()).ShouldBe(200, "there is no quota yet");
            await SetAsync(id, "acme", 100_000, region);
            (await CallAsync()).ShouldBe(200);
            (await CallAsync()).ShouldBe(200);

            await server.Admin.SetQuotaAsync(id, new SetQuotaRequest(TokensPerMinute: 400)); // 2 requests, which are made
            (await CallAsync()).ShouldBe(429);
            await server.Admin.SetQuotaAsync(id, new SetQuotaRequest(TokensPerMinute: 500));
            (await CallAsync(), await CallAsync()).ShouldBe((200, 429));
            await server.Admin.SetQuotaAsync(id, new SetQuotaRequest(Mode: "observe"));
            (await CallAsync()).ShouldBe(200);

            async Task<int> CallAsync() => (await server.CallAsync(deployment, Call.Chat, stream: false, new { max_tokens = 1 })).Status;
        });
    }

    [Fact]
    public async Task A_limit_that_only_observes_serves_and_keeps_what_it_would_have_refused()
    {
        await WithinOneWindowAsync(60, async () =>
        {
            var region = NewRegion();
            var deployment = await DeployAsync("words=2", region, "requests_per_minute: 2\n    limit_mode: observe");
            await SetAsync($"seen-{region}", "acme", 500, region, mode: "observe");

            RawAnswer[] answers = [.. await CallsAsync(deployment, 5)];

            answers.ShouldAllBe(static answer => answer.Status == 200 && !answer.Headers.ContainsKey("x-ratelimit-limit-requests"));
            var calls = answers.Select(static answer => answer.CallId).ToHashSet(StringComparer.Ordinal);
            var seen = await RefusalsAsync($"deployment/{deployment}/acme-shop/requests", 3);
            seen.ShouldAllBe(item => item.IsObserved && calls.Contains(item.Call) && item.Deployment == deployment && item.Project == "acme-shop" && item.Asked == 1 && item.Left == 0 && item.Amount == 2);
            await RefusalsAsync($"quota/seen-{region}/unallotted/requests/60s", 2);
            var listed = (await server.Admin.ListQuotasAsync(region: region)).Data.ShouldHaveSingleItem();
            (listed.Refused, listed.Observed, listed.RequestsPerMinute).ShouldBe((0, 2, 3));
        });
    }

    [Fact]
    public async Task A_refusal_is_explained_before_and_after_it_happens()
    {
        await WithinOneWindowAsync(60, async () =>
        {
            var region = NewRegion();
            var (deployment, id) = (await DeployAsync("words=2", region, "tokens_per_minute: 100000"), $"why-{region}");
            await SetAsync(id, "acme", 500, region);
            (await CallsAsync(deployment, 3)).ShouldAllBe(static answer => answer.Status == 200);
            var refused = (await CallsAsync(deployment, 1)).Single();
            refused.Status.ShouldBe(429);

            var told = (await RefusalsAsync($"quota/{id}/unallotted/requests/60s", 1)).Single();
            (told.Call, told.Asked, told.Left, told.Amount, told.Code, told.IsObserved).ShouldBe((refused.CallId, 1m, 0m, 3m, "rate_limited", false));
            (await server.Admin.ListRefusalsAsync(call: refused.CallId)).Data.ShouldHaveSingleItem().ShouldBe(told);

            // As the store knows it: a node tells of what it used within a second or so.
            var explained = await UntilAsync(() => server.Admin.ExplainLimitsAsync("acme-shop", deployment, 10), static told => !told.IsServed);
            explained.RefusedBy.ShouldBe(told.Limit);
            explained.Until.ShouldBe(told.WindowEnd);
            explained.Limits.Select(static item => (item.Kind, item.Unit, item.Amount)).ShouldBe([("deployment", "tokens", 100_000m), ("quota", "requests", 3m), ("quota", "tokens", 500m)]);
            explained.Limits[1].LastRefusals.ShouldHaveSingleItem().Call.ShouldBe(refused.CallId);
            explained.Limits[1].Used.ShouldBe(3);

            string[] url = ["--url", server.Server.Address.ToString()];
            var (no, said, _) = await DoganaProcess.RunAsync(server.World.AdminKey, ["quota", "show", "--project", "acme-shop", "--deployment", deployment, .. url]);
            (no, said.Contains("would be refused.", StringComparison.Ordinal), said.Contains(told.Limit, StringComparison.Ordinal)).ShouldBe((1, true, true), said);
            var (happened, row, _) = await DoganaProcess.RunAsync(server.World.AdminKey, ["quota", "show", "--call", refused.CallId, .. url]);
            (happened, row.Contains("rate_limited", StringComparison.Ordinal)).ShouldBe((0, true), row);
            var (misuse, _, _) = await DoganaProcess.RunAsync(server.World.AdminKey, ["quota", "show", "--call", refused.CallId, "--project", "acme-shop", .. url]);
            misuse.ShouldBe(2);
        });
    }

    [Fact]
    public async Task The_verbs_set_allot_list_and_show_quotas()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        string[] data = ["--data", world.Folder];

        (await DoganaProcess.OkAsync(["quota", "set", "acme-fake", "--organisation", "acme", "--model", "fake-chat", "--tokens-per-minute", "1000", "--window", "sliding", .. data]))
            .ShouldBe("acme-fake: acme has 1000 tokens a minute of fake-chat in global (sliding, enforce), 1000 not allotted.\n");
        (await DoganaProcess.OkAsync(["quota", "allot", "acme-fake", "--deployment", "fake", "--project", "acme-shop", "--tokens-per-minute", "400", .. data])).ShouldContain("Not allotted: 600 of 1000.");
        var (exit, _, error) = await DoganaProcess.RunAsync(["quota", "set", "acme-fake", "--tokens-per-minute", "399", .. data]);
        (exit, error.Contains("400 tokens in a minute together, more than its 399", StringComparison.Ordinal)).ShouldBe((1, true), error);
        (await DoganaProcess.OkAsync(["quota", "list", "--organisation", "acme", .. data])).ShouldContain("acme-fake  acme          fake-chat  global        1000             -         600  sliding  enforce        0         0");
        using var shown = JsonDocument.Parse(await DoganaProcess.OkAsync(["quota", "show", "acme-fake", "--json", .. data]));
        shown.RootElement.GetProperty("limits").EnumerateArray().Select(static item => item.GetProperty("limit").GetString())
            .ShouldBe(["quota/acme-fake/unallotted/tokens/sliding", "quota/acme-fake/fake/acme-shop/tokens/sliding"]);
        (await DoganaProcess.OkAsync(["quota", "show", "--project", "acme-shop", "--deployment", "fake", "--tokens", "400", .. data])).ShouldContain("would be served.");
        (await DoganaProcess.RunAsync(["quota", "show", "--project", "acme-shop", "--deployment", "fake", "--tokens", "401", .. data])).Exit.ShouldBe(1);
        (await DoganaProcess.OkAsync(["quota", "allot", "acme-fake", "--deployment", "fake", "--project", "acme-shop", "--remove", .. data])).ShouldContain("Not allotted: 1000 of 1000.");
        (await DoganaProcess.RunAsync(["quota", "allot", "acme-fake", "--deployment", "fake", .. data])).Exit.ShouldBe(2);
    }

    private static string NewRegion() => string.Create(CultureInfo.InvariantCulture, $"r{Interlocked.Increment(ref _regions)}");

    private async Task<string> DeployAsync(string script, string region, string more = "")
    {
        await server.ApplyAsync(Ratio);
        return await server.DeployAsync(script, more: $"region: {region}\n    {more}");
    }

    private Task<QuotaRecord> SetAsync(string id, string organisation, long tokens, string region, string window = "minute", int slice = 60, string mode = "enforce") =>
        server.Admin.SetQuotaAsync(id, new SetQuotaRequest(organisation, "fake-chat", tokens, region, window, slice, mode));

    private async Task<IReadOnlyList<RawAnswer>> CallsAsync(string deployment, int count)
    {
        var answers = new List<RawAnswer>();
        for (var i = 0; i < count; i++)
        {
            answers.Add(await server.CallAsync(deployment, Call.Chat, stream: false, new { max_tokens = 1 }));
        }

        return answers;
    }

    private async Task<int> StatusAsync(string project, string deployment) => (await RawAnswer.PostAsync(
        server.Server.Address, "/v1/chat/completions", Call.Chat.Body(deployment, stream: false, new { max_tokens = 1 }), [("authorization", "Bearer " + server.World.Key(project))])).Status;

    private async Task<IReadOnlyList<RefusalRecord>> RefusalsAsync(string limit, int count) =>
        (await UntilAsync(() => server.Admin.ListRefusalsAsync(by: limit), page => page.Data.Count == count)).Data;

    // What is kept or told a moment later is waited for.
    private static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isIt)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isIt(answer) || TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(20))
            {
                isIt(answer).ShouldBeTrue(JsonSerializer.Serialize(answer));
                return answer;
            }

            await Task.Delay(50);
        }
    }

    // Windows begin anew by the clock: what spans two of them is done again, with limits of its own.
    private static async Task WithinOneWindowAsync(int seconds, Func<Task> test)
    {
        for (var tries = 0; ; tries++)
        {
            var window = Window(seconds);
            try
            {
                await test();
                return;
            }
            catch (ShouldAssertException) when (tries < 20 && Window(seconds) != window)
            {
                // It spanned two.
            }
        }
    }

    private static async Task NextWindowAsync(int seconds)
    {
        for (var window = Window(seconds); Window(seconds) == window;)
        {
            await Task.Delay(10);
        }
    }

    private static long Window(int seconds) => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / seconds;
}
