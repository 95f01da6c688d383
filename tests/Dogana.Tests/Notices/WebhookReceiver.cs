using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dogana.Tests.Notices;

/// <summary>What a receiver got.</summary>
internal sealed record ReceivedWebhook(string Path, string Id, string Timestamp, string Signature, string Body)
{
    public JsonElement Json { get; } = JsonDocument.Parse(Body).RootElement;

    public string Subject => Json.GetProperty("subject").GetString()!;

    /// <summary>Verifies by hand, by the specification's words: one of the signatures is the HMAC-SHA256 of id, timestamp and body.</summary>
    public bool IsSignedBy(string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        using var hmac = new HMACSHA256(key);
        var expected = Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(Id + "." + Timestamp + "." + Body)));
        return Signature.Split(' ').Contains("v1," + expected, StringComparer.Ordinal);
    }
}

/// <summary>A real HTTP receiver, which answers each path as it is told to: 204 where it is told nothing.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<int, HttpContext, Task>> _scripts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ReceivedWebhook> _received = new();

    private WebhookReceiver(WebApplication app) => _app = app;

    public IReadOnlyList<ReceivedWebhook> Received => [.. _received];

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.Run(receiver.AnswerAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public string Url(string path) => _app.Urls.Single() + path;

    /// <summary>Answers a path with these statuses, one after the other, then with 204.</summary>
    public void Script(string path, params int[] statuses) => Script(path, (index, http) =>
    {
        http.Response.StatusCode = index < statuses.Length ? statuses[index] : StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    });

    public void Script(string path, Func<int, HttpContext, Task> answer)
    {
        _counts[path] = 0;
        _scripts[path] = answer;
    }

    public IReadOnlyList<ReceivedWebhook> At(string path) => [.. Received.Where(item => item.Path == path)];

    /// <summary>Waits until a path was called so many times.</summary>
    public async Task WaitAsync(string path, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (At(path).Count < count)
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var (path, headers) = (http.Request.Path.Value!, http.Request.Headers);
        http.Request.ContentType.ShouldBe("application/json");
        _received.Enqueue(new ReceivedWebhook(path, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), body));
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        if (_scripts.TryGetValue(path, out var script))
        {
            await script(_counts.AddOrUpdate(path, 1, static (_, count) => count + 1) - 1, http);
        }
    }

    /// <summary>The answer of a receiver that wants to be left alone.</summary>
    public static Func<int, HttpContext, Task> Resting(int status, int seconds) => (index, http) =>
    {
        http.Response.StatusCode = index == 0 ? status : StatusCodes.Status204NoContent;
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    };
}
