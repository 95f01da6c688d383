using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>Files and batches as a client, another tenant and a bill see them.</summary>
public sealed class BatchTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Each_line_is_a_call_in_the_tier_batch_and_the_files_say_what_came_of_it(StoreKind kind)
    {
        await using var world = await BatchWorld.StartAsync(stores, kind);
        var file = await world.UploadAsync(BatchWorld.Chats(5) + BatchWorld.Chat("hot", more: ",\"temperature\":3") + BatchWorld.Chat("streamed", more: ",\"stream\":true") + BatchWorld.Chat("fast", more: ",\"service_tier\":\"priority\""));

        var batch = await world.WaitAsync(await world.CreateAsync(file));

        batch.GetProperty("status").GetString().ShouldBe("completed");
        batch.GetProperty("metadata").GetProperty("run").GetString().ShouldBe("7");
        batch.GetProperty("request_counts").ToString().ShouldBe("""{"total":8,"completed":6,"failed":2}""");
        var answers = await world.DownloadAsync(batch, "output_file_id");
        answers.Select(static line => line.GetProperty("custom_id").GetString()).ShouldBe(["id-1", "id-2", "id-3", "id-4", "id-5", "fast"]);
        answers.ShouldAllBe(static line => line.GetProperty("response").GetProperty("status_code").GetInt32() == 200
            && line.GetProperty("response").GetProperty("body").GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() == FakeScript.UsualText);
        var errors = await world.DownloadAsync(batch, "error_file_id");
        errors.Select(static line => (line.GetProperty("custom_id").GetString(), line.GetProperty("response").GetProperty("status_code").GetInt32(), line.GetProperty("response").GetProperty("body").GetProperty("error").GetProperty("param").GetString()))
            .ShouldBe([("hot", 400, "temperature"), ("streamed", 400, "stream")]);

        var usage = await world.UsageAsync();
        usage.Count.ShouldBe(6);
        usage.ShouldAllBe(static record => record.ServiceTier == "batch" && record.Ending == "completed" && record.Project == "acme-shop");
        usage.Select(static record => record.Id).Order(StringComparer.Ordinal).ShouldBe(answers.Select(static line => line.GetProperty("response").GetProperty("request_id").GetString()!).Order(StringComparer.Ordinal));
        (await world.Admin.ListRatedLinesAsync()).Sum(static line => decimal.Parse(line.Amount, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(6 * (10 * 0.005m + 5 * 0.015m));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task No_other_project_sees_them_and_only_who_asked_for_it_keeps_any(StoreKind kind)
    {
        await using var world = await BatchWorld.StartAsync(stores, kind);
        var (refused, why) = await world.TryUploadAsync(BatchWorld.Chats(1), "lumen-lab");
        refused.ShouldBe(HttpStatusCode.Forbidden);
        why.ShouldContain("store_answers");
        (await world.TryUploadAsync("x", purpose: "batch_output")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var file = await world.UploadAsync(BatchWorld.Chats(2));
        var id = await world.CreateAsync(file);
        var batch = await world.WaitAsync(id);
        var output = batch.GetProperty("output_file_id").GetString();

        foreach (var path in new[] { $"/v1/files/{file}", $"/v1/files/{file}/content", $"/v1/files/{output}/content", $"/v1/batches/{id}", $"/openai/v1/files/{file}", $"/openai/files/{file}?api-version=2024-10-21" })
        {
            (await world.SendAsync(HttpMethod.Get, path, "lumen-app")).Status.ShouldBe(HttpStatusCode.NotFound, path);
            (await world.SendAsync(HttpMethod.Get, path)).Status.ShouldBe(HttpStatusCode.OK, path);
        }

        (await world.SendAsync(HttpMethod.Delete, $"/v1/files/{file}", "lumen-app")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await world.SendAsync(HttpMethod.Post, $"/v1/batches/{id}/cancel", "lumen-app")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await world.SendAsync(HttpMethod.Get, "/v1/files", "lumen-app")).Body.ShouldNotContain("file-");
        (await world.SendAsync(HttpMethod.Get, "/v1/batches", "lumen-app")).Body.ShouldNotContain("batch_");
        var (status, body) = await world.SendAsync(HttpMethod.Post, "/v1/batches", "lumen-app", JsonContent.Create(new { input_file_id = file, endpoint = "/v1/chat/completions", completion_window = "24h" }));
        (status, BatchWorld.Field(body, "error").Contains("input_file_id", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.NotFound, true));

        // The admin API and erasure.
        (await world.Admin.ListFilesAsync("acme-shop")).Data.Count.ShouldBe(2);
        (await world.Admin.ListBatchesAsync("lumen-app")).Data.ShouldBeEmpty();
        var shown = await world.Admin.GetBatchAsync(id);
        (shown.Status, shown.Completed, shown.Project).ShouldBe(("completed", 2, "acme-shop"));
        var erased = await world.Admin.EraseFilesAsync("acme-shop");
        (erased.Files, erased.Batches).ShouldBe((2, 1));
        (await world.SendAsync(HttpMethod.Get, $"/v1/files/{file}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await world.SendAsync(HttpMethod.Get, $"/v1/batches/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Should.ThrowAsync<DoganaException>(() => world.Admin.GetBatchAsync(id))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_line_waits_where_there_is_no_room_and_is_tried_again_where_an_upstream_fails()
    {
        await using var world = await BatchWorld.StartAsync(stores, StoreKind.Sqlite);
        world.Upstream.Script("fake", FakeScript.Failing(500), FakeScript.Failing(500), FakeScript.Failing(429), new FakeScript());

        var batch = await world.WaitAsync(await world.CreateAsync(await world.UploadAsync(BatchWorld.Chats(4))));

        batch.GetProperty("request_counts").GetProperty("completed").GetInt32().ShouldBe(4);
        (await world.UsageAsync()).Count(static record => record.Ending == "completed").ShouldBe(4);
    }

    [Fact]
    public async Task Of_those_who_wait_four_live_calls_go_before_a_second_line()
    {
        await using var world = await BatchWorld.StartAsync(stores, StoreKind.Sqlite);
        await world.Admin.ApplyAsync($"dogana: 1\nupstreams: [{{ id: there, kind: openai_compatible, base_url: \"{world.Upstream.OpenAiBase}\", open_calls_max: 1, queue_max: 100 }}]", "places.yaml", dryRun: false);
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Upstream.Default = new FakeScript { Begin = begin.Task };

        // One line is with the upstream, which takes one call at a time; the others wait, and then live calls come.
        var batch = await world.CreateAsync(await world.UploadAsync(BatchWorld.Chats(12)));
        await world.Upstream.WaitForRequestsAsync(1, TimeSpan.FromSeconds(60));
        await Task.Delay(TimeSpan.FromSeconds(1)); // the other lines stand in the queue
        var live = Enumerable.Range(0, 4).Select(_ => world.SendAsync(HttpMethod.Post, "/v1/chat/completions", content: JsonContent.Create(
            new { model = "fake", messages = new[] { new { role = "user", content = "live" } } }))).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(1)); // and the calls behind them
        begin.SetResult();

        (await Task.WhenAll(live)).ShouldAllBe(static answer => answer.Status == HttpStatusCode.OK);
        (await world.WaitAsync(batch)).GetProperty("request_counts").GetProperty("completed").GetInt32().ShouldBe(12);
        world.Upstream.Requests.Skip(1).Take(5).Count(static request => request.Body.Contains("live", StringComparison.Ordinal)).ShouldBe(4, "the tier batch has one part to standard's four");
    }

    [Fact]
    public async Task A_revoked_key_runs_no_line_and_a_cancelled_batch_says_which_were_not_run()
    {
        await using var world = await BatchWorld.StartAsync(stores, StoreKind.Sqlite, "--Batches:LinesAtOnce=2");
        world.Upstream.Default = new FakeScript { DelayBeforeFirstByte = TimeSpan.FromMilliseconds(300) };
        var id = await world.CreateAsync(await world.UploadAsync(BatchWorld.Chats(300)));
        await world.Upstream.WaitForRequestsAsync(4);
        (await world.SendAsync(HttpMethod.Post, $"/v1/batches/{id}/cancel")).Body.ShouldContain("cancelling");

        var cancelled = await world.WaitAsync(id);
        cancelled.GetProperty("status").GetString().ShouldBe("cancelled");
        var (done, left) = (await world.DownloadAsync(cancelled, "output_file_id"), await world.DownloadAsync(cancelled, "error_file_id"));
        done.Count.ShouldBeInRange(1, 299);
        (done.Count + left.Count).ShouldBe(300);
        left.ShouldAllBe(static line => line.GetProperty("error").GetProperty("code").GetString() == "batch_cancelled" && line.GetProperty("response").ValueKind == JsonValueKind.Null);
        (await world.UsageAsync()).Count(static record => record.Ending == "completed").ShouldBe(done.Count);

        // A batch goes on with the key that made it, as long as that is good.
        var file = await world.UploadAsync(BatchWorld.Chats(40));
        var made = await world.Admin.CreateKeyAsync(new NewKeyRequest("short", "project", "acme-shop"));
        var begun = world.Upstream.RequestCount;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batches") { Content = JsonContent.Create(new { input_file_id = file, endpoint = "/v1/chat/completions", completion_window = "24h" }) };
        request.Headers.Authorization = new("Bearer", made.Text);
        using var response = await world.Client.SendAsync(request);
        var second = BatchWorld.Field(await response.Content.ReadAsStringAsync(), "id");
        await world.Upstream.WaitForRequestsAsync(begun + 2);
        await world.Admin.RevokeKeyAsync(made.Key.Id);
        var ended = await world.WaitAsync(second);
        ended.GetProperty("status").GetString().ShouldBe("completed");
        var refused = await world.DownloadAsync(ended, "error_file_id");
        refused.Count.ShouldBeGreaterThan(20);
        refused.ShouldAllBe(static line => line.GetProperty("response").GetProperty("status_code").GetInt32() == 401);
    }

    [Fact]
    public async Task A_wrong_input_fails_line_by_line_and_a_broken_upload_leaves_nothing()
    {
        await using var world = await BatchWorld.StartAsync(stores, StoreKind.Sqlite, "--Files:FileMegabytesMax=1");
        var failed = await world.WaitAsync(await world.CreateAsync(await world.UploadAsync(BatchWorld.Chats(2) + "{\n" + BatchWorld.Chat("id-1"))));
        failed.GetProperty("status").GetString().ShouldBe("failed");
        failed.GetProperty("errors").GetProperty("data").EnumerateArray().Select(static fault => (fault.GetProperty("code").GetString(), fault.GetProperty("line").GetInt32()))
            .ShouldBe([("invalid_json_line", 3), ("duplicate_custom_id", 4)]);

        (await world.TryUploadAsync(new string('x', 1024 * 1024 + 1))).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var half = new StringContent("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc", Encoding.UTF8);
        half.Headers.Remove("Content-Type");
        half.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        (await world.SendAsync(HttpMethod.Post, "/v1/files", content: half)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await world.Admin.ListFilesAsync()).Data.Count.ShouldBe(1);
    }
}
