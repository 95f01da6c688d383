using System.Text.Json;
using Dogana.ServerTests.Endings;
using FakeUpstream;

namespace Dogana.ServerTests.Media;

/// <summary>Speech, charged by the character or by the token: sound as it is, or in events.</summary>
[Collection(nameof(MediaServer))]
public sealed class SpeechTests(MediaServer server)
{
    private const string Path = "/v1/audio/speech";
    private const string Text = "Anything to declare? 👋";

    [Theory]
    [InlineData("openai", "/v1/audio/speech", "mp3", "audio/mpeg")]
    [InlineData("azure-classic", "/openai/deployments/{0}/audio/speech?api-version=2024-10-21", "wav", "audio/wav")]
    [InlineData("azure", "/openai/v1/audio/speech", "opus", "audio/opus")]
    public async Task Sound_passes_as_it_comes_and_is_charged_by_the_character(string upstream, string path, string format, string type)
    {
        var deployment = await server.DeployAsync("bytes=70001", upstream, "reader");

        var answer = await server.PostAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, deployment), Body(deployment, format));

        answer.Status.ShouldBe(200, answer.Text[..Math.Min(400, answer.Text.Length)]);
        answer.ContentType.ShouldBe(type);
        answer.Body.SequenceEqual(FakeScript.Sound(70_001)).ShouldBeTrue("the very bytes");
        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.Meter, record.Quantity, record.InputTokens, record.OutputTokens).ShouldBe(("completed", "speech_characters", 22, 0, 0));
    }

    [Theory]
    [InlineData("aac", "audio/aac")]
    [InlineData(null, "audio/mpeg")]
    public async Task By_the_token_the_upstream_is_asked_for_events_and_the_client_gets_the_sound(string? format, string type)
    {
        var deployment = await server.DeployAsync("bytes=3500+in=9+out=77", model: "actor");

        var answer = await server.PostAsync(Path, Body(deployment, format));

        (answer.Status, answer.ContentType).ShouldBe((200, type));
        answer.Body.SequenceEqual(FakeScript.Sound(3_500)).ShouldBeTrue("the very bytes");
        server.SeenOf(deployment).ShouldHaveSingleItem().Body.ShouldContain("\"stream_format\":\"sse\"");
        var record = await server.RecordOfAsync(deployment);
        (record.InputTokens, record.OutputTokens, record.Meter, record.IsEstimated).ShouldBe((9, 77, null, false));
    }

    [Theory]
    [InlineData("actor")]
    [InlineData("reader")]
    public async Task Events_pass_where_they_are_asked_for(string model)
    {
        var deployment = await server.DeployAsync("in=9+out=77", model: model);

        var answer = await server.PostAsync(Path, Body(deployment, "mp3", "sse"));

        answer.ContentType.ShouldStartWith("text/event-stream");
        answer.Text.Split("event: speech.audio.delta").Length.ShouldBe(5);
        answer.Text.TrimEnd().ShouldContain("speech.audio.done");
        var record = await server.RecordOfAsync(deployment);
        (record.OutputTokens, record.Quantity).ShouldBe(model == "actor" ? (77, 0) : (0, 22));
    }

    [Theory]
    [InlineData("reader", "bytes=9000+cut=3")]
    [InlineData("reader", "bytes=9000+reset=3")]
    [InlineData("actor", "bytes=9000+cut=3")]
    [InlineData("actor", "usage=never")] // its price needs what it does not say
    public async Task Sound_that_breaks_off_never_looks_complete_and_nobody_pays(string model, string script)
    {
        var deployment = await server.DeployAsync(script, model: model);

        var answer = await RawAnswer.PostAsync(server.Server.Address, Path, JsonSerializer.Serialize(Body(deployment, "mp3")), server.HeadersOf());

        (answer.Status, answer.IsWhole).ShouldBe((200, false));
        answer.Body.ShouldNotContain("error", customMessage: "no word stands in the sound");
        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.Quantity, record.OutputTokens).ShouldBe(("upstream_failed", 0, 0));
    }

    [Theory]
    [InlineData("fault=wrong-content-type")]
    [InlineData("bytes=0")]
    [InlineData("fault=closed-early")]
    public async Task What_is_no_sound_is_a_502_and_nobody_pays(string script)
    {
        var deployment = await server.DeployAsync(script, model: "reader");

        var answer = await server.PostAsync(Path, Body(deployment, "mp3"));

        (answer.Status, answer.ContentType).ShouldBe((502, "application/json"));
        (await server.RecordOfAsync(deployment)).Quantity.ShouldBe(0);
    }

    [Theory]
    [InlineData("reader", 22, 0)]
    [InlineData("actor", 0, 2_000)] // how much cannot be known: what was held
    public async Task A_client_that_leaves_amid_the_sound_pays(string model, long characters, long tokens)
    {
        var deployment = await server.DeployAsync(new FakeScript { SoundBytes = 9_000, PauseAfterChunks = 2 }, "openai-cancel", model);
        using (var client = await RawAnswer.SendAsync(server.Server.Address, Path, JsonSerializer.Serialize(Body(deployment, "mp3")), server.HeadersOf()))
        {
            var buffer = new byte[4_096];
            for (var read = 0; read < 1_500;)
            {
                read += await client.GetStream().ReadAsync(buffer);
            }
        }

        var record = await server.RecordOfAsync(deployment);
        (record.Ending, record.Quantity, record.OutputTokens, record.IsEstimated).ShouldBe(("client_closed", characters, tokens, tokens > 0));
    }

    [Fact]
    public async Task A_repeat_with_its_key_gets_the_same_sound()
    {
        var deployment = await server.DeployAsync("bytes=5000", model: "reader");
        var key = ("Idempotency-Key", "speech-" + deployment);

        var first = await server.PostAsync(Path, Body(deployment, "flac"), key);
        var second = await server.PostAsync(Path, Body(deployment, "flac"), key);

        (second.Status, second.ContentType).ShouldBe((200, "audio/flac"));
        second.Body.SequenceEqual(first.Body).ShouldBeTrue();
        (await server.RecordOfAsync(deployment)).Quantity.ShouldBe(22);
    }

    [Fact]
    public async Task What_is_to_be_read_aloud_is_looked_at_first()
    {
        var deployment = await server.DeployAsync("", model: "reader", more: "filter_policy: strict");
        var answer = await server.PostAsync(Path, new { model = deployment, input = "Welcome to Project Falcon.", voice = "alloy" });
        (answer.Status, server.SeenOf(deployment).Count).ShouldBe((400, 0));
    }

    [Theory]
    [InlineData("""{"model":"M","voice":"alloy"}""", "input")]
    [InlineData("""{"model":"M","voice":"alloy","input":["a"]}""", "input")]
    [InlineData("""{"model":"M","voice":"alloy","input":"a","stream_format":"mp3"}""", "stream_format")]
    [InlineData("""{"model":"M","voice":"alloy","input":"a","response_format":3}""", "response_format")]
    public async Task A_wrong_field_is_named_and_charges_nothing(string body, string field)
    {
        var deployment = await server.DeployAsync("", model: "reader");
        using var content = new StringContent(body.Replace("\"M\"", $"\"{deployment}\"", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");

        var answer = await server.PostAsync(Path, content);

        answer.Status.ShouldBe(400, answer.Text);
        JsonDocument.Parse(answer.Body).RootElement.GetProperty("error").GetProperty("param").GetString().ShouldBe(field);
    }

    private static Dictionary<string, object> Body(string deployment, string? format, string? stream = null)
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal) { ["model"] = deployment, ["input"] = Text, ["voice"] = "alloy" };
        if (format is not null)
        {
            body["response_format"] = format;
        }

        if (stream is not null)
        {
            body["stream_format"] = stream;
        }

        return body;
    }
}
