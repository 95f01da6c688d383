using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FakeUpstream.Errors;
using FakeUpstream.Wire;

namespace FakeUpstream.Answers;

/// <summary>Speech that was written down: in JSON, in events, or as plain text, SRT or WebVTT.</summary>
internal sealed class TranscriptionOperation : Operation
{
    public static async Task SendAsync(Exchange exchange, TranscriptionOperation operation)
    {
        if (operation.Missing(exchange.Request, exchange.Context.Request.Headers) is { } missing)
        {
            await ErrorAnswer.SendAsync(exchange, missing);
            return;
        }

        var format = exchange.Request.Text("response_format") ?? "json";
        if (format is not ("text" or "srt" or "vtt"))
        {
            await SpokenAnswer.SendAsync(exchange, operation);
            return;
        }

        exchange.Begin(200, format == "vtt" ? "text/vtt; charset=utf-8" : "text/plain; charset=utf-8");
        await exchange.SendAsync(Encoding.UTF8.GetBytes(Text(exchange.Script, format)));
    }

    public override IReadOnlyList<string> Echoed => ["response_format"];

    public override ErrorWords? Missing(JsonElement request, IHeaderDictionary headers) => request.Field("file") is null ? ErrorWords.MissingParameter("file") : null;

    public override JsonObject Whole(Telling telling)
    {
        var script = telling.Script;
        var answer = new JsonObject { ["text"] = script.Text };
        if (telling.Asked.Echo.Contains("verbose_json", StringComparison.Ordinal))
        {
            answer["task"] = "transcribe";
            answer["language"] = "english";
            answer["duration"] = script.Seconds ?? 0;
            answer["segments"] = new JsonArray();
        }

        return telling.WithUnknown(WithUsage(answer, telling));
    }

    public override IEnumerable<ServerEvent> Stream(Telling telling)
    {
        foreach (var piece in telling.Turns[0].Text)
        {
            yield return ServerEvent.Typed(EventPlace.Piece, new JsonObject { ["type"] = "transcript.text.delta", ["delta"] = piece });
        }

        yield return ServerEvent.Typed(EventPlace.Finish, WithUsage(new JsonObject { ["type"] = "transcript.text.done", ["text"] = telling.Script.Text }, telling));
        if (telling.Script.IsDoneSent)
        {
            yield return new ServerEvent(EventPlace.Tail, null, Template.Of("[DONE]"));
        }
    }

    private static JsonObject WithUsage(JsonObject answer, Telling telling)
    {
        var script = telling.Script;
        if (script.Usage == UsagePlace.Never)
        {
            return answer;
        }

        var usage = script.Seconds is null ? telling.Usage().AsResponse() : [];
        usage.Remove("input_tokens_details");
        usage.Remove("output_tokens_details");
        usage["type"] = script.Seconds is null ? "tokens" : "duration";
        if (script.Seconds is { } seconds)
        {
            usage["seconds"] = seconds;
        }
        else
        {
            usage["input_token_details"] = new JsonObject { ["text_tokens"] = script.InputTokens - script.SoundTokens, ["audio_tokens"] = script.SoundTokens };
        }

        answer["usage"] = usage;
        return answer;
    }

    private static string Text(FakeScript script, string format)
    {
        var end = TimeSpan.FromSeconds(script.Seconds ?? 1).ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture);
        return format switch
        {
            "srt" => $"1\n00:00:00,000 --> {end},000\n{script.Text}\n\n",
            "vtt" => $"WEBVTT\n\n00:00:00.000 --> {end}.000\n{script.Text}\n\n",
            _ => script.Text + "\n",
        };
    }
}
