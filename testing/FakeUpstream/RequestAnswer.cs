using System.Text.Json;
using FakeUpstream.Errors;
using FakeUpstream.Wire;

namespace FakeUpstream;

/// <summary>Takes a request from its first byte to the end of its answer.</summary>
internal static class RequestAnswer
{
    private static readonly byte[] NoBody = "{}"u8.ToArray();

    public static async Task SendAsync(HttpContext context, FakeUpstreamServer server, Func<Exchange, Task> send)
    {
        using var open = server.Open();
        var body = await ReadAsync(context);
        body = FormRead.IsForm(context.Request) ? await FormRead.ReadAsync(context.Request.ContentType!, body) : body;
        var seen = server.See(context.Request, body);
        try
        {
            await SendAsync(context, server, seen, body, send);
            seen.End(AnswerEnding.Sent);
        }
        catch (CutException)
        {
            seen.End(AnswerEnding.Cut);
            context.Abort();
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            seen.End(AnswerEnding.CallerGone);
            context.Abort();
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength is { } length)
        {
            var body = new byte[length];
            await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
            return body;
        }

        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.ToArray();
    }

    private static async Task SendAsync(HttpContext context, FakeUpstreamServer server, SeenRequest seen, byte[] body, Func<Exchange, Task> send)
    {
        JsonDocument document;
        string model;
        FakeScript script;
        try
        {
            document = JsonDocument.Parse(body.Length == 0 ? NoBody : body);
            model = context.GetRouteValue("model") as string ?? document.RootElement.Text("model") ?? "fake";
            script = server.Next(model, CallerKey.Of(context.Request));
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException)
        {
            await ErrorAnswer.SendAsync(new Exchange(context, seen, default, "", new FakeScript(), server.Prepared), ErrorWords.Invalid(wrong.Message));
            return;
        }

        using (document)
        {
            await SendAsync(new Exchange(context, seen, document.RootElement, model, script, server.Prepared), server.Options, send);
        }
    }

    private static async Task SendAsync(Exchange exchange, FakeUpstreamOptions options, Func<Exchange, Task> send)
    {
        if (Refusal(exchange.Context.Request, options, exchange.Model) is { } refusal)
        {
            await ErrorAnswer.SendAsync(exchange, refusal);
            return;
        }

        var script = exchange.Script;
        await exchange.DelayAsync(script.DelayBeforeFirstByte);
        await (script.Begin?.WaitAsync(exchange.Context.RequestAborted) ?? Task.CompletedTask);
        await BreakAsync(exchange);
        await (script.Status == 200 && script.Body is null ? send(exchange) : ErrorAnswer.SendAsync(exchange));
    }

    // What goes wrong before an answer begins.
    private static async Task BreakAsync(Exchange exchange)
    {
        switch (exchange.Script.Fault)
        {
            case Fault.NeverAnswers:
                await exchange.DelayAsync(Timeout.InfiniteTimeSpan);
                break;
            case Fault.ClosedEarly:
                throw exchange.Cut();
            case Fault.ResetEarly:
                new RawConnection(exchange.Context).Reset();
                throw new CutException();
            case Fault.ResetInHeaders:
                var connection = new RawConnection(exchange.Context);
                await connection.SendAsync("HTTP/1.1 200 OK\r\ncontent-type: applica");
                connection.Reset();
                throw new CutException();
            default:
                break;
        }
    }

    private static ErrorWords? Refusal(HttpRequest request, FakeUpstreamOptions options, string model)
    {
        if (options.Key is { } key && !CallerKey.Is(request, key))
        {
            return ErrorWords.WrongKey();
        }

        return options.Models.Count > 0 && !HttpMethods.IsGet(request.Method) && !options.Models.Contains(ScriptName.BaseOf(model), StringComparer.Ordinal)
            ? ErrorWords.NoSuchModel(model)
            : null;
    }
}
