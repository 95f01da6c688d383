using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Translations.Messages;

namespace Dogana.Tests.Gateway.Translations.Messages;

/// <summary>
/// Each folder below <c>Golden</c> holds a call: what the client sent and what the upstream answered, and what each gets to see. With the variable
/// <c>DOGANA_GOLDEN=write</c> the tests write what is got to see, to be read before it is kept.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string Root = Path.Combine(Repository.Root, "tests/Dogana.Tests/Gateway/Translations/Messages/Golden");
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly CallStamp Stamp = new("019f", "client-model", DateTimeOffset.FromUnixTimeSeconds(1_790_000_000));

    public static TheoryData<string> Calls() => [.. Directory.GetDirectories(Root).SelectMany(Directory.GetDirectories).Select(static folder => Path.GetRelativePath(Root, folder).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_request_is_worded_for_the_upstream(string call)
    {
        var body = Of(call).Request(Read(call, "called-request.json")!).Value;

        Compare(call, "served-request.json", Pretty(body));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_whole_answer_is_worded_for_the_client(string call)
    {
        if (Read(call, "served-answer.json") is { } answer)
        {
            Compare(call, "called-answer.json", Pretty(Of(call).Answer(Read(call, "called-request.json"), Stamp).Whole(answer)));
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_stream_is_worded_for_the_client(string call)
    {
        if (Read(call, "served-stream.txt") is { } stream)
        {
            var events = CollectedEvents.Of(Of(call).Answer(Read(call, "called-request.json"), Stamp), Encoding.UTF8.GetString(stream));
            Compare(call, "called-stream.txt", events.ToString());
        }
    }

    private static Translation Of(string call) => call.StartsWith(nameof(MessagesOverChat), StringComparison.Ordinal) ? new MessagesOverChat() : new ChatOverMessages();

    internal static byte[]? Read(string call, string file) => Path.Combine(Root, call, file) is var path && File.Exists(path) ? File.ReadAllBytes(path) : null;

    private static string Pretty(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, Readable).ReplaceLineEndings("\n") + "\n";
    }

    private static void Compare(string call, string file, string text)
    {
        var path = Path.Combine(Root, call, file);
        if (Environment.GetEnvironmentVariable("DOGANA_GOLDEN") == "write")
        {
            File.WriteAllText(path, text);
        }

        File.ReadAllText(path).ShouldBe(text);
    }
}
