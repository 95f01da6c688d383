using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>Budgets through real servers: exact while calls are open, and afterwards what was charged to the last digit.</summary>
public sealed partial class BudgetTests(StoreFixture stores)
{
    private const int Parallel = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(StoreKind.Sqlite, 1, 17)]
    [InlineData(StoreKind.Postgres, 1, 40)]
    [InlineData(StoreKind.Postgres, 4, 23)]
    public async Task Of_64_calls_at_once_exactly_as_many_are_served_as_the_budget_has_room_for(StoreKind kind, int nodes, int room)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase, Probe);
        var servers = new List<ServerProcess> { await ServerProcess.StartAsync(world.Start()) };
        try
        {
            using var admin = new AdminClient(servers[0].CreateClient(), world.AdminKey);
            var held = await HoldAsync(servers[0], world);
            var amount = held * room + held / 2;
            await admin.SetBudgetAsync("shop", new SetBudgetRequest(Project: "acme-shop", Currency: "USD", Amount: Text(amount)));
            for (var i = 1; i < nodes; i++)
            {
                var folder = stores.NewFolder();
                File.Copy(Path.Combine(world.Folder, "master.key"), Path.Combine(folder, "master.key"));
                servers.Add(await ServerProcess.StartAsync(ServerStart.OnPostgres(world.Postgres!, folder)));
            }

            // 1. All at once, and none of them ends meanwhile. Each node has done all of it before: what is compiled first takes seconds.
            await WaveAsync(upstream, new FakeScript(), servers, world.Key("lumen-app"), 8 * nodes);
            var script = new FakeScript { InputTokens = 7, OutputTokens = 20, Text = FakeScript.Words(20) };
            (await WaveAsync(upstream, script, servers, world.Key("acme-shop"))).ShouldBe(room);

            // 2. What was not used is back, and serves as many as it has room for.
            var settled = await RestAsync(admin, "shop");
            Number(settled.Spent).ShouldBe(room * (7 * 0.01m + 20 * 0.03m));
            Number(settled.Left).ShouldBe(amount - Number(settled.Spent));
            (await WaveAsync(upstream, script, servers, world.Key("acme-shop"))).ShouldBe(Math.Min(Parallel, (int)(Number(settled.Left) / held)));
            await CheckBooksAsync(admin, "shop");
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, 1)]
    [InlineData(StoreKind.Postgres, 2)]
    public async Task Whatever_becomes_of_calls_and_of_the_server_each_is_spent_once_as_it_is_charged(StoreKind kind, int seed)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase, Probe);
        var random = new Random(seed);
        upstream.Script("fake", [.. Enumerable.Range(0, 200).Select(_ =>
        {
            var script = new FakeScript
            {
                Text = FakeScript.Words(random.Next(2, 12)),
                InputTokens = random.Next(1, 20),
                DelayBeforeFirstByte = TimeSpan.FromMilliseconds(random.Next(0, 500)),
                DelayBetweenChunks = TimeSpan.FromMilliseconds(random.Next(0, 60)),
            };
            return random.Next(6) switch { 0 => FakeScript.Failing(400), 1 => FakeScript.Failing(500), 2 => script with { CutAfterChunks = 2 }, _ => script };
        })]);

        decimal held;
        await using (var server = await ServerProcess.StartAsync(world.Start()))
        {
            using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
            held = await HoldAsync(server, world);
            await admin.SetBudgetAsync("shop", new SetBudgetRequest(Project: "acme-shop", Currency: "USD", Amount: "1000", Alerts: ["1%"]));
            await admin.SetBudgetAsync("acme", new SetBudgetRequest(Organisation: "acme", Currency: "USD", Amount: "1", Kind: "soft"));
            using var client = server.CreateClient(world.Key("acme-shop"));
            using var leaver = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = server.Address }; // else it would read on to keep its connection
            leaver.DefaultRequestHeaders.Authorization = client.DefaultRequestHeaders.Authorization;
            for (var began = TimeProvider.System.GetTimestamp(); (await admin.ListUsageAsync()).All(static record => record.Ending != "client_closed");)
            {
                TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(Patience);
                await TryCallAsync(leaver, stream: true, leaves: true);
            }

            var ended = 0;
            var most = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var calls = Enumerable.Range(0, 120).Select(async i =>
            {
                await TryCallAsync(i % 6 == 0 ? leaver : client, stream: i % 2 == 0, leaves: i % 6 == 0);
                if (Interlocked.Increment(ref ended) == 80)
                {
                    most.SetResult();
                }
            }).ToArray();
            await most.Task.WaitAsync(TimeSpan.FromSeconds(60));
            server.Kill();
            await Task.WhenAll(calls);
        }

        await using var again = await ServerProcess.StartAsync(world.Start());
        using var books = new AdminClient(again.CreateClient(), world.AdminKey);
        var state = await CheckBooksAsync(books, "shop");
        (await CheckBooksAsync(books, "acme")).Spent.ShouldBe(state.Spent);
        (Number(state.Spent), Number(state.Held), Number(state.Left)).ShouldBe((Number(state.Spent), 0, 1000 - Number(state.Spent)));
        (await books.ListUsageAsync()).Select(static record => record.Ending).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(
            ["client_closed", "completed", "interrupted", "refused", "upstream_failed"]);

        // The room is what is not spent: exactly so many calls fit.
        await books.SetBudgetAsync("shop", new SetBudgetRequest(Amount: Text(Number(state.Spent) + 9.5m * held)));
        (await WaveAsync(upstream, new FakeScript { InputTokens = 1, OutputTokens = 1 }, [again], world.Key("acme-shop"), 30)).ShouldBe(9);
    }

    [Fact]
    public async Task A_refusal_tells_clients_when_it_begins_anew_and_prepaid_ones_not_to_wait()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase, Probe);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        using var client = server.CreateClient(world.Key("acme-shop"));
        var key = (await admin.ListKeysAsync()).Single(static item => item.Project == "acme-shop").Id;

        // A provider that charges beyond what could be foreseen: booked, told, and nothing more is served in this month.
        upstream.Enqueue(new FakeScript { InputTokens = 500_000, OutputTokens = 1 });
        await admin.SetBudgetAsync("key", new SetBudgetRequest(Key: key, Currency: "USD", Amount: "100"));
        using (var over = await PostAsync(client, stream: false))
        {
            over.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var state = await RestAsync(admin, "key");
        (Number(state.Spent), Number(state.Overrun), Number(state.Left)).ShouldBe((5_000.03m, 4_900.03m, -4_900.03m));
        using var monthly = await PostAsync(client, stream: false);
        var body = await monthly.Content.ReadAsStringAsync();
        ((int)monthly.StatusCode, monthly.Headers.GetValues("x-should-retry").Single()).ShouldBe((429, "false"));
        body.ShouldContain("\"code\":\"key_spend_limit_exceeded\"");
        body.ShouldContain("It begins anew at " + state.To!.Value.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        monthly.Headers.RetryAfter!.Delta!.Value.ShouldBe(state.To.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(60));
        await admin.RemoveBudgetAsync("key");

        await admin.SetBudgetAsync("prepaid", new SetBudgetRequest(Organisation: "acme", Currency: "USD", Amount: "0.01", Period: "once"));
        using (var prepaid = await PostAsync(client, stream: false))
        {
            ((int)prepaid.StatusCode, prepaid.Headers.RetryAfter).ShouldBe((429, null));
            (await prepaid.Content.ReadAsStringAsync()).ShouldContain("\"code\":\"organization_spend_limit_exceeded\"");
        }

        (await admin.TopUpBudgetAsync("prepaid", new TopUpBudgetRequest("50", "INV-1"))).Budget.TopUps.ShouldBe("50.00");
        using (var served = await PostAsync(client, stream: false))
        {
            served.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        // Another currency is never unlimited.
        await admin.SetBudgetAsync("euro", new SetBudgetRequest(Organisation: "acme", Currency: "EUR", Amount: "1000"));
        using var other = await PostAsync(client, stream: false);
        (await other.Content.ReadAsStringAsync()).ShouldContain("the budget euro of the organisation 'acme' is in EUR");
        ((int)other.StatusCode).ShouldBe(403);
    }

    [Fact]
    public async Task An_operator_does_all_of_it_by_verbs()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        await using (await ServerProcess.StartAsync(world.Start()))
        {
            // A node that was there.
        }

        (await VerbAsync(0, "budget", "set", "acme-month", "--organisation", "acme", "--amount", "500", "--currency", "USD", "--alert", "80%", "--alert", "450.50")).ShouldContain(
            "acme-month: 500.00 USD for the organisation acme, hard, until ");
        (await VerbAsync(0, "budget", "set", "acme-month", "--amount", "750")).ShouldContain("alert 80% (600.00): not reached");
        (await VerbAsync(0, "budget", "set", "shop", "--project", "acme-shop", "--amount", "10", "--currency", "USD", "--period", "once")).ShouldContain("prepaid");
        (await VerbAsync(0, "budget", "top-up", "shop", "--amount", "2.5", "--reference", "INV-1")).ShouldContain("top-up INV-1: 2.50 at ");
        (await VerbAsync(0, "budget", "top-up", "shop", "--amount", "2.5", "--reference", "INV-1")).ShouldContain("spent 0.00, held 0.00, left 12.50");
        (await VerbAsync(1, "budget", "top-up", "shop", "--amount", "3", "--reference", "INV-1")).ShouldContain("was of 2.50 USD");
        (await VerbAsync(0, "budget", "list", "--project", "acme-shop")).ShouldNotContain("acme-month");
        (await VerbAsync(0, "budget", "list", "--limit", "1")).ShouldContain("--after \"acme-month\"");
        (await VerbAsync(0, "budget", "show", "shop", "--json")).ShouldContain("\"reference\": \"INV-1\"");
        (await VerbAsync(1, "budget", "show", "nothing")).ShouldContain("'dogana budget list' shows them");
        (await VerbAsync(1, "budget", "set", "new", "--amount", "1", "--currency", "USD")).ShouldContain("say of whom it is");
        (await VerbAsync(1, "budget", "set", "new", "--project", "acme-shop", "--amount", "1")).ShouldContain("needs a currency");
        (await VerbAsync(2, "budget", "set", "new", "--kind", "harsh")).ShouldContain("harsh");
        (await VerbAsync(0, "budget", "remove", "shop")).ShouldContain("shop is removed. 0.00 of 12.50 USD were spent.");

        var nodes = await VerbAsync(0, "node", "list");
        nodes.ShouldContain("node-");
        var name = NodeName().Match(nodes).Value;
        (await VerbAsync(0, "node", "forget", name, "--force")).ShouldContain($"{name} is forgotten. Charged for it: nothing.");
        (await VerbAsync(0, "node", "list")).ShouldContain("forgotten");
        (await VerbAsync(1, "node", "forget", "nobody")).ShouldContain("'dogana node list' shows them");
        var audit = await VerbAsync(0, "audit", "list");
        foreach (var action in new[] { "budget.set", "budget.top_up", "budget.remove", "node.forget" })
        {
            audit.ShouldContain(action);
        }

        async Task<string> VerbAsync(int exit, params string[] arguments)
        {
            var (code, output, error) = await DoganaProcess.RunAsync([.. arguments, "--data", world.Folder]);
            code.ShouldBe(exit, output + error);
            return output + error;
        }
    }

    // Says what one of the test's calls is held for.
    private const string Probe = """
        dogana: 1
        budgets:
          - { id: probe, project: lumen-lab, currency: USD, amount: "0.01" }
          - { id: large, project: lumen-app, currency: USD, amount: 1000000 }
        """;

    private static async Task<decimal> HoldAsync(ServerProcess server, TestWorld world)
    {
        using var client = server.CreateClient(world.Key("lumen-lab"));
        using var response = await PostAsync(client, stream: false);
        var message = await response.Content.ReadAsStringAsync();
        return Number(MayCost().Match(message).Groups["amount"].Value);
    }

    // How many of so many calls at once are served; the others are refused for their budget. None is answered before all are with the upstream or refused.
    private static async Task<int> WaveAsync(FakeUpstreamServer upstream, FakeScript script, IReadOnlyList<ServerProcess> servers, string key, int count = Parallel)
    {
        var refusals = new ConcurrentBag<string>();
        HttpClient[] clients = [.. servers.Select(server => server.CreateClient(key))];
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        upstream.Script("fake", script with { Begin = all.Task });
        var (before, calling) = (upstream.RequestCount, TimeProvider.System.GetTimestamp());
        var calls = Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            for (var began = TimeProvider.System.GetTimestamp(); ;)
            {
                using var response = await PostAsync(clients[i % clients.Length], stream: i % 2 == 0);
                var body = await response.Content.ReadAsStringAsync();
                if (response.StatusCode == HttpStatusCode.ServiceUnavailable && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(5))
                {
                    continue; // the machine is so busy that the store did not answer in time
                }

                if (response.StatusCode != HttpStatusCode.OK)
                {
                    refusals.Add(body);
                }

                return response.StatusCode == HttpStatusCode.OK;
            }
        }));
        while (refusals.Count + (upstream.RequestCount - before) < count && TimeProvider.System.GetElapsedTime(calling) < Patience)
        {
            await Task.Delay(10);
        }

        all.SetResult();
        var served = await calls;
        refusals.ShouldAllBe(static body => body.Contains("project_spend_limit_exceeded", StringComparison.Ordinal));
        foreach (var client in clients)
        {
            client.Dispose();
        }

        return served.Count(static isServed => isServed);
    }

    private static async Task TryCallAsync(HttpClient client, bool stream, bool leaves)
    {
        try
        {
            using var response = await PostAsync(client, stream);
            if (!leaves)
            {
                await response.Content.ReadAsStringAsync();
            }
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            // The server is gone, or the stream was broken off.
        }
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, bool stream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new { model = "fake", stream, messages = new[] { new { role = "user", content = "hello" } } }),
        };
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    // Until nodes hold nothing any more.
    private static async Task<BudgetRecord> RestAsync(AdminClient admin, string budget)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            var state = (await admin.GetBudgetAsync(budget)).Budget;
            if (Number(state.Held) == 0 && Number(state.Spent) > 0)
            {
                return state;
            }

            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(Patience, $"{state}");
            await Task.Delay(100);
        }
    }

    // Σ spend = Σ charge of the records = Σ of what they are rated at.
    private static async Task<BudgetRecord> CheckBooksAsync(AdminClient admin, string budget)
    {
        var state = await RestAsync(admin, budget); // then all nodes have shipped, and a verification accrues it
        (await admin.VerifyAsync()).Faults.ShouldBeEmpty();
        var usage = (await admin.ListUsageAsync()).Where(static record => record.Organisation == "acme").ToArray();
        Number(state.Spent).ShouldBe(usage.Sum(static record => record.Charge ?? 0));
        Number(state.Spent).ShouldBe((await admin.ListRatedLinesAsync()).Where(static line => line.Organisation == "acme").Sum(static line => Number(line.Amount)));
        usage.Where(static record => record.Ending is "upstream_failed" or "refused" or "interrupted").ShouldAllBe(static record => (record.Charge ?? 0) == 0);
        return state;
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("this call may cost (?<amount>[0-9.]+) USD", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MayCost();

    [GeneratedRegex("node-[0-9a-f]{12}", RegexOptions.None, 1000)]
    private static partial Regex NodeName();
}
