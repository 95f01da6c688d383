using System.Text;
using System.Text.Json;

namespace FakeUpstream;

/// <summary>Thrown where the script says that the connection is cut.</summary>
internal sealed class CutException : Exception
{
    public CutException()
        : base("cut by the script")
    {
    }
}

/// <summary>One request and what is being sent for it.</summary>
internal sealed class Exchange(HttpContext context, SeenRequest seen, JsonElement request, string model, FakeScript script)
{
    /// <summary>The <c>created</c> of every answer: answers do not change from run to run.</summary>
    public const long Created = 1_767_225_600;

    public SeenRequest Seen => seen;

    /// <summary>Counts from 1 for each server: the number in ids.</summary>
    public long Number => seen.Number;

    public HttpContext Context => context;

    public JsonElement Request => request;

    public string Model => model;

    public FakeScript Script => script;

    public Task DelayAsync(TimeSpan delay) => delay == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(delay, TimeProvider.System, context.RequestAborted);

    public void Begin(int status, string contentType)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.Headers["x-request-id"] = $"req_{Number}";
        if (script.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = $"{(long)Math.Ceiling(wait.TotalSeconds)}";
            response.Headers["retry-after-ms"] = $"{(long)wait.TotalMilliseconds}";
        }

        foreach (var (name, value) in script.Headers)
        {
            response.Headers[name] = value;
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.RequestAborted.ThrowIfCancellationRequested(); // a write to a caller that is gone does not throw by itself
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>A whole body with its length; faults of the script are applied.</summary>
    public async Task SendJsonAsync(object answer)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer);
        var length = body.Length;
        switch (script.Fault)
        {
            case Fault.WrongContentType:
                Begin(200, "text/html; charset=utf-8");
                await SendAsync("<!doctype html><title>Sign in</title><p>Please sign in to the network.</p>");
                return;
            case Fault.MalformedJson or Fault.MalformedEvents:
                body = [.. body.AsSpan(0, body.Length / 2), .. "}}"u8];
                length = body.Length;
                break;
            case Fault.ErrorInside:
                body = Encoding.UTF8.GetBytes(ErrorAnswer.Envelope("The model failed.", "server_error", null, "upstream_error"));
                length = body.Length;
                break;
            case Fault.TruncatedBody:
                body = body[..(body.Length / 2)];
                break;
            default:
                break;
        }

        Begin(200, "application/json");
        context.Response.ContentLength = length;
        if (script.CutAfterChunks is not null || body.Length < length)
        {
            await SendAsync(body.AsMemory(0, length / 2));
            throw new CutException();
        }

        await SendAsync(body);
    }
}
