using System.Text.Json;
using FakeUpstream.Answers;
using FakeUpstream.Errors;

namespace FakeUpstream.Wire;

/// <summary>One request and what is being sent for it.</summary>
internal sealed class Exchange(HttpContext context, SeenRequest seen, JsonElement request, string model, FakeScript script, PreparedAnswers prepared)
{
    /// <summary>The <c>created</c> of every answer: answers do not change from run to run.</summary>
    public const long Created = 1_767_225_600;

    private RawConnection? _raw;

    /// <summary>Counts from 1 for each server: the number in ids.</summary>
    public long Number => seen.Number;

    public HttpContext Context => context;

    public JsonElement Request => request;

    public string Model => model;

    public FakeScript Script => script;

    public PreparedAnswers Prepared => prepared;

    public Exchange With(FakeScript other) => new(context, seen, request, model, other, prepared);

    public Task DelayAsync(TimeSpan delay) => delay == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(delay, TimeProvider.System, context.RequestAborted);

    public void Begin(int status, string contentType)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        var isAnthropic = ErrorAnswer.IsAnthropic(context.Request);
        response.Headers[isAnthropic ? "request-id" : "x-request-id"] = $"req_{Number}";
        if (script.RetryAfter is { } wait)
        {
            RetryHeaders.Set(response, wait, script.RetryForms, isAnthropic);
        }

        foreach (var (name, value) in script.Headers)
        {
            response.Headers[name] = value;
        }
    }

    /// <summary>Begins below the server, with a length that is not true.</summary>
    public Task BeginRawAsync(string contentType, long length)
    {
        Begin(200, contentType);
        _raw = new RawConnection(context);
        return _raw.SendHeadAsync(length);
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_raw is not null)
        {
            await _raw.SendAsync(bytes);
            return;
        }

        if (bytes.Length > 0)
        {
            await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
        }
        else
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        context.RequestAborted.ThrowIfCancellationRequested(); // a write to a caller that is gone does not throw by itself
    }

    /// <summary>Cuts the connection; what was sent still arrives, unless the script says that it is reset.</summary>
    public CutException Cut()
    {
        var connection = new RawConnection(context);
        if (script.IsCutReset)
        {
            connection.Reset();
        }
        else
        {
            connection.Close();
        }

        return new CutException();
    }
}
