using System.Globalization;
using Dogana.Apply;
using Dogana.Client;
using Dogana.ServerTests.Endings;
using Dogana.Storage;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>Deployments with units of their own, as customers and operators meet them: over real servers.</summary>
public sealed class ProvisionedTests(ProvisionedServer server) : IClassFixture<ProvisionedServer>
{
    [Fact]
    public async Task Exactly_as_many_calls_are_let_in_as_there_is_room_for_and_what_they_did_not_use_is_room_again()
    {
        // 17,000 weighted tokens in a minute; a call may weigh 8,000 and a little. The third begins below 100 %.
        var name = await server.DeployAsync("fake+first=3000", units: 17);
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => server.CallAsync(name, maxTokens: 4_000)));

        answers.Count(static answer => answer.Status == 200).ShouldBe(3, string.Join('\n', answers.Select(static answer => answer.Body)));
        foreach (var refused in answers.Where(static answer => answer.Status != 200))
        {
            (refused.Status, refused.ErrorCode, refused.Headers["x-should-retry"]).ShouldBe((429, "rate_limit_exceeded", "true"));
            var wait = int.Parse(refused.Headers["retry-after-ms"], CultureInfo.InvariantCulture);
            wait.ShouldBeInRange(1, 30_000, "until it is below 100 %");
            int.Parse(refused.Headers["retry-after"], CultureInfo.InvariantCulture).ShouldBe((int)Math.Ceiling(wait / 1_000.0));
        }

        // Three calls used ten prompt tokens and five others each.
        await EventuallyAsync(async () => (await server.Admin.GetCapacityAsync(name)).WeightedTokens < 100);
        (await server.CallAsync(name, maxTokens: 4_000)).Status.ShouldBe(200);
        var records = await server.RecordsOfAsync(name, 4);
        records.ShouldAllBe(static record => record.IsProvisioned && record.Charge == 0);
        var minutes = (await server.Admin.ListCapacityMinutesAsync(name)).Data;
        minutes.Sum(static minute => minute.Calls).ShouldBe(4);
        minutes.Sum(static minute => minute.WeightedTokens).ShouldBe(records.Sum(static record => record.InputTokens + 2 * record.OutputTokens));
    }

    [Fact]
    public async Task Azures_clients_are_refused_in_azures_words_and_other_projects_see_nothing()
    {
        var name = await server.DeployAsync("fake+first=2000", units: 1);
        var first = server.CallAsync(name, maxTokens: 4_000);
        await EventuallyAsync(() => Task.FromResult(server.Upstream.Requests.Any(seen => seen.Body.Contains(name, StringComparison.Ordinal))));

        var azure = await RawAnswer.PostAsync(
            server.Server.Address, $"/openai/deployments/{name}/chat/completions?api-version=2024-10-21", ProvisionedServer.Body(name, 100, stream: false), server.Headers());
        var other = await server.CallAsync(name, headers: [("authorization", "Bearer " + server.World.Key("acme-shop"))]);

        (azure.Status, azure.ErrorCode).ShouldBe((429, "RateLimitReached"));
        azure.Headers.ShouldContainKey("retry-after-ms");
        (other.Status, other.ErrorCode).ShouldBe((404, "model_not_found"));
        (await ModelsAsync(server.World.Key("acme-shop"))).ShouldNotContain($"\"{name}\"");
        (await ModelsAsync(server.Key)).ShouldContain($"\"{name}\"");
        (await first).Status.ShouldBe(200);

        async Task<string> ModelsAsync(string key)
        {
            using var client = server.Server.CreateClient(key);
            return await client.GetStringAsync("/v1/models");
        }
    }

    [Theory]
    [InlineData("status=500")]
    [InlineData("status=503+retry=60000")]
    [InlineData("status=429+retry=60000")]
    [InlineData("status=400+code=context_length_exceeded")]
    public async Task What_fails_at_the_provisioned_side_before_its_first_byte_is_served_by_the_standard_one_at_its_price(string script)
    {
        var standard = await server.DeployAsync("fake+in=40+words=3", units: 0);
        var name = await server.DeployAsync("fake+" + script, units: 10, spillover: standard);

        foreach (var stream in new[] { false, true })
        {
            var answer = await server.CallAsync(name, stream: stream);

            (answer.Status, answer.IsWhole).ShouldBe((200, true), answer.Body);
            (answer.Headers["x-ms-spillover-from-deployment"], answer.Headers["x-ms-deployment-name"]).ShouldBe((name, standard));
            answer.Headers.ShouldNotContainKey("x-ms-spillover-error");
            var served = (await server.RecordsOfAsync(standard, stream ? 2 : 1)).Single(record => record.Id == answer.CallId);
            (served.SpilledFrom, served.IsProvisioned, served.Ending, served.InputTokens, served.OutputTokens).ShouldBe((name, false, "completed", 40, 3));
            served.Charge.ShouldBe(40 * 0.01m + 3 * 0.03m);
        }

        (await server.RecordsOfAsync(name, script.Contains("retry", StringComparison.Ordinal) ? 1 : 2)).ShouldAllBe(static record => record.InputTokens == 0 && record.Charge == 0 && record.SpilledFrom == null && record.Ending != "completed");
    }

    [Fact]
    public async Task What_there_is_no_room_for_spills_over_where_the_deployment_says_and_else_where_the_caller_does()
    {
        var (standard, wished) = (await server.DeployAsync("fake", units: 0), await server.DeployAsync("fake", units: 0));
        var (full, plain) = (await server.DeployAsync("fake+first=4000", units: 1, spillover: standard), await server.DeployAsync("fake+first=4000", units: 1));
        var busy = new[] { server.CallAsync(full, maxTokens: 4_000), server.CallAsync(plain, maxTokens: 4_000) };
        await EventuallyAsync(() => Task.FromResult(new[] { full, plain }.All(name => server.Upstream.Requests.Any(seen => seen.Body.Contains(name, StringComparison.Ordinal)))));
        (string, string)[] wish = [("x-ms-spillover-deployment", wished)];

        var spilled = await server.CallAsync(full);
        var overruled = await server.CallAsync(full, headers: wish);
        var asWished = await server.CallAsync(plain, headers: wish);
        var refused = await server.CallAsync(plain);

        spilled.Headers["x-ms-deployment-name"].ShouldBe(standard);
        overruled.Headers["x-ms-deployment-name"].ShouldBe(standard, "the deployment's own word comes first");
        asWished.Headers["x-ms-deployment-name"].ShouldBe(wished);
        (refused.Status, refused.Headers.ContainsKey("x-ms-spillover-error")).ShouldBe((429, false));

        // Where the other one cannot serve it, the first answer is the answer, and says what the other one said.
        foreach (var (target, error) in new[] { ("nowhere", "404"), (full, "400"), ("clerk-1", "400") })
        {
            var failed = await server.CallAsync(plain, headers: [("x-ms-spillover-deployment", target)]);
            (failed.Status, failed.ErrorCode, failed.Headers["x-ms-spillover-error"]).ShouldBe((429, "rate_limit_exceeded", error), target);
            failed.Headers.ShouldContainKey("retry-after-ms");
        }

        (await Task.WhenAll(busy)).ShouldAllBe(static answer => answer.Status == 200);
        (await server.RecordsOfAsync(full, 1)).ShouldAllBe(static record => record.IsProvisioned);
        (await server.RecordsOfAsync(standard, 2)).ShouldAllBe(record => record.SpilledFrom == full);
    }

    [Fact]
    public async Task Where_the_standard_one_fails_too_the_first_answer_is_given_under_its_id_and_a_repeat_is_served()
    {
        var standard = await server.DeployAsync("fake+status=400+then", units: 0);
        var name = await server.DeployAsync("fake+status=400+code=context_length_exceeded+body=%7B%22error%22%3A%7B%22message%22%3A%22Too%20long.%22%2C%22code%22%3A%22context_length_exceeded%22%7D%7D", units: 10, spillover: standard);
        (string, string)[] once = [("Idempotency-Key", "k-" + name)];

        var failed = await server.CallAsync(name, headers: once);
        var repeated = await server.CallAsync(name, headers: once);
        var again = await server.CallAsync(name, headers: once);

        (failed.Status, failed.ErrorCode, failed.Headers["x-ms-spillover-error"]).ShouldBe((400, "context_length_exceeded", "400"));
        failed.Headers.ShouldNotContainKey("x-ms-spillover-from-deployment");
        (repeated.Status, repeated.Headers["x-ms-spillover-from-deployment"]).ShouldBe((200, name));
        (again.Status, again.ErrorCode, again.Headers["x-dogana-original-request-id"]).ShouldBe((409, "idempotency_conflict", repeated.CallId));
        var records = await server.RecordsOfAsync(name, 2);
        records.ShouldContain(record => record.Id == failed.CallId);
        (await server.RecordsOfAsync(standard, 2)).ShouldContain(record => record.Id == repeated.CallId);
        (await server.Admin.VerifyAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_verbs_size_list_and_show()
    {
        var name = await server.DeployAsync("fake", units: 10);
        (await server.CallAsync(name)).Status.ShouldBe(200);
        await server.RecordsOfAsync(name, 1);
        string[] at = ["--url", server.Server.Address.ToString()];

        (await VerbAsync(["capacity", "size", "--model", "fake-chat", "--rpm", "60", "--input", "100", "--output", "50", .. at])).ShouldMatch(@"global_provisioned\s+12000\s+12\s+12");
        (await VerbAsync(["capacity", "list", "--json", .. at])).ShouldContain($"\"{name}\"");
        (await VerbAsync(["capacity", "show", name, .. at])).ShouldContain("weighted tokens of a minute");
        (await VerbAsync(["capacity", "reservations", .. at])).ShouldContain("reservation");
        (await DoganaProcess.RunAsync(server.World.AdminKey, ["capacity", "show", "fake", .. at])).Exit.ShouldBe(1);
        (await DoganaProcess.RunAsync("capacity", "size", "--rpm", "1")).Exit.ShouldBe(2);

        async Task<string> VerbAsync(string[] arguments)
        {
            var (exit, output, error) = await DoganaProcess.RunAsync(server.World.AdminKey, arguments);
            exit.ShouldBe(0, error);
            return output;
        }
    }

    internal static async Task EventuallyAsync(Func<Task<bool>> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(50);
        }
    }
}

