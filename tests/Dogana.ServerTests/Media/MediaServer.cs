using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dogana.Client;
using Dogana.ServerTests.Endings;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests.Media;

/// <summary>A server that sells images, transcriptions and speech, each by its unit and by the token, to a customer of its own.</summary>
public sealed class MediaServer(StoreFixture stores) : GatewayServer(stores)
{
    private string _key = "";

    /// <summary>The customer's key.</summary>
    public string Key => _key;

    protected override string ClientKey => _key;

    protected override IReadOnlyList<string> Settings => ["--Gateway:CircuitFailures=1000", "--Gateway:RetryPause=00:00:00.01", "--Gateway:AudioBytesMax=1000000"];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await ApplyAsync(Shop);
        _key = (await Admin.CreateKeyAsync(new NewKeyRequest("studio", "project", "studio-app"))).Text;
    }

    /// <summary>Calls and reads the whole answer.</summary>
    internal async Task<MediaAnswer> PostAsync(string path, object body, params (string Name, string Value)[] headers)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return await PostAsync(path, content, headers);
    }

    /// <summary>As the other, with any content.</summary>
    internal async Task<MediaAnswer> PostAsync(string path, HttpContent content, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient { BaseAddress = Server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request);
        return new MediaAnswer((int)response.StatusCode, response.Content.Headers.ContentType?.ToString() ?? "", await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>A form with a recording and fields.</summary>
    internal static MultipartFormDataContent Form(byte[] file, string fileName, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), $"\"{name}\"");
        }

        var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("audio/wav");
        form.Add(content, "\"file\"", $"\"{fileName}\"");
        return form;
    }

    /// <summary>A sound wave of so many milliseconds: 8,000 samples a second, 8 bits each.</summary>
    internal static byte[] Wave(int milliseconds)
    {
        var sound = milliseconds * 8;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + sound);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(8_000);
        writer.Write(8_000);
        writer.Write((short)1);
        writer.Write((short)8);
        writer.Write("data"u8);
        writer.Write(sound);
        writer.Write(Enumerable.Range(0, sound).Select(static index => (byte)(128 + 90 * Math.Sin(index / 4d))).ToArray());
        return stream.ToArray();
    }

    private const string Shop = """
        dogana: 1
        organisations:
          - { id: studio, name: Studio, country: FR, time_zone: Europe/Paris }
        projects:
          - { id: studio-app, organisation: studio, channel: direct, store_answers: true }
        models:
          - { id: painter, owner: northwind, kind: image, context_tokens: 32000 }
          - { id: sketcher, owner: northwind, kind: image, context_tokens: 32000, max_output_tokens: 6000 }
          - { id: reader, owner: northwind, kind: speech, context_tokens: 4096 }
          - { id: actor, owner: northwind, kind: speech, context_tokens: 4096, max_output_tokens: 2000 }
          - { id: listener, owner: northwind, kind: transcription, context_tokens: 16000 }
          - { id: hearer, owner: northwind, kind: transcription, context_tokens: 16000, max_output_tokens: 2000 }
          - { id: unbounded, owner: northwind, kind: speech, context_tokens: 4096 }
          - { id: unpriced, owner: northwind, kind: image, context_tokens: 4096, max_output_tokens: 2000 }
        block_lists:
          - { id: secrets, terms: [project falcon] }
        filter_policies:
          - { id: strict, block_lists: [{ list: secrets }] }
        price_books:
          - id: media
            name: Media
            currency: USD
            versions:
              - effective_from: 2025-01-01
                prices:
                  - { model: painter, meter: generated_images, amount: "0.02", per: 1 }
                  - { model: painter, meter: generated_images_1024x1024, amount: "0.04", per: 1 }
                  - { model: painter, meter: generated_images_1024x1792_hd, amount: "0.12", per: 1 }
                  - { model: sketcher, meter: input_tokens, amount: "5", per: 1000000 }
                  - { model: sketcher, meter: output_tokens, amount: "40", per: 1000000 }
                  - { model: reader, meter: speech_characters, amount: "15", per: 1000000 }
                  - { model: actor, meter: input_tokens, amount: "0.6", per: 1000000 }
                  - { model: actor, meter: output_tokens, amount: "12", per: 1000000 }
                  - { model: listener, meter: transcribed_seconds, amount: "0.006", per: 60 }
                  - { model: hearer, meter: input_tokens, amount: "2.5", per: 1000000 }
                  - { model: hearer, meter: audio_input_tokens, amount: "6", per: 1000000 }
                  - { model: hearer, meter: output_tokens, amount: "10", per: 1000000 }
                  - { model: fake-chat, meter: input_tokens, amount: "1", per: 1000000 }
                  - { model: fake-chat, meter: output_tokens, amount: "1", per: 1000000 }
                  - { model: unbounded, meter: input_tokens, amount: "1", per: 1000000 }
                  - { model: unbounded, meter: output_tokens, amount: "1", per: 1000000 }
        contracts:
          - { id: studio-direct, organisation: studio, channel: direct, price_book: media, from: 2025-01-01 }
        """;
}

/// <summary>An answer as it came.</summary>
internal sealed record MediaAnswer(int Status, string ContentType, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>The classes that share the server run one after the other.</summary>
[CollectionDefinition(nameof(MediaServer))]
public sealed class MediaServerUsers : ICollectionFixture<MediaServer>;
