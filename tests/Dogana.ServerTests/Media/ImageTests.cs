using System.Text.Json;
using Dogana.ServerTests.Endings;

namespace Dogana.ServerTests.Media;

/// <summary>Images, charged by the image or by the token, in OpenAI's and Azure's paths.</summary>
[Collection(nameof(MediaServer))]
public sealed class ImageTests(MediaServer server)
{
    private const string Path = "/v1/images/generations";

    [Theory]
    [InlineData("usage=never", 2, "1024x1792", "hd", "generated_images_1024x1792_hd", 2)] // as asked
    [InlineData("usage=never", 1, "1024x1024", null, "generated_images_1024x1024", 1)]
    [InlineData("size=1024x1024+quality=high", 1, null, null, "generated_images_1024x1024_high", 1)] // as the answer says
    [InlineData("size=1024x1792+quality=hd", 1, "1024x1024", "standard", "generated_images_1024x1792_hd", 1)] // the answer's word goes before the request's
    [InlineData("usage=never+images=1", 3, "1024x1024", "standard", "generated_images_1024x1024_standard", 1)] // one came of three
    [InlineData("usage=never", 1, null, null, "generated_images", 1)] // nobody says
    [InlineData("filter+usage=never+images=0", 1, null, null, null, 0)]
    public async Task A_model_with_a_price_of_images_is_charged_by_size_and_quality(string script, int n, string? size, string? quality, string? meter, long quantity)
    {
        var deployment = await server.DeployAsync(script, model: "painter");

        var answer = await server.PostAsync(Path, new { model = deployment, prompt = "A customs house.", n, size = size ?? "auto", quality, response_format = "b64_json" });

        answer.Status.ShouldBe(200, answer.Text);
        answer.ContentType.ShouldBe("application/json");
        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.Quantity, record.InputTokens, record.OutputTokens).ShouldBe(("completed", quantity, 0, 0));
        (quantity == 0 ? null : record.Meter).ShouldBe(meter);
        var sent = JsonDocument.Parse(server.SeenOf(deployment).ShouldHaveSingleItem().Body).RootElement;
        sent.GetProperty("model").GetString()!.ShouldContain("x-of:" + deployment);
        sent.GetProperty("n").GetInt32().ShouldBe(n);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_with_prices_of_tokens_is_charged_by_the_token(bool stream)
    {
        var deployment = await server.DeployAsync("in=12+out=1056+size=1024x1024+quality=high+partial=2", model: "sketcher");

        var answer = await server.PostAsync(Path, new { model = deployment, prompt = "A customs house.", stream });

        answer.Status.ShouldBe(200, answer.Text);
        if (stream)
        {
            answer.ContentType.ShouldStartWith("text/event-stream");
            answer.Text.Split("event: image_generation.partial_image").Length.ShouldBe(3);
            answer.Text.ShouldContain("image_generation.completed");
            answer.Text.ShouldNotContain("[DONE]");
        }

        var record = await server.RecordOfAsync(deployment);
        (record.InputTokens, record.OutputTokens, record.Meter, record.IsEstimated).ShouldBe((12, 1056, null, false));
    }

