using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>On which channel, and for whom, a call is made.</summary>
public sealed class ChannelTests(StoreFixture stores)
{
    private const string Resale = """
        dogana: 1
        organisations:
          - { id: partner, name: Partner, country: DE, time_zone: Europe/Berlin }
          - { id: baker, name: Baker, country: FR, time_zone: Europe/Paris }
          - { id: outlaw, name: Outlaw, country: AQ, time_zone: Antarctica/Troll }
        ownership:
          - { id: baker-partner, subject: baker, interested_party: partner, interest: end_customer_of, source: Contract }
          - { id: lumen-partner, subject: lumen, interested_party: partner, interest: end_customer_of, source: Contract }
          - { id: outlaw-partner, subject: outlaw, interested_party: partner, interest: end_customer_of, source: Contract }
        projects:
          - { id: partner-cloud, organisation: partner, channel: cloud, country: FR, resells: true }
        models:
          - { id: guarded, owner: northwind, kind: chat, context_tokens: 100000, max_output_tokens: 4096, restricted: true }
        deployments:
          - { name: guarded, model: guarded, upstream: there, upstream_model: guarded, default_output_cap: 100 }
        price_books:
          - id: partner-usd
            name: Partner
            currency: USD
            versions:
              - effective_from: 2025-01-01
                prices:
                  - { model: fake-chat, meter: input_tokens, amount: "0.01", per: 1 }
                  - { model: fake-chat, meter: output_tokens, amount: "0.03", per: 1 }
                  - { model: guarded, meter: input_tokens, amount: "0.01", per: 1 }
                  - { model: guarded, meter: output_tokens, amount: "0.03", per: 1 }
        contracts:
          - { id: partner-cloud, organisation: partner, channel: cloud, price_book: partner-usd, from: 2025-01-01 }
        """;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Who_resells_names_its_end_customer_for_restricted_models_and_both_are_judged(StoreKind kind)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase, Resale);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var plain = (await admin.CreateKeyAsync(new NewKeyRequest("plain", "project", "partner-cloud"))).Text;
        var bound = (await admin.CreateKeyAsync(new NewKeyRequest("bound", "project", "partner-cloud", EndCustomer: "baker"))).Text;

        // Nobody named: what is not restricted is served.
        (await CallAsync("fake", plain)).ShouldBe((200, null));
        (await CallAsync("guarded", plain)).ShouldBe((403, "end_customer_required"));
        (await CallAsync("guarded", plain, "nobody-knows")).ShouldBe((403, "end_customer_required"));
        (await CallAsync("fake", plain, "nobody-knows")).ShouldBe((200, null));

        // Only one's own: nobody asks about others, or calls for itself. Who does not resell names nobody.
        (await CallAsync("guarded", plain, "acme")).ShouldBe((403, "end_customer_required"));
        (await CallAsync("guarded", plain, "partner")).ShouldBe((403, "end_customer_required"));
        (await CallAsync("fake", world.Key("acme-shop"), "lumen")).ShouldBe((400, null));
        (await Should.ThrowAsync<DoganaException>(() => admin.CreateKeyAsync(new NewKeyRequest("x", "project", "partner-cloud", EndCustomer: "partner")))).Message.ShouldContain("own organisation");
        (await Should.ThrowAsync<DoganaException>(() => admin.CreateKeyAsync(new NewKeyRequest("x", "project", "acme-shop", EndCustomer: "baker")))).Message.ShouldContain("does not resell");

        // Named by the header, or by the key.
        (await CallAsync("guarded", plain, "baker")).ShouldBe((200, null));
        (await CallAsync("guarded", bound)).ShouldBe((200, null));
        (await CallAsync("guarded", bound, "baker")).ShouldBe((200, null));
        (await CallAsync("guarded", bound, "lumen")).ShouldBe((400, null));
        (await CallAsync("guarded", plain, new string('x', 64))).ShouldBe((400, null));

        // The end customer's own country and standing count.
        (await CallAsync("guarded", plain, "outlaw")).ShouldBe((403, "unsupported_country_region_territory"));
        var measure = await admin.SuspendAsync(new SuspendRequest("baker", "northwind", "Test."));
        (await CallAsync("guarded", plain, "baker")).ShouldBe((403, "account_suspended"));
        (await CallAsync("fake", bound)).ShouldBe((403, "account_suspended"));
        (await CallAsync("guarded", plain, "lumen")).ShouldBe((200, null));
        await admin.LiftAsync(measure.Id);
        (await CallAsync("guarded", bound)).ShouldBe((200, null));

        // Where the agreement takes names from keys only, a header names nobody.
        await admin.ApplyAsync(
            """
            dogana: 1
            agreements:
              - { id: northwind-cloud, owner: northwind, channel: cloud, measures: binding, end_customers: [key] }
            """,
            "agreement.yaml", dryRun: false);
        (await CallAsync("guarded", plain, "baker")).ShouldBe((403, "end_customer_required"));
        (await CallAsync("guarded", bound)).ShouldBe((200, null));

        // ... and is judged nevertheless.
        await admin.SuspendAsync(new SuspendRequest("baker", "northwind", "Test."));
        (await CallAsync("fake", plain, "baker")).ShouldBe((403, "account_suspended"));
        (await admin.ExplainAsync("partner-cloud", "guarded", endCustomer: "baker")).Findings[0].Text.ShouldContain("suspended");

        await admin.VerifyAsync();
        var named = (await admin.ListUsageAsync()).Where(static record => record.Deployment == "guarded").Select(static record => record.EndCustomer);
        named.ShouldBe(["baker", "baker", "baker", "lumen", "baker", "baker"], ignoreOrder: true);

        async Task<(int, string?)> CallAsync(string model, string key, string? endCustomer = null)
        {
            using var client = server.CreateClient(key);
            if (endCustomer is not null)
            {
                client.DefaultRequestHeaders.Add("Dogana-End-Customer", endCustomer);
            }

            using var response = await client.PostAsync("/v1/chat/completions", new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"hello"}]}"""));
            var error = await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
            return ((int)response.StatusCode, response.IsSuccessStatusCode ? null : error.GetProperty("error").GetProperty("code").GetString());
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_customer_moves_to_another_channel_under_load_without_a_gap_or_a_double_bill(StoreKind kind)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var answered = new ConcurrentBag<(string Id, HttpStatusCode Status)>();
        using var end = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            using var client = server.CreateClient(world.Key("lumen-app"));
            while (!end.IsCancellationRequested)
            {
                using var response = await client.PostAsync("/v1/chat/completions", new StringContent("""{"model":"fake","messages":[{"role":"user","content":"hello"}]}"""));
                answered.Add((response.Headers.GetValues("x-request-id").Single(), response.StatusCode));
                await Task.Delay(10);
            }
        })).ToArray();
        await UntilAsync(100);

        var moved = await admin.MoveProjectAsync("lumen-app", new MoveRequest("direct"));
        var at = moved.Moves.Single().At;
        while (TimeProvider.System.GetUtcNow() < at)
        {
            await Task.Delay(50);
        }

        await UntilAsync(answered.Count + 200);
        await end.CancelAsync();
        await Task.WhenAll(callers);

        // No gap: the same keys were served all along. No double bill: each call is on one channel, by the instant when it was accepted.
        answered.ShouldAllBe(static call => call.Status == HttpStatusCode.OK);
        (await admin.VerifyAsync()).Verified.ShouldBeTrue();
        var records = (await UsageAsync()).Where(static record => record.Project == "lumen-app").ToList();
        records.Select(static record => record.Id).ShouldBe(answered.Select(static call => call.Id), ignoreOrder: true);
        records.Where(record => record.Channel != (record.OpenedAt < at ? "cloud" : "direct")).ShouldBeEmpty();
        records.Select(static record => record.Channel).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
        var lines = await LinesAsync();
        lines.Sum(static line => line.Quantity).ShouldBe(records.Sum(static record => record.InputTokens + record.CachedInputTokens + record.OutputTokens));

        // What would leave a gap is refused, and said.
        var refused = await Should.ThrowAsync<DoganaException>(() => admin.MoveProjectAsync("acme-shop", new MoveRequest("cloud")));
        (refused.Status, refused.Message.Contains("no contract is in force on 'cloud'", StringComparison.Ordinal)).ShouldBe((409, true), refused.Message);
        (await admin.MoveProjectAsync("lumen-app", new MoveRequest("direct"))).Moves.Count.ShouldBe(1, "moving again to where it is changes nothing");
        (await admin.ListAuditAsync()).Data.Count(static row => row.Action == "project.move").ShouldBe(1);

        async Task<List<UsageLine>> UsageAsync()
        {
            var all = new List<UsageLine>();
            while (await admin.ListUsageAsync(all.Count == 0 ? 0 : all[^1].IngestSequence) is { Count: > 0 } page)
            {
                all.AddRange(page);
            }

            return all;
        }

        async Task<List<RatedLineRecord>> LinesAsync()
        {
            var all = new List<RatedLineRecord>();
            while (await admin.ListRatedLinesAsync(all.Count == 0 ? 0 : all[^1].Number) is { Count: > 0 } page)
            {
                all.AddRange(page);
            }

            return all;
        }

        async Task UntilAsync(int count)
        {
            for (var waited = 0; answered.Count < count; waited++)
            {
                waited.ShouldBeLessThan(600);
                await Task.Delay(50);
            }
        }
    }

    [Fact]
    public async Task A_move_can_be_set_for_later_in_the_world_file_and_taken_back()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        const string later = """
            dogana: 1
            projects:
              - { id: lumen-app, organisation: lumen, channel: cloud, moves: [{ channel: direct, at: 2199-01-01 }] }
            """;

        (await admin.ApplyAsync(later, "later.yaml", dryRun: false)).Changes.ShouldContain(static change => change.Type == "project_move" && change.Kind == "created");
        (await admin.ApplyAsync(later, "later.yaml", dryRun: false)).Changes.ShouldAllBe(static change => change.Kind == "unchanged");
        var project = (await admin.ListProjectsAsync()).Single(static item => item.Id == "lumen-app");
        (project.Channel, project.Moves.Single().Channel).ShouldBe(("cloud", "direct"));
        (await admin.CancelMoveAsync("lumen-app", project.Moves.Single().At)).Moves.ShouldBeEmpty();
        var gap = await Should.ThrowAsync<DoganaException>(() => admin.ApplyAsync(later.Replace("lumen-app, organisation: lumen, channel: cloud, moves: [{ channel: direct", "acme-shop, organisation: acme, channel: direct, moves: [{ channel: cloud", StringComparison.Ordinal), "gap.yaml", dryRun: false));
        gap.Body.ShouldContain("no contract is in force on 'cloud'");
        (await admin.ListAuditAsync()).Data.Count(static row => row.Action == "project.move").ShouldBe(1);
        var past = await Should.ThrowAsync<DoganaException>(() => admin.ApplyAsync(later.Replace("2199", "2020", StringComparison.Ordinal), "past.yaml", dryRun: false));
        past.Body.ShouldContain("seconds from now at the earliest");
    }
}
