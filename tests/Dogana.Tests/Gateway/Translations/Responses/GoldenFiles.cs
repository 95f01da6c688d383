using System.Buffers;
using System.Text;
using System.Text.Json;
using Dogana.Gateway;
using Dogana.Gateway.Translations;

namespace Dogana.Tests.Gateway.Translations.Responses;

/// <summary>What a client sends and gets, beside what its upstream gets and sends; what is what stands in the folder's README.</summary>
internal sealed class GoldenFiles(string folder)
{
    private readonly string _folder = Path.Combine(Repository.Root, "tests", "Dogana.Tests", "Gateway", "Translations", folder, "golden");

    public static CallStamp Stamp { get; } = new("01890a5d-ac96-774b-bcce-b302099a8057", "the-model", DateTimeOffset.FromUnixTimeSeconds(1_790_000_001));

    public string Text(string name) => File.ReadAllText(Path.Combine(_folder, name));

    public byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(_folder, name));

    /// <summary>The JSON without spaces and with its names in order: two texts are equal when they say the same.</summary>
    public static string Canonical(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, WireJson.Options);
        Write(writer, document.RootElement);
        writer.Flush();
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>A stream, one event after the other, each canonical.</summary>
    public static string Canonical(IEnumerable<(string Name, string Data)> events) =>
        string.Join('\n', events.Select(static item => $"{item.Name}: {(item.Data == "[DONE]" ? item.Data : Canonical(Encoding.UTF8.GetBytes(item.Data)))}"));

    /// <summary>The events of a recorded stream.</summary>
    public static IEnumerable<(string Name, string Data)> Events(string text)
    {
        foreach (var block in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            yield return (Field(lines, "event: "), Field(lines, "data: "));
        }
    }

    /// <summary>What the client gets for these events.</summary>
    public static IReadOnlyList<(string Name, string Data)> Stream(AnswerTranslation answer, IEnumerable<(string Name, string Data)> served)
    {
        var sink = new Sink();
        foreach (var (name, data) in served)
        {
            answer.Take(new SseEvent(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(data)), sink);
        }

        return sink.Events;
    }

    private static string Field(string[] lines, string name) => Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? line[name.Length..] : "";

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var field in element.EnumerateObject().OrderBy(static field => field.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(field.Name);
                    Write(writer, field.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private sealed class Sink : IEventSink
    {
        public List<(string Name, string Data)> Events { get; } = [];

        public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
        {
            data.Contains((byte)'\n').ShouldBeFalse("a payload stands on one line");
            Events.Add((Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(data)));
        }
    }
}