    [Theory]
    [InlineData("/openai/deployments/{0}/images/generations?api-version=2024-10-21", "azure-classic")]
    [InlineData("/openai/v1/images/generations", "azure")]
    public async Task Azures_paths_and_upstreams_serve_them_too(string path, string upstream)
    {
        var deployment = await server.DeployAsync("usage=never+filter", upstream, "painter");

        var answer = await server.PostAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, deployment), new { model = deployment, prompt = "A customs house.", response_format = "url" });

        answer.Status.ShouldBe(200, answer.Text);
        var image = JsonDocument.Parse(answer.Body).RootElement.GetProperty("data")[0];
        image.GetProperty("url").GetString()!.ShouldStartWith("https://images.example/", customMessage: "it is the upstream's, as it is");
        image.GetProperty("prompt_filter_results").ValueKind.ShouldBe(JsonValueKind.Object);
        server.SeenOf(deployment).ShouldHaveSingleItem().Path.ShouldContain("/images/generations");
    }

    [Theory]
    [InlineData("status=503+then", 2)] // another try
    [InlineData("status=400", 1)]
    public async Task What_fails_before_its_first_byte_is_tried_again_where_that_can_help(string script, int tries)
    {
        var deployment = await server.DeployAsync([("openai", script, ""), ("openai-2", "usage=never", ", order: 2")], "painter");

        var answer = await server.PostAsync(Path, new { model = deployment, prompt = "A customs house." });

        answer.Status.ShouldBe(tries == 2 ? 200 : 400, answer.Text);
        server.SeenOf(deployment).Count.ShouldBe(tries);
        (await server.RecordOfAsync(deployment)).Quantity.ShouldBe(tries == 2 ? 1 : 0);
    }

    [Theory]
    [InlineData("painter", "fault=wrong-content-type")]
    [InlineData("painter", "fault=malformed-json")]
    [InlineData("painter", "cut=0")]
    [InlineData("sketcher", "usage=never")] // its price needs what it does not say
    public async Task What_is_no_answer_is_a_502_and_nobody_pays(string model, string script)
    {
        var deployment = await server.DeployAsync(script, model: model);

        var answer = await server.PostAsync(Path, new { model = deployment, prompt = "A customs house." });

        answer.Status.ShouldBe(502, answer.Text);
        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.Quantity, record.OutputTokens).ShouldBe(("upstream_failed", 0, 0));
    }

    [Fact]
    public async Task A_stream_that_is_cut_after_an_unfinished_image_never_looks_complete_and_nobody_pays()
    {
        var deployment = await server.DeployAsync("cut=1+out=10", model: "sketcher");

        var answer = await RawAnswer.PostAsync(server.Server.Address, Path, JsonSerializer.Serialize(new { model = deployment, prompt = "A customs house.", stream = true }), server.HeadersOf());

        (answer.Status, answer.IsWhole).ShouldBe((200, false));
        answer.Body.ShouldContain("image_generation.partial_image");
        answer.Body.ShouldContain("\"error\"");
        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.OutputTokens).ShouldBe(("upstream_failed", 0));
    }

    [Theory]
    [InlineData("painter", "openai", "/v1/chat/completions", "Use /v1/images/generations")]
    [InlineData("painter", "openai", "/v1/audio/speech", "Use /v1/images/generations")]
    [InlineData("fake-chat", "openai", Path, "Use /v1/chat/completions")]
    [InlineData("painter", "compatible", Path, "does not serve this endpoint where it runs")]
    [InlineData("painter", "anthropic", Path, "does not serve this endpoint where it runs")]
    [InlineData("unpriced", "openai", Path, "has no price")]
    [InlineData("unbounded", "openai", "/v1/audio/speech", "max_output_tokens")]
    public async Task What_is_not_sold_is_refused_by_name(string model, string upstream, string path, string why)
    {
        var deployment = await server.DeployAsync("", upstream, model);

        var answer = await server.PostAsync(path, new { model = deployment, prompt = "x", input = "x", voice = "alloy", messages = new[] { new { role = "user", content = "x" } } });

        answer.Status.ShouldBeOneOf(400, 404, 403, 500, 503);
        answer.Text.ShouldContain(why);
        server.SeenOf(deployment).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_compatible_server_serves_what_is_declared_of_it()
    {
        await server.ApplyAsync($$"""
            dogana: 1
            upstreams:
              - { id: pictures, kind: openai_compatible, base_url: "{{server.Upstream.OpenAiBase}}", operations: [images, transcriptions, speech] }
            """);
        var deployment = await server.DeployAsync("usage=never", "pictures", "painter");
        (await server.PostAsync(Path, new { model = deployment, prompt = "A customs house." })).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"model":"M"}""", "prompt")]
    [InlineData("""{"model":"M","prompt":7}""", "prompt")]
    [InlineData("""{"model":"M","prompt":""}""", "prompt")]
    [InlineData("""{"model":"M","prompt":"x","n":0}""", "n")]
    [InlineData("""{"model":"M","prompt":"x","n":11}""", "n")]
    [InlineData("""{"model":"M","prompt":"x","size":"huge"}""", "size")]
    [InlineData("""{"model":"M","prompt":"x","size":1024}""", "size")]
    [InlineData("""{"model":"M","prompt":"x","Size":"1024x1024"}""", "Size")]
    [InlineData("""{"model":"M","prompt":"x","quality":"best"}""", "quality")]
    public async Task A_wrong_field_is_named_and_charges_nothing(string body, string field)
    {
        var deployment = await server.DeployAsync("", model: "painter");
        using var content = new StringContent(body.Replace("\"M\"", $"\"{deployment}\"", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");

        var answer = await server.PostAsync(Path, content);

        answer.Status.ShouldBe(400, answer.Text);
        JsonDocument.Parse(answer.Body).RootElement.GetProperty("error").GetProperty("param").GetString().ShouldBe(field);
        server.SeenOf(deployment).ShouldBeEmpty();
    }

    [Fact]
    public async Task Several_streamed_images_by_the_token_are_refused_with_the_remedy()
    {
        var deployment = await server.DeployAsync("", model: "sketcher");
        var answer = await server.PostAsync(Path, new { model = deployment, prompt = "x", n = 2, stream = true });
        (answer.Status, answer.Text.Contains("one image at a time", StringComparison.Ordinal)).ShouldBe((400, true));
    }

    [Fact]
    public async Task A_filtered_prompt_is_told_as_Azure_tells_it_for_images_and_is_not_sent()
    {
        var deployment = await server.DeployAsync("", model: "painter", more: "filter_policy: strict");

        var answer = await server.PostAsync($"/openai/deployments/{deployment}/images/generations?api-version=2024-10-21", new { prompt = "A poster of Project Falcon." });

        answer.Status.ShouldBe(400, answer.Text);
        var error = JsonDocument.Parse(answer.Body).RootElement.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("content_filter");
        error.GetProperty("inner_error").GetProperty("content_filter_results").ValueKind.ShouldBe(JsonValueKind.Object);
        server.SeenOf(deployment).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_repeat_with_its_key_gets_the_same_answer_and_is_not_charged_again()
    {
        var deployment = await server.DeployAsync("usage=never", model: "painter");
        var key = ("Idempotency-Key", "image-" + deployment);

        var first = await server.PostAsync(Path, new { model = deployment, prompt = "A customs house." }, key);
        var second = await server.PostAsync(Path, new { model = deployment, prompt = "A customs house." }, key);

        second.Body.ShouldBe(first.Body);
        (await server.RecordOfAsync(deployment)).Quantity.ShouldBe(1);
    }
}
