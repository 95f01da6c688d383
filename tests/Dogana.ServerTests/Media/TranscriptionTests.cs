using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FakeUpstream;

namespace Dogana.ServerTests.Media;

/// <summary>Transcriptions, charged by the second or by the token, and the forms that they come as.</summary>
[Collection(nameof(MediaServer))]
public sealed class TranscriptionTests(MediaServer server)
{
    private const string Path = "/v1/audio/transcriptions";

    [Theory]
    [InlineData("seconds=3.4", "json", 4, false)] // the upstream's word, the last second whole
    [InlineData("seconds=2", "verbose_json", 2, false)]
    [InlineData("seconds=7+usage=never", "verbose_json", 7, false)] // its duration, where usage is not said
    [InlineData("usage=never", "json", 3, true)] // 2.5 s were measured
    [InlineData("", "json", 3, true)] // it speaks of tokens, which have no price here
    [InlineData("", "text", 3, true)]
    [InlineData("seconds=9", "srt", 9, true)] // the last time that the answer names
    [InlineData("seconds=9", "vtt", 9, true)]
    public async Task A_model_with_a_price_of_seconds_is_charged_by_the_upstreams_count_or_the_measured_one(string script, string format, long seconds, bool isEstimated)
    {
        var deployment = await server.DeployAsync(script, model: "listener");
        using var form = MediaServer.Form(MediaServer.Wave(2_500), "a.wav", ("model", deployment), ("response_format", format));

        var answer = await server.PostAsync(Path, form);

        answer.Status.ShouldBe(200, answer.Text);
        answer.ContentType.ShouldBe(format switch { "vtt" => "text/vtt; charset=utf-8", "text" or "srt" => "text/plain; charset=utf-8", _ => "application/json" });
        answer.Text.ShouldContain(FakeScript.UsualText);
        var record = await server.RecordOfAsync(deployment);
        (record.Meter, record.Quantity, record.IsEstimated, record.InputTokens, record.OutputTokens).ShouldBe(("transcribed_seconds", seconds, isEstimated, 0, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_with_prices_of_tokens_is_charged_by_those_of_sound_and_text(bool stream)
    {
        var deployment = await server.DeployAsync("in=50+sound=41+out=12", model: "hearer");
        using var form = MediaServer.Form(MediaServer.Wave(2_500), "a.wav", ("model", deployment), ("stream", stream ? "true" : "false"));

        var answer = await server.PostAsync(Path, form);

        answer.Status.ShouldBe(200, answer.Text);
        (answer.Text.Split("transcript.text.delta").Length > 3).ShouldBe(stream);
        var record = await server.RecordOfAsync(deployment);
        (record.InputTokens, record.Meter, record.Quantity, record.OutputTokens, record.IsEstimated).ShouldBe((9, "audio_input_tokens", 41, 12, false));
    }

    [Theory]
    [InlineData("openai", Path)]
    [InlineData("azure-classic", "/openai/deployments/{0}/audio/transcriptions?api-version=2024-10-21")]
    [InlineData("azure", "/openai/v1/audio/transcriptions")]
    public async Task The_file_and_every_field_reach_the_upstream_as_they_were_sent(string upstream, string path)
    {
        var deployment = await server.DeployAsync("seconds=1", upstream, "listener");
        var file = MediaServer.Wave(700);
        using var form = MediaServer.Form(
            file, "l'été \u201cone\u201d.wav", ("model", deployment), ("prompt", "Dogana, naïve"), ("timestamp_granularities[]", "word"), ("timestamp_granularities[]", "segment"), ("x_unknown", "kept"), ("response_format", "verbose_json"));

        var answer = await server.PostAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, deployment), form);

        answer.Status.ShouldBe(200, answer.Text);
        var sent = JsonDocument.Parse(server.SeenOf(deployment).ShouldHaveSingleItem().Body).RootElement;
        sent.GetProperty("model").GetString()!.ShouldContain("x-of:" + deployment);
        (sent.GetProperty("prompt").GetString(), sent.GetProperty("x_unknown").GetString()).ShouldBe(("Dogana, naïve", "kept"));
        sent.GetProperty("timestamp_granularities[]").EnumerateArray().Select(static item => item.GetString()).ShouldBe(["word", "segment"]);
        sent.GetProperty("file").GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(file)));
        sent.GetProperty("file").GetProperty("type").GetString().ShouldBe("audio/wav");
    }

    [Fact]
    public async Task A_form_is_sent_again_where_the_first_try_failed()
    {
        var deployment = await server.DeployAsync([("openai", "status=500", ""), ("openai-2", "seconds=1", ", order: 2")], "listener");
        var file = MediaServer.Wave(900);
        using var form = MediaServer.Form(file, "a.wav", ("model", deployment));

        (await server.PostAsync(Path, form)).Status.ShouldBe(200);

        var seen = server.SeenOf(deployment);
        seen.Count.ShouldBe(3, "twice at the first, once at the other");
        seen.ShouldAllBe(request => request.Body.Contains(Convert.ToHexStringLower(SHA256.HashData(file)), StringComparison.Ordinal));
        (await server.RecordOfAsync(deployment)).Quantity.ShouldBe(1);
    }

    [Fact]
    public async Task A_model_that_does_not_stream_answers_whole()
    {
        var deployment = await server.DeployAsync("seconds=2+fault=json-for-stream", model: "listener");
        using var form = MediaServer.Form(MediaServer.Wave(900), "a.wav", ("model", deployment), ("stream", "true"));

        var answer = await server.PostAsync(Path, form);

        (answer.Status, answer.ContentType).ShouldBe((200, "application/json"));
        (await server.RecordOfAsync(deployment)).Quantity.ShouldBe(2);
    }

    [Theory]
    [InlineData("hearer", "text", "a.wav")] // its price needs tokens
    [InlineData("listener", "text", "a.bin")] // and this one's seconds
    public async Task What_would_not_say_what_it_cost_is_refused_with_the_remedy(string model, string format, string file)
    {
        var deployment = await server.DeployAsync("seconds=1", model: model);
        using var form = MediaServer.Form(file == "a.bin" ? new byte[9_000] : MediaServer.Wave(100), file, ("model", deployment), ("response_format", format));

        var answer = await server.PostAsync(Path, form);

        answer.Status.ShouldBe(400, answer.Text);
        answer.Text.ShouldContain("response_format json");
        server.SeenOf(deployment).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_recording_that_cannot_be_measured_is_charged_by_the_upstreams_count()
    {
        var deployment = await server.DeployAsync("seconds=5", model: "listener");
        using var form = MediaServer.Form(new byte[9_000], "a.bin", ("model", deployment));
        (await server.PostAsync(Path, form)).Status.ShouldBe(200);
        (await server.RecordOfAsync(deployment)).Quantity.ShouldBe(5);
    }

    [Theory]
    [InlineData("usage=never")]
    [InlineData("fault=malformed-json")]
    [InlineData("fault=wrong-content-type")]
    [InlineData("status=500")]
    public async Task What_is_no_answer_is_a_502_and_nobody_pays(string script)
    {
        var deployment = await server.DeployAsync(script, model: "hearer");
        using var form = MediaServer.Form(MediaServer.Wave(900), "a.wav", ("model", deployment));

        (await server.PostAsync(Path, form)).Status.ShouldBe(502);

        var record = await server.RecordOfAsync(deployment);
        (record.Quantity, record.OutputTokens).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_stream_that_is_cut_never_looks_complete_and_nobody_pays()
    {
        var deployment = await server.DeployAsync("cut=2+in=50", model: "hearer");
        using var form = MediaServer.Form(MediaServer.Wave(900), "a.wav", ("model", deployment), ("stream", "true"));

        await Should.ThrowAsync<HttpRequestException>(() => server.PostAsync(Path, form));

        (await server.RecordOfAsync(deployment)).Ending.ShouldBe("upstream_failed");
    }

    [Theory]
    [InlineData("json", false)]
    [InlineData("text", false)]
    [InlineData("json", true)]
    public async Task What_was_said_is_looked_at_before_it_leaves_and_what_is_withheld_costs_nothing(string format, bool stream)
    {
        var deployment = await server.DeployAsync("seconds=2+text=" + Uri.EscapeDataString("They call it Project Falcon, and it starts soon."), model: "listener", more: "filter_policy: strict");
        using var form = MediaServer.Form(MediaServer.Wave(900), "a.wav", ("model", deployment), ("response_format", format), ("stream", stream ? "true" : "false"));

        if (stream)
        {
            await Should.ThrowAsync<Exception>(async () => (await server.PostAsync(Path, form)).Status.ShouldBe(0));
        }
        else
        {
            var answer = await server.PostAsync(Path, form);
            (answer.Status, answer.Text.Contains("Falcon", StringComparison.Ordinal)).ShouldBe((400, false), answer.Text);
        }

        (await server.RecordOfAsync(deployment)).Quantity.ShouldBe(0);
    }

    [Fact]
    public async Task A_repeat_is_known_by_what_it_says_whatever_its_boundary()
    {
        var deployment = await server.DeployAsync("seconds=2", model: "listener");
        var key = ("Idempotency-Key", "form-" + deployment);
        var answers = new List<MediaAnswer>();
        for (var repeat = 0; repeat < 2; repeat++)
        {
            using var form = MediaServer.Form(MediaServer.Wave(900), "a.wav", ("model", deployment), ("response_format", "srt"));
            answers.Add(await server.PostAsync(Path, form, key));
        }

        using var other = MediaServer.Form(MediaServer.Wave(901), "a.wav", ("model", deployment), ("response_format", "srt"));
        var refused = await server.PostAsync(Path, other, key);

        answers[1].ShouldSatisfyAllConditions(answer => answer.Body.ShouldBe(answers[0].Body), answer => answer.ContentType.ShouldBe(answers[0].ContentType));
        refused.Status.ShouldBe(400);
        (await server.RecordOfAsync(deployment)).Quantity.ShouldBe(2);
    }

    public static TheoryData<string, string, string> HostileForms => new()
    {
        { "no file", "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nM\r\n--b--\r\n", "'file'" },
        { "an empty file", Part("file\"; filename=\"a.wav", "") + Part("model", "M") + "--b--\r\n", "empty" },
        { "two files", Part("file\"; filename=\"a.wav", "x") + Part("file\"; filename=\"b.wav", "y") + Part("model", "M") + "--b--\r\n", "twice" },
        { "a file elsewhere", Part("file\"; filename=\"a.wav", "x") + Part("model\"; filename=\"m", "M") + "--b--\r\n", "is no file" },
        { "two models", Part("file\"; filename=\"a.wav", "x") + Part("model", "M") + Part("model", "other") + "--b--\r\n", "twice" },
        { "a model in other letters", Part("file\"; filename=\"a.wav", "x") + Part("Model", "M") + Part("model", "M") + "--b--\r\n", "Model" },
        { "another boundary", "--c\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nM\r\n--c--\r\n", "multipart" },
        { "cut in a part", Part("model", "M") + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nhalf", "multipart" },
        { "a name that breaks out", "--b\r\nContent-Disposition: form-data; name=\"x\\\"; filename=\\\"y\"\r\n\r\nM\r\n--b--\r\n", "name" },
        { "no name", "--b\r\nContent-Disposition: form-data\r\n\r\nM\r\n--b--\r\n", "name" },
        { "no text", Part("file\"; filename=\"a.wav", "x") + Part("model", "M") + Part("prompt", "\u00ff\u00fe") + "--b--\r\n", "UTF-8" },
        { "a long field", Part("file\"; filename=\"a.wav", "x") + Part("model", "M") + Part("prompt", new string('p', 70_000)) + "--b--\r\n", "larger" },
        { "many parts", Part("file\"; filename=\"a.wav", "x") + string.Concat(Enumerable.Range(0, 70).Select(static number => Part($"x{number}", "y"))) + "--b--\r\n", "parts" },
        { "a wrong format", Part("file\"; filename=\"a.wav", "x") + Part("model", "M") + Part("response_format", "html") + "--b--\r\n", "response_format" },
        { "a wrong flag", Part("file\"; filename=\"a.wav", "x") + Part("model", "M") + Part("stream", "yes") + "--b--\r\n", "stream" },
        { "long headers", "--b\r\nContent-Disposition: form-data; name=\"model\"\r\nX: " + new string('h', 9_000) + "\r\n\r\nM\r\n--b--\r\n", "multipart" },
        { "nothing", "", "multipart" },
    };

    [Theory]
    [MemberData(nameof(HostileForms))]
    public async Task A_hostile_form_is_a_400_and_nothing_is_sent(string what, string body, string why)
    {
        var deployment = await server.DeployAsync("seconds=1", model: "listener");
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body.Replace("\r\nM\r\n", $"\r\n{deployment}\r\n", StringComparison.Ordinal)));
        content.Headers.TryAddWithoutValidation("content-type", "multipart/form-data; boundary=b");

        var answer = await server.PostAsync(Path, content);

        answer.Status.ShouldBe(400, $"{what}: {answer.Text}");
        answer.Text.ShouldContain(why, customMessage: what);
        server.SeenOf(deployment).ShouldBeEmpty();
        (await server.RecordsOfAsync(deployment, 0)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_over_the_limit_is_refused_whether_or_not_it_says_its_length(bool isChunked)
    {
        var deployment = await server.DeployAsync("seconds=1", model: "listener");
        using var form = MediaServer.Form(new byte[1_000_001], "a.wav", ("model", deployment));
        using HttpContent content = isChunked ? new PushedContent(form) : form;

        var answer = await server.PostAsync(Path, content);

        answer.Status.ShouldBe(413, answer.Text);
        server.SeenOf(deployment).ShouldBeEmpty();
    }

    [Fact]
    public async Task JSON_in_the_place_of_a_form_is_refused_with_the_remedy()
    {
        var answer = await server.PostAsync(Path, new { model = "m" });
        (answer.Status, answer.Text.Contains("multipart/form-data", StringComparison.Ordinal)).ShouldBe((400, true));
    }

    [Fact]
    public async Task A_file_name_cannot_write_headers_at_the_upstream()
    {
        var deployment = await server.DeployAsync("seconds=1", model: "listener");
        var body = Part("model", deployment) + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\\\"; name=\\\"model\"\r\n\r\nsound\r\n--b--\r\n";
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("content-type", "multipart/form-data; boundary=b");

        (await server.PostAsync(Path, content)).Status.ShouldBe(200);

        var sent = JsonDocument.Parse(server.SeenOf(deployment).ShouldHaveSingleItem().Body).RootElement;
        sent.GetProperty("model").ValueKind.ShouldBe(JsonValueKind.String);
        sent.GetProperty("file").GetProperty("filename").GetString().ShouldBe("a%22; name=%22model");
    }

    private static string Part(string name, string content) => $"--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n";

    // Says no length.
    private sealed class PushedContent : HttpContent
    {
        private readonly HttpContent _inner;

        public PushedContent(HttpContent inner)
        {
            _inner = inner;
            Headers.ContentType = inner.Headers.ContentType;
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => _inner.CopyToAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