/// <summary>Several nodes on one store, and nodes that are killed.</summary>
public sealed class ProvisionedNodeTests(StoreFixture stores)
{
    [Fact]
    public async Task Four_nodes_on_one_store_let_in_exactly_as_many_calls_as_there_is_room_for()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Postgres, upstream.OpenAiBase, ProvisionedServer.Yaml);
        await using var nodes = await NodeSet.StartAsync(stores, world, 4);
        using var admin = new AdminClient(nodes.Servers[0].CreateClient(), world.AdminKey);
        var key = (await admin.CreateKeyAsync(new NewKeyRequest("forge", "project", "forge-app"))).Text;
        await admin.ApplyAsync(ProvisionedServer.Deployment("ptu", "fake+first=4000", 17, null), "test.yaml", dryRun: false);
        await ProvisionedTests.EventuallyAsync(async () =>
        {
            var seen = await Task.WhenAll(nodes.Servers.Select(async node =>
            {
                using var client = node.CreateClient(key);
                return (await client.GetStringAsync("/v1/models")).Contains("\"ptu\"", StringComparison.Ordinal);
            }));
            return seen.All(static known => known);
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(index => CallAsync(nodes.Servers[index % 4])));

        answers.Count(static answer => answer.Status == 200).ShouldBe(3);
        answers.Where(static answer => answer.Status != 200).ShouldAllBe(static answer => answer.Status == 429 && answer.Headers.ContainsKey("retry-after-ms"));

        // Where the machine is so busy that a node does not hear from its store in time, it says so and lets nobody in; clients try again.
        async Task<RawAnswer> CallAsync(ServerProcess node)
        {
            for (var tries = 0; ; tries++)
            {
                var answer = await RawAnswer.PostAsync(node.Address, "/v1/chat/completions", ProvisionedServer.Body("ptu", 4_000, stream: false), [("authorization", "Bearer " + key)]);
                if (answer.Status != 503 || tries == 10)
                {
                    return answer;
                }

                await Task.Delay(100);
            }
        }
    }

    [Fact]
    public async Task A_week_of_hours_is_written_once_by_two_nodes_that_are_killed_while_they_write_it()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Postgres, more: ProvisionedServer.Yaml);
        await using (var store = await world.OpenStoreAsync())
        {
            await ApplyAsync(store, ProvisionedServer.Deployment("ptu", "fake", 10, null), now.AddDays(-8));
            await ApplyAsync(store, ProvisionedServer.Deployment("ptu", "fake", 25, null), now.AddDays(-3).AddMinutes(-7));
        }

        for (var round = 0; round < 3; round++)
        {
            var (one, two) = (ServerProcess.Launch(world.Start()), ServerProcess.Launch(NodeSet.StartOf(stores, world)));
            await using (one)
            await using (two)
            {
                await using var store = await world.OpenStoreAsync();
                await ProvisionedTests.EventuallyAsync(async () => await store.ReadAsync(static session => session.ScalarAsync<long>("select count(*) from usage_record")) > 0);
                await Task.WhenAll(Task.Run(one.Kill), Task.Run(two.Kill));
            }
        }

        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        (await admin.VerifyAsync()).Faults.ShouldBeEmpty(); // takes in the hours that are over
        var records = await admin.ListUsageAsync();
        var until = TimeProvider.System.GetUtcNow();
        var end = new DateTimeOffset(until.Year, until.Month, until.Day, until.Hour, 0, 0, TimeSpan.Zero);
        var expected = 0L;
        for (var at = new DateTimeOffset(now.AddDays(-9).Date, TimeSpan.Zero); at < end; at = at.AddMinutes(1))
        {
            expected += at < now.AddDays(-8) ? 0 : at < now.AddDays(-3).AddMinutes(-7) ? 10 : 25;
        }

        records.Where(record => record.OpenedAt < end).Sum(static record => record.UnitMinutes).ShouldBe(expected);
        records.Select(static record => (record.Source, record.Id)).ShouldBeUnique();
        var lines = await admin.ListRatedLinesAsync();
        lines.Sum(static line => line.Quantity).ShouldBe(records.Sum(static record => record.UnitMinutes));
        lines.Sum(static line => decimal.Parse(line.Amount, CultureInfo.InvariantCulture)).ShouldBe(records.Sum(static record => record.UnitMinutes) * 0.01m);

        static async Task ApplyAsync(Store store, string yaml, DateTimeOffset at) =>
            (await WorldApply.ApplyAsync(store, WorldFile.Parse(yaml, "test.yaml").Value, at, "test", dryRun: false)).Faults.ShouldBeEmpty();
    }
}

