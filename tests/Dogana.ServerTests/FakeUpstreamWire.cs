using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>Asks a fake upstream without any vendor's client, down to the bytes.</summary>
internal static class FakeUpstreamWire
{
    public const string Chat = "/v1/chat/completions";

    public const string Responses = "/v1/responses";

    public const string Messages = "/v1/messages";

    private static readonly HttpClient Raw = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero });

    /// <summary>A request that has what each path needs.</summary>
    public static string Body(string model, bool stream) => JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
    {
        ["model"] = model,
        ["messages"] = new[] { new { role = "user", content = "hello" } },
        ["input"] = "hello",
        ["prompt"] = "hello",
        ["max_tokens"] = 1_000_000,
        ["stream"] = stream,
    });

    public static Task<HttpResponseMessage> PostAsync(FakeUpstreamServer upstream, string path, string body, string key = "some-key")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(upstream.Address, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("anthropic-version", "2023-06-01");
        request.Headers.Add("x-api-key", key);
        return Raw.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public static async Task<JsonElement> WholeAsync(FakeUpstreamServer upstream, string path, string body)
    {
        using var answer = await PostAsync(upstream, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The events as .NET's own reader understands them; data that is no JSON is left out.</summary>
    public static async Task<List<(string Name, JsonElement Data)>> EventsAsync(FakeUpstreamServer upstream, string path, string body)
    {
        using var answer = await PostAsync(upstream, path, body);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var events = new List<(string, JsonElement)>();
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            if (item.Data.StartsWith('{'))
            {
                events.Add((item.EventType, JsonDocument.Parse(item.Data).RootElement));
            }
        }

        return events;
    }

    /// <summary>All bytes that come on a connection of its own, and whether it ended in a reset.</summary>
    public static async Task<(string Text, bool IsReset)> BytesAsync(FakeUpstreamServer upstream, string path, string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, upstream.Address.Port);
        var head = $"POST {path} HTTP/1.1\r\nhost: fake\r\nconnection: close\r\nanthropic-version: 2023-06-01\r\ncontent-length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n";
        await client.Client.SendAsync(Encoding.UTF8.GetBytes(head + body));
        using var kept = new MemoryStream();
        try
        {
            await client.GetStream().CopyToAsync(kept).WaitAsync(TimeSpan.FromSeconds(20));
            return (Encoding.UTF8.GetString(kept.ToArray()), false);
        }
        catch (IOException)
        {
            return (Encoding.UTF8.GetString(kept.ToArray()), true);
        }
    }
}
