using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace Dogana.Server.Demo;

/// <summary>The demo's customers: they call over real HTTP, as anybody would.</summary>
internal sealed class DemoCalls(Uri server) : IDisposable
{
    private const int MaxTokens = 60;

    private readonly HttpClient _http = new() { BaseAddress = server };

    public async Task<DemoAnswer> ChatAsync(DemoCaller caller, string prompt, CancellationToken cancellation)
    {
        using var response = await SendAsync(caller, "/v1/chat/completions", ChatBody(prompt, stream: false), cancellation);
        using var document = await ReadAsync(response, cancellation);
        var root = document.RootElement;
        var text = root.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        return Answer(caller, response, "chat/completions", "clerk-1", false, prompt, text, root.GetProperty("usage"), null);
    }

    public async Task<DemoAnswer> StreamAsync(DemoCaller caller, string prompt, CancellationToken cancellation)
    {
        using var response = await SendAsync(caller, "/v1/chat/completions", ChatBody(prompt, stream: true), cancellation);
        await ThrowIfRefusedAsync(response, cancellation);
        var text = new StringBuilder();
        JsonElement usage = default;
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync(cancellation)).EnumerateAsync(cancellation))
        {
            if (item.Data == "[DONE]")
            {
                return Answer(caller, response, "chat/completions", "clerk-1", true, prompt, text.ToString(), usage, null);
            }

            using var chunk = JsonDocument.Parse(item.Data);
            foreach (var choice in chunk.RootElement.GetProperty("choices").EnumerateArray())
            {
                text.Append(choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : "");
            }

            usage = chunk.RootElement.TryGetProperty("usage", out var sent) && sent.ValueKind == JsonValueKind.Object ? sent.Clone() : usage;
        }

        throw new InvalidOperationException("The stream ended before it was complete.");
    }

    public async Task<DemoAnswer> EmbedAsync(DemoCaller caller, string input, CancellationToken cancellation)
    {
        using var response = await SendAsync(caller, "/v1/embeddings", JsonContent.Create(new { model = "use-lite", input }), cancellation);
        using var document = await ReadAsync(response, cancellation);
        var vector = document.RootElement.GetProperty("data")[0].GetProperty("embedding").EnumerateArray().Select(static item => item.GetSingle()).ToArray();
        var text = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"[{vector[0]:F4}, {vector[1]:F4}, {vector[2]:F4}, …]");
        return Answer(caller, response, "embeddings", "use-lite", false, input, text, document.RootElement.GetProperty("usage"), vector.Length);
    }

    /// <summary>A call that is expected to be refused.</summary>
    public async Task<DemoRefusal> RefusedAsync(DemoCaller caller, string prompt, CancellationToken cancellation)
    {
        using var response = await SendAsync(caller, "/v1/chat/completions", ChatBody(prompt, stream: false), cancellation);
        using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
        if (!document.RootElement.TryGetProperty("error", out var error))
        {
            throw new InvalidOperationException($"The call of {caller.Project} was served, though its family is suspended.");
        }

        return new DemoRefusal(caller.Project, caller.Channel, (int)response.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("message").GetString()!);
    }

    public void Dispose() => _http.Dispose();

    private static DemoAnswer Answer(
        DemoCaller caller, HttpResponseMessage response, string endpoint, string model, bool streamed, string prompt, string text, JsonElement usage, int? dimensions) => new(
        response.Headers.GetValues("x-request-id").First(), caller.Project, caller.Channel, endpoint, model, streamed, prompt, text,
        usage.GetProperty("prompt_tokens").GetInt64(), usage.TryGetProperty("completion_tokens", out var output) ? output.GetInt64() : 0, dimensions);

    private static JsonContent ChatBody(string prompt, bool stream) => stream
        ? JsonContent.Create(new { model = "clerk-1", messages = Messages(prompt), max_tokens = MaxTokens, temperature = 0, stream, stream_options = new { include_usage = true } })
        : JsonContent.Create(new { model = "clerk-1", messages = Messages(prompt), max_tokens = MaxTokens, temperature = 0 });

    private static object[] Messages(string prompt) => [new { role = "user", content = prompt }];

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await ThrowIfRefusedAsync(response, cancellation);
        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
    }

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"A call of the demo was refused: {await response.Content.ReadAsStringAsync(cancellation)}");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(DemoCaller caller, string path, HttpContent body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.Key);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }
}

/// <summary>One of the demo's projects, with its key.</summary>
internal sealed record DemoCaller(string Project, string Channel, string Key);