/// <summary>Nodes on one PostgreSQL store.</summary>
internal sealed class NodeSet(IReadOnlyList<ServerProcess> servers) : IAsyncDisposable
{
    public IReadOnlyList<ServerProcess> Servers => servers;

    public static async Task<NodeSet> StartAsync(StoreFixture stores, TestWorld world, int count)
    {
        var servers = new List<ServerProcess> { await ServerProcess.StartAsync(world.Start()) };
        servers.AddRange(await Task.WhenAll(Enumerable.Range(1, count - 1).Select(_ => ServerProcess.StartAsync(StartOf(stores, world)))));
        return new NodeSet(servers);
    }

    /// <summary>How another node is started: with a folder of its own and the same master key.</summary>
    public static ServerStart StartOf(StoreFixture stores, TestWorld world, params string[] more) =>
        ServerStart.OnPostgres(world.Postgres!, stores.NewFolder(), ["--master-key-file", Path.Combine(world.Folder, "master.key"), .. more]) with { ReadyWithin = TimeSpan.FromSeconds(90) };

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }
}

/// <summary>One server, and a customer with prices for units, for all tests of the class; each makes deployments of its own.</summary>
public sealed class ProvisionedServer(StoreFixture stores) : IAsyncLifetime
{
    /// <summary>A customer that may deploy units: a unit takes 1,000 weighted tokens in a minute, a generated one weighs two.</summary>
    internal const string Yaml = """
        dogana: 1
        organisations: [{ id: forge, name: Forge, country: FR, time_zone: Europe/Paris }]
        projects: [{ id: forge-app, organisation: forge, channel: direct }]
        models:
          - id: fake-chat
            owner: northwind
            kind: chat
            context_tokens: 100000
            max_output_tokens: 4096
            provisioned: [{ type: global_provisioned, minimum: 1, increment: 1, input_tokens_per_minute_per_unit: 1000, output_ratio: 2 }]
        price_books:
          - id: forge-usd
            name: Forge
            currency: USD
            versions:
              - effective_from: 2025-01-01
                prices:
                  - { model: fake-chat, meter: input_tokens, amount: "0.01", per: 1 }
                  - { model: fake-chat, meter: output_tokens, amount: "0.03", per: 1 }
                  - { model: fake-chat, meter: provisioned_unit_minutes, amount: "0.60", per: 60 }
        contracts: [{ id: forge-direct, organisation: forge, channel: direct, price_book: forge-usd, from: 2025-01-01 }]
        """;

