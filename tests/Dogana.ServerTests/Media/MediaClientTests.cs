using System.ClientModel;
using System.Text.Json;
using Dogana.Tests;
using FakeUpstream;
using OpenAI;
using OpenAI.Audio;
using OpenAI.Images;

namespace Dogana.ServerTests.Media;

/// <summary>OpenAI's own clients for images and audio against the built server; and what it answers, held against OpenAI's own OpenAPI document.</summary>
[Collection(nameof(MediaServer))]
public sealed class MediaClientTests(MediaServer server)
{
    private const string Variable = "DOGANA_OPENAI_SPEC";

    private static string Document => Environment.GetEnvironmentVariable(Variable) ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data", "specs", "openai-openapi.json.gz"));

    [Fact]
    public async Task Nodes_clients_take_all_of_it_and_answers_are_as_the_document_has_them()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOGANA_ADDRESS"] = server.Server.Address.ToString().TrimEnd('/'),
            ["DOGANA_KEY"] = server.Key,
            [Variable] = File.Exists(Document) ? Document : "",
            ["DOGANA_WAVE"] = Convert.ToBase64String(MediaServer.Wave(1_200)),
        };
        foreach (var upstream in new[] { "openai", "azure", "azure-classic" })
        {
            settings[$"DOGANA_PAINTER_{upstream}"] = await server.DeployAsync("usage=never", upstream, "painter");
            settings[$"DOGANA_SKETCHER_{upstream}"] = await server.DeployAsync("in=9+out=1056+size=1024x1024+quality=high", upstream, "sketcher");
            settings[$"DOGANA_READER_{upstream}"] = await server.DeployAsync("bytes=5000", upstream, "reader");
            settings[$"DOGANA_ACTOR_{upstream}"] = await server.DeployAsync("bytes=5000+in=9+out=40", upstream, "actor");
            settings[$"DOGANA_LISTENER_{upstream}"] = await server.DeployAsync("seconds=2", upstream, "listener");
            settings[$"DOGANA_HEARER_{upstream}"] = await server.DeployAsync("in=30+sound=20+out=5", upstream, "hearer");
        }

        using var result = await NodeScript.RunAsync("openai-media.mjs", settings, timeout: TimeSpan.FromMinutes(2));
        var all = result.RootElement.GetProperty("checks").EnumerateObject().ToList();

        string.Join("\n\n", all.Where(static check => check.Value.ValueKind != JsonValueKind.Null).Select(static check => $"{check.Name}: {check.Value}")).ShouldBeEmpty();
        all.Count.ShouldBe(39);
    }

    [Theory]
    [InlineData("/v1", "openai")]
    [InlineData("/openai/v1", "azure")]
    public async Task The_NET_client_makes_images(string path, string upstream)
    {
        var deployment = await server.DeployAsync("usage=never", upstream, "painter");

        var images = (await Client(path).GetImageClient(deployment).GenerateImagesAsync(
            "A customs house.", 2, new ImageGenerationOptions { Size = GeneratedImageSize.W1024xH1024, Quality = GeneratedImageQuality.High, ResponseFormat = GeneratedImageFormat.Bytes })).Value;

        images.Select(static image => image.ImageBytes.ToString()).ShouldBe([FakeScript.UsualText + " 0", FakeScript.UsualText + " 1"]);
        (await server.RecordOfAsync(deployment)).Quantity.ShouldBe(2);
    }

    [Theory]
    [InlineData("/v1", "openai", "reader")]
    [InlineData("/openai/v1", "azure", "actor")]
    public async Task The_NET_client_reads_aloud(string path, string upstream, string model)
    {
        var deployment = await server.DeployAsync("bytes=5000", upstream, model);

        var sound = (await Client(path).GetAudioClient(deployment).GenerateSpeechAsync("Anything to declare?", GeneratedSpeechVoice.Alloy)).Value;

        sound.ToArray().SequenceEqual(FakeScript.Sound(5_000)).ShouldBeTrue();
        (await server.RecordOfAsync(deployment)).Ending.ShouldBe("completed");
    }

    [Theory]
    [InlineData("/v1", "openai")]
    [InlineData("/openai/v1", "azure")]
    public async Task The_NET_client_writes_down(string path, string upstream)
    {
        var deployment = await server.DeployAsync("seconds=2", upstream, "listener");
        using var sound = new MemoryStream(MediaServer.Wave(1_200));

        var verbose = (await Client(path).GetAudioClient(deployment).TranscribeAudioAsync(sound, "a.wav", new AudioTranscriptionOptions
        {
            ResponseFormat = AudioTranscriptionFormat.Verbose, TimestampGranularities = AudioTimestampGranularities.Word | AudioTimestampGranularities.Segment, Prompt = "Dogana",
        })).Value;

        (verbose.Text, verbose.Duration).ShouldBe((FakeScript.UsualText, TimeSpan.FromSeconds(2)));
        (await server.RecordOfAsync(deployment)).Quantity.ShouldBe(2);
    }

    [Fact]
    public async Task Usage_is_told_as_OpenAIs_administration_API_has_it()
    {
        var painter = await server.DeployAsync("usage=never", model: "painter");
        var reader = await server.DeployAsync("", model: "reader");
        var listener = await server.DeployAsync("seconds=2", model: "listener");
        (await server.PostAsync("/v1/images/generations", new { model = painter, prompt = "x", n = 2, size = "256x256" })).Status.ShouldBe(200);
        (await server.PostAsync("/v1/audio/speech", new { model = reader, input = "abc", voice = "alloy" })).Status.ShouldBe(200);
        using var form = MediaServer.Form(MediaServer.Wave(1_200), "a.wav", ("model", listener));
        (await server.PostAsync("/v1/audio/transcriptions", form)).Status.ShouldBe(200);
        foreach (var deployment in new[] { painter, reader, listener })
        {
            await server.RecordOfAsync(deployment);
        }

        (await UsageAsync("images", "&group_by=size")).Single(static result => result.GetProperty("size").GetString() == "256x256").GetProperty("images").GetInt64().ShouldBe(2);
        (await UsageAsync("images", "&group_by=model")).Where(static result => result.GetProperty("model").GetString() == "painter").Sum(static result => result.GetProperty("images").GetInt64()).ShouldBeGreaterThanOrEqualTo(2);
        var speech = (await UsageAsync("audio_speeches", "")).ShouldHaveSingleItem();
        speech.GetProperty("object").GetString().ShouldBe("organization.usage.audio_speeches.result");
        (speech.GetProperty("characters").GetInt64() >= 3, speech.GetProperty("num_model_requests").GetInt64() >= 1).ShouldBe((true, true));
        (await UsageAsync("audio_transcriptions", "")).ShouldHaveSingleItem().GetProperty("seconds").GetInt64().ShouldBeGreaterThanOrEqualTo(2);

        async Task<IReadOnlyList<JsonElement>> UsageAsync(string kind, string more)
        {
            using var client = server.Server.CreateClient();
            client.DefaultRequestHeaders.Authorization = new("Bearer", server.World.AdminKey);
            var start = TimeProvider.System.GetUtcNow().AddDays(-1).ToUnixTimeSeconds();
            using var answer = JsonDocument.Parse(await client.GetStringAsync($"/v1/organization/usage/{kind}?start_time={start}&bucket_width=1d&limit=7{more}"));
            return [.. answer.RootElement.Clone().GetProperty("data").EnumerateArray().SelectMany(static bucket => bucket.GetProperty("results").EnumerateArray())];
        }
    }

    private OpenAIClient Client(string path) => new(new ApiKeyCredential(server.Key), new OpenAIClientOptions { Endpoint = new Uri(server.Server.Address, path) });
}
