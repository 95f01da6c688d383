using System.Text.Json;
using FakeUpstream.Answers;
using FakeUpstream.Errors;

namespace FakeUpstream.Wire;

/// <summary>A whole body with its length; faults of the script are applied.</summary>
internal static class WholeAnswer
{
    private const string Json = "application/json";

    public static async Task SendAsync(Exchange exchange, Template answer)
    {
        if (exchange.Script.Fault != Fault.None || exchange.Script.CutAfterChunks is not null)
        {
            await SendFaultyAsync(exchange, answer.ToBytes(exchange.Number));
            return;
        }

        exchange.Begin(200, Json);
        using var body = new PooledWriter();
        answer.WriteTo(body, exchange.Number);
        exchange.Context.Response.ContentLength = body.Written.Length;
        await exchange.SendAsync(body.Written);
    }

    public static Task SendAsync(Exchange exchange, object answer) => SendAsync(exchange, Template.Of(JsonSerializer.SerializeToNode(answer)!));

    private static async Task SendFaultyAsync(Exchange exchange, byte[] body)
    {
        var script = exchange.Script;
        var length = body.Length;
        switch (script.Fault)
        {
            case Fault.WrongContentType:
                exchange.Begin(200, "text/html; charset=utf-8");
                await exchange.SendAsync("<!doctype html><title>Sign in</title><p>Please sign in to the network.</p>"u8.ToArray());
                return;
            case Fault.LengthTooLong:
                await exchange.BeginRawAsync(Json, body.Length + 100);
                await exchange.SendAsync(body);
                throw exchange.Cut();
            case Fault.LengthTooShort:
                await exchange.BeginRawAsync(Json, body.Length / 2);
                await exchange.SendAsync(body);
                throw exchange.Cut();
            case Fault.MalformedJson or Fault.MalformedEvents:
                body = [.. body.AsSpan(0, body.Length / 2), .. "}}"u8];
                length = body.Length;
                break;
            case Fault.ErrorInside or Fault.ErrorFirst:
                body = Template.Of(ErrorBody.Of(ErrorAnswer.DialectOf(exchange), ErrorWords.Inside(script.ErrorCode))).ToBytes(exchange.Number);
                length = body.Length;
                break;
            case Fault.TruncatedBody:
                body = body[..(body.Length / 2)];
                break;
            default:
                break;
        }

        exchange.Begin(200, Json);
        exchange.Context.Response.ContentLength = length;
        if (script.CutAfterChunks is not null || body.Length < length)
        {
            await exchange.SendAsync(body.AsMemory(0, length / 2));
            throw exchange.Cut();
        }

        await exchange.SendAsync(body);
    }
}
