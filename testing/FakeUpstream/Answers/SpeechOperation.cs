using System.Text.Json;
using System.Text.Json.Nodes;
using FakeUpstream.Errors;
using FakeUpstream.Wire;

namespace FakeUpstream.Answers;

/// <summary>Speech: sound as it is, in chunks, or in events.</summary>
internal sealed class SpeechOperation : Operation
{
    public static async Task SendAsync(Exchange exchange, SpeechOperation operation)
    {
        if (operation.Missing(exchange.Request, exchange.Context.Request.Headers) is { } missing)
        {
            await ErrorAnswer.SendAsync(exchange, missing);
            return;
        }

        if (exchange.Script.Fault is Fault.WrongContentType or Fault.JsonForStream)
        {
            await WholeAnswer.SendAsync(exchange, new { message = "no sound" });
            return;
        }

        if (exchange.Request.Text("stream_format") != "sse")
        {
            await SendSoundAsync(exchange);
            return;
        }

        var telling = new Telling(exchange.Script, exchange.Model, Asked.Of(exchange.Request, operation.Echoed));
        using var stream = new EventStream(exchange, operation, telling);
        await stream.SendAsync(operation.Stream(telling));
    }

    public override ErrorWords? Missing(JsonElement request, IHeaderDictionary headers) =>
        request.Text("input") is null ? ErrorWords.MissingParameter("input") : request.Field("voice") is null ? ErrorWords.MissingParameter("voice") : null;

    public override JsonObject Whole(Telling telling) => throw new NotSupportedException();

    public override IEnumerable<ServerEvent> Stream(Telling telling)
    {
        foreach (var chunk in FakeScript.Sound(telling.Script.SoundBytes).Chunk(FakeScript.SoundChunkBytes))
        {
            yield return ServerEvent.Typed(EventPlace.Piece, new JsonObject { ["type"] = "speech.audio.delta", ["audio"] = Convert.ToBase64String(chunk) });
        }

        var done = new JsonObject { ["type"] = "speech.audio.done" };
        if (telling.Script.Usage != UsagePlace.Never)
        {
            var usage = telling.Usage(telling.Script.OutputTokens ?? 50).AsResponse();
            usage.Remove("input_tokens_details");
            usage.Remove("output_tokens_details");
            done["usage"] = usage;
        }

        yield return ServerEvent.Typed(EventPlace.Finish, done);
    }

    private static async Task SendSoundAsync(Exchange exchange)
    {
        var script = exchange.Script;
        exchange.Begin(200, exchange.Request.Text("response_format") switch { null or "mp3" => "audio/mpeg", var format => "audio/" + format });
        var sent = 0;
        foreach (var chunk in FakeScript.Sound(script.SoundBytes).Chunk(FakeScript.SoundChunkBytes))
        {
            if (sent > 0)
            {
                await exchange.DelayAsync(script.DelayBetweenChunks);
            }

            if (script.PauseAfterChunks == sent)
            {
                await (script.Resume ?? exchange.DelayAsync(Timeout.InfiniteTimeSpan)).WaitAsync(exchange.Context.RequestAborted);
            }

            if (script.CutAfterChunks == sent)
            {
                await exchange.SendAsync(ReadOnlyMemory<byte>.Empty);
                throw exchange.Cut();
            }

            await exchange.SendAsync(chunk);
            sent++;
        }
    }
}
