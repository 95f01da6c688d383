using System.Net;
using System.Text;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>A repeat of a call by its <c>Idempotency-Key</c>, as a client and a bill see it.</summary>
public sealed class IdempotencyTests(StoreFixture stores)
{
    private const string Original = "x-dogana-original-request-id";

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Of_32_repeats_at_once_one_is_served_and_charged(StoreKind kind)
    {
        await using var scene = await Scene.StartAsync(stores, kind);
        scene.Upstream.Default = new FakeScript { DelayBeforeFirstByte = TimeSpan.FromMilliseconds(700) };

        var statuses = await Task.WhenAll(Enumerable.Range(0, 32).Select(async i =>
        {
            using var response = await scene.PostAsync("lumen-lab", "k1");
            return (response.StatusCode, Retry: response.Headers.RetryAfter?.Delta, Id: response.Headers.GetValues(response.IsSuccessStatusCode ? "x-request-id" : Original).Single());
        }));

        statuses.Count(seen => seen.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        var first = statuses.Single(seen => seen.StatusCode == HttpStatusCode.OK);
        statuses.Where(seen => seen != first).ShouldAllBe(seen => seen.StatusCode == HttpStatusCode.Conflict && seen.Id == first.Id && seen.Retry == TimeSpan.FromSeconds(1));
        scene.Upstream.RequestCount.ShouldBe(1);
        using var late = await scene.PostAsync("lumen-lab", "k1");
        late.StatusCode.ShouldBe(HttpStatusCode.Conflict, "this project keeps no answers");
        (await late.Content.ReadAsStringAsync()).ShouldContain(first.Id);
        late.Headers.GetValues("x-should-retry").Single().ShouldBe("false");
        (await scene.UsageAsync()).Select(record => (record.Id, record.Ending)).ShouldBe([(first.Id, "completed")]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, false)]
    [InlineData(StoreKind.Sqlite, true)]
    [InlineData(StoreKind.Postgres, true)]
    public async Task A_kept_answer_is_given_again_byte_for_byte_and_not_charged(StoreKind kind, bool stream)
    {
        await using var scene = await Scene.StartAsync(stores, kind);
        scene.Upstream.Enqueue(new FakeScript { Text = "A zanzibar answer that nobody may read.", DelayBetweenChunks = TimeSpan.FromMilliseconds(20) });

        using var first = await scene.PostAsync("acme-shop", "k1", stream);
        var answer = await first.Content.ReadAsByteArrayAsync();
        using var again = await scene.PostAsync("acme-shop", "k1", stream);

        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await again.Content.ReadAsByteArrayAsync()).ShouldBe(answer);
        again.Content.Headers.ContentType.ShouldBe(first.Content.Headers.ContentType);
        again.Headers.GetValues("x-dogana-idempotent-replay").Single().ShouldBe("true");
        again.Headers.GetValues(Original).Single().ShouldBe(first.Headers.GetValues("x-request-id").Single());
        scene.Upstream.RequestCount.ShouldBe(1);
        (await scene.UsageAsync()).Count.ShouldBe(1);

        // A suspended customer is given nothing, kept or not.
        await scene.Admin.SuspendAsync(new SuspendRequest("acme", "northwind", "Test."));
        using var suspended = await scene.PostAsync("acme-shop", "k1", stream);
        suspended.StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        // Nor is it to be read in the store.
        await scene.StopAsync();
        await using var store = await scene.World.OpenStoreAsync();
        var kept = (await store.ReadAsync(session => session.QueryAsync<string>("select answer from idempotent_call"))).Single();
        Encoding.Latin1.GetString(Convert.FromBase64String(kept)).ShouldNotContain("zanzibar");
        foreach (var file in Directory.EnumerateFiles(scene.World.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("zanzibar"u8).ShouldBe(-1, file);
        }
    }

    [Fact]
    public async Task A_client_that_was_cut_off_gets_the_whole_answer_with_its_repeat()
    {
        await using var scene = await Scene.StartAsync(stores, StoreKind.Sqlite);
        foreach (var stream in new[] { false, true })
        {
            scene.Upstream.Enqueue(new FakeScript
            {
                Text = FakeScript.Words(8), DelayBeforeFirstByte = TimeSpan.FromMilliseconds(stream ? 0 : 1_500), DelayBetweenChunks = TimeSpan.FromMilliseconds(150),
            });
            using (var leaving = new CancellationTokenSource())
            {
                var call = scene.PostAsync("acme-shop", $"k-{stream}", stream, cancellation: leaving.Token);
                await scene.Upstream.WaitForRequestsAsync(stream ? 2 : 1);
                if (stream)
                {
                    using var cut = await call;
                    await (await cut.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[10]);
                }

                await leaving.CancelAsync();
                await Should.ThrowAsync<OperationCanceledException>(async () =>
                {
                    (await call).Dispose();
                    throw new OperationCanceledException(); // a stream that had begun: letting go of it is leaving
                });
            }

            using var again = await scene.PostUntilAsync("acme-shop", $"k-{stream}", stream, HttpStatusCode.OK);
            var body = await again.Content.ReadAsStringAsync();
            body.ShouldContain("word8");
            again.Headers.GetValues("x-dogana-idempotent-replay").Single().ShouldBe("true");
            body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal).ShouldBe(stream);
        }

        scene.Upstream.RequestCount.ShouldBe(2);
        (await scene.UsageAsync()).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_failure_a_retry_is_served(bool stream)
    {
        await using var scene = await Scene.StartAsync(stores, StoreKind.Sqlite);
        scene.Upstream.Script("fake", FakeScript.Failing(400), stream ? new FakeScript { Text = FakeScript.Words(9), CutAfterChunks = 3 } : FakeScript.Failing(400), new FakeScript());

        for (var failing = 0; failing < 2; failing++)
        {
            using var failed = await scene.PostAsync("acme-shop", "k1", stream);
            if (failed.IsSuccessStatusCode)
            {
                await Should.ThrowAsync<HttpRequestException>(() => failed.Content.ReadAsStringAsync());
            }
        }

        using var unpriced = await scene.PostAsync("acme-shop", "k2", stream, model: "priceless"); // refused before it was opened
        unpriced.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var retried = await scene.PostAsync("acme-shop", "k1", stream);
        retried.StatusCode.ShouldBe(HttpStatusCode.OK);
        await retried.Content.ReadAsStringAsync();
        using var other = await scene.PostAsync("acme-shop", "k2", stream);
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await scene.UsageAsync()).Count(record => record.Ending == "completed").ShouldBe(2);
    }

