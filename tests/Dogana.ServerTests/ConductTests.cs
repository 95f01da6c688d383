using System.Net.Http.Json;
using Dogana.Client;
using Dogana.Conduct;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>Calls over the data plane, whole and streamed, are looked at off their path; what they show is a signal, and no text of them is kept.</summary>
public sealed class ConductTests(StoreFixture stores)
{
    private const int Calls = 12;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Answers_that_a_customer_has_graded_become_a_signal_and_every_call_is_seen(StoreKind kind)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase);
        await using var server = await ServerProcess.StartAsync(world.Start("--Conduct:KeepInterval=00:00:01"));
        using var client = server.CreateClient();
        for (var call = 0; call < Calls; call++)
        {
            await CallAsync(client, world, call);
        }

        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        SignalRecord? signal = null;
        for (var look = 0; look < 100 && signal?.DistinctItems != Calls; look++)
        {
            await Task.Delay(200);
            signal = (await admin.ListSignalsAsync()).Data.FirstOrDefault(static item => item.Detector == "judge_template" && item.Strength == "strong");
        }

        signal.ShouldNotBeNull();
        (signal.Requests, signal.OfRequests, signal.DistinctItems).ShouldBe((Calls, Calls, Calls));
        (signal.Organisation, signal.State).ShouldBe(("lumen", "in_case"));
        var coverage = await admin.GetConductCoverageAsync();
        (coverage.Sum(static hour => hour.Offered), coverage.Sum(static hour => hour.LookedAt), coverage.Sum(static hour => hour.Dropped)).ShouldBe((Calls, Calls, 0));
        (await admin.ExportIndicatorsAsync()).Document.ShouldContain("judge.pairwise");

        // While the case is open, a call is evidence, and its text is kept where no terms forbid it.
        var id = signal.Case!;
        await admin.DoCaseAsync(id, "open", new CaseReasonRequest("Twelve comparisons of answers."));
        var page = "";
        for (var call = Calls; call < Calls + 100 && !page.Contains("<figure>", StringComparison.Ordinal); call++)
        {
            await CallAsync(client, world, call);
            await Task.Delay(200);
            page = await admin.GetCasePageAsync(id);
        }

        page.ShouldContain("<pre>You are an impartial judge.");
        page.ShouldContain("SHA-256");
        page.ShouldContain($"of {ConductCalibration.Shipped.Accounts:N0} benign accounts show less");
    }

    [Fact]
    public async Task Calls_at_the_quotas_edge_are_a_question_and_what_they_asked_is_not_looked_at()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(
            stores, StoreKind.Sqlite, upstream.OpenAiBase,
            "dogana: 1\ndeployments:\n  - { name: narrow, model: fake-chat, upstream: there, upstream_model: fake, default_output_cap: 100, requests_per_minute: 1 }\n");
        await using var server = await ServerProcess.StartAsync(world.Start("--Conduct:KeepInterval=00:00:01"));
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", world.Key("lumen-app"));
        var refused = 0;
        for (var call = 0; call < 70; call++)
        {
            using var response = await client.PostAsJsonAsync("/v1/chat/completions", new { model = "narrow", messages = new[] { new { role = "user", content = Graded(call) } } });
            refused += response.StatusCode == System.Net.HttpStatusCode.TooManyRequests ? 1 : 0;
        }

        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var signals = await admin.ListSignalsAsync();
        for (var look = 0; look < 100 && signals.Data.Count == 0; look++)
        {
            await Task.Delay(200);
            signals = await admin.ListSignalsAsync();
        }

        refused.ShouldBeGreaterThanOrEqualTo(50);
        var signal = signals.Data.ShouldHaveSingleItem();
        (signal.Detector, signal.Strength, signal.State).ShouldBe(("regularity", "weak", "asked"));
        (await admin.ListQuestionsAsync()).Data.ShouldHaveSingleItem();
    }

    private static async Task CallAsync(HttpClient client, TestWorld world, int call)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Authorization = new("Bearer", world.Key("lumen-app"));
        request.Headers.UserAgent.ParseAdd("grader/1.0");
        request.Content = JsonContent.Create(new { model = "fake", stream = call % 2 == 0, messages = new[] { new { role = "user", content = Graded(call) } } });
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsStringAsync();
    }

    private static string Graded(int number) =>
        $"""
        You are an impartial judge. Evaluate the quality of the two responses below with respect to helpfulness and say which is better.
        Question: how tall is the lighthouse of harbour {number}, and who keeps it?
        [Response A] It is {number + 20} metres tall and keeper {number} lives there with a dog.
        [Response B] Nobody knows how tall the tower in harbour {number} is; ask in the village {number * 7}.
        Give your final verdict: A, B or a tie.
        """;
}