    private int _deployments;

    public FakeUpstreamServer Upstream { get; private set; } = null!;

    internal TestWorld World { get; private set; } = null!;

    internal ServerProcess Server { get; private set; } = null!;

    internal AdminClient Admin { get; private set; } = null!;

    /// <summary>A key of <c>forge-app</c>, whose capacity it is.</summary>
    internal string Key { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Upstream = await FakeUpstreamServer.StartAsync();
        World = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, Upstream.OpenAiBase, Yaml);
        Server = await ServerProcess.StartAsync(World.Start("--Gateway:RetryPause=00:00:00.01"));
        Admin = new AdminClient(Server.CreateClient(), World.AdminKey);
        Key = (await Admin.CreateKeyAsync(new NewKeyRequest("forge", "project", "forge-app"))).Text;
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Server.DisposeAsync();
        await World.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    /// <summary>Makes a deployment by a script, a standard one with 0 units; its name.</summary>
    internal async Task<string> DeployAsync(string script, long units, string? spillover = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"p{Interlocked.Increment(ref _deployments)}x");
        await Admin.ApplyAsync(Deployment(name, script, units, spillover), "test.yaml", dryRun: false);
        return name;
    }

    internal Task<RawAnswer> CallAsync(string deployment, long maxTokens = 100, bool stream = false, IEnumerable<(string, string)>? headers = null)
    {
        var all = (headers ?? []).ToArray();
        return RawAnswer.PostAsync(Server.Address, "/v1/chat/completions", Body(deployment, maxTokens, stream), all.Any(static header => header.Item1 == "authorization") ? all : [.. Headers(), .. all]);
    }

    internal IEnumerable<(string, string)> Headers() => [("authorization", "Bearer " + Key)];

    internal static string Body(string deployment, long maxTokens, bool stream) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"model":"{{deployment}}","max_tokens":{{maxTokens}},"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Tell me."}]}""");

    /// <summary>A deployment's usage records: as many as are expected.</summary>
    internal async Task<IReadOnlyList<UsageLine>> RecordsOfAsync(string deployment, int count)
    {
        IReadOnlyList<UsageLine> records = [];
        await ProvisionedTests.EventuallyAsync(async () =>
        {
            await Admin.VerifyAsync(); // takes in what the journal holds
            records = [.. (await Admin.ListUsageAsync()).Where(record => record.Deployment == deployment && record.Source.StartsWith("node-", StringComparison.Ordinal))];
            return records.Count >= count;
        });
        records.Count.ShouldBe(count);
        return records;
    }

    internal static string Deployment(string name, string script, long units, string? spillover) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        dogana: 1
        deployments:
          - name: {name}
            model: fake-chat
            upstream: there
            upstream_model: "{script}+header=x-of:{name}"
            default_output_cap: 100
            {(units == 0 ? "sku: standard" : $"sku: global_provisioned\n    units: {units}\n    project: forge-app")}
            {(spillover is null ? "" : $"spillover: {spillover}")}
        """);
}