    [Fact]
    public async Task A_key_belongs_to_one_request_of_one_project()
    {
        await using var scene = await Scene.StartAsync(stores, StoreKind.Sqlite);
        using var first = await scene.PostAsync("acme-shop", "k1");
        first.StatusCode.ShouldBe(HttpStatusCode.OK);

        using var changed = await scene.PostAsync("acme-shop", "k1", text: "other");
        using var otherProject = await scene.PostAsync("lumen-lab", "k1", text: "other");

        changed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await changed.Content.ReadAsStringAsync()).ShouldContain("Idempotency-Key");
        otherProject.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var wrong in new[] { new string('k', 256), "käse", "" })
        {
            using var refused = await scene.PostAsync("acme-shop", wrong);
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest, wrong);
            (await refused.Content.ReadAsStringAsync()).ShouldContain("Idempotency-Key");
        }
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_not_kept_and_a_repeat_is_refused()
    {
        await using var scene = await Scene.StartAsync(stores, StoreKind.Sqlite);
        foreach (var stream in new[] { false, true })
        {
            scene.Upstream.Enqueue(new FakeScript { Text = new string('x', 1_100_000), IsLimitKept = false, OutputTokens = 3 });
            using var first = await scene.PostAsync("acme-shop", $"k-{stream}", stream);
            (await first.Content.ReadAsStringAsync()).Length.ShouldBeGreaterThan(1_100_000);

            using var again = await scene.PostAsync("acme-shop", $"k-{stream}", stream);
            again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            (await again.Content.ReadAsStringAsync()).ShouldContain("too large");
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_call_that_a_kill_cut_off_is_served_again_and_one_that_was_charged_is_not(StoreKind kind)
    {
        await using var scene = await Scene.StartAsync(stores, kind);
        using var charged = await scene.PostAsync("lumen-lab", "charged");
        charged.StatusCode.ShouldBe(HttpStatusCode.OK);
        scene.Upstream.Enqueue(new FakeScript { DelayBeforeFirstByte = TimeSpan.FromSeconds(20) });
        var cut = scene.PostAsync("acme-shop", "cut");
        await scene.Upstream.WaitForRequestsAsync(2);

        await scene.KillAndRestartAsync();
        await Should.ThrowAsync<HttpRequestException>(() => cut);

        using var again = await scene.PostAsync("acme-shop", "cut");
        again.StatusCode.ShouldBe(HttpStatusCode.OK, await again.Content.ReadAsStringAsync());
        using var repeat = await scene.PostAsync("lumen-lab", "charged");
        repeat.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await scene.UsageAsync()).Select(record => record.Ending).Order(StringComparer.Ordinal).ShouldBe(["completed", "completed", "interrupted"]);
    }

    /// <summary>A server on a world in which <c>acme-shop</c> keeps answers and <c>lumen-lab</c> does not.</summary>
    private sealed class Scene : WorldScene
    {
        public static async Task<Scene> StartAsync(StoreFixture stores, StoreKind kind)
        {
            var upstream = await FakeUpstreamServer.StartAsync();
            var scene = new Scene { Upstream = upstream, World = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase) };
            await scene.StartServerAsync();
            await scene.Admin.ApplyAsync("dogana: 1\nprojects: [{ id: acme-shop, organisation: acme, channel: direct, store_answers: true }]\n", "t.yaml", dryRun: false);
            return scene;
        }

        public async Task<HttpResponseMessage> PostAsync(
            string project, string key, bool stream = false, string text = "hello", string model = "fake", CancellationToken cancellation = default)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
            request.Headers.Authorization = new("Bearer", World.Key(project));
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            request.Content = new StringContent($$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{text}}"}]}""");
            return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }

        /// <summary>Repeats a call while its first one runs.</summary>
        public async Task<HttpResponseMessage> PostUntilAsync(string project, string key, bool stream, HttpStatusCode wanted)
        {
            for (var tries = 0; ; tries++)
            {
                var response = await PostAsync(project, key, stream);
                if (response.StatusCode == wanted || tries == 50)
                {
                    response.StatusCode.ShouldBe(wanted, await response.Content.ReadAsStringAsync());
                    return response;
                }

                response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
                response.Dispose();
                await Task.Delay(100);
            }
        }

        protected override HttpClient Connect(ServerProcess server) =>
            new(new SocketsHttpHandler { MaxResponseDrainSize = 0, RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8 }) { BaseAddress = server.Address };
    }
}
