using System.Text.Json.Nodes;
using FakeUpstream.Errors;
using FakeUpstream.Wire;

namespace FakeUpstream.Answers;

/// <summary>Answers how many tokens a message to Anthropic has: as many as the script says.</summary>
internal static class TokenCountAnswer
{
    public static Task SendAsync(Exchange exchange) =>
        MessageOperation.Lacking(exchange.Request, exchange.Context.Request.Headers, needsLimit: false) is { } missing
            ? ErrorAnswer.SendAsync(exchange, ErrorWords.Required(missing))
            : WholeAnswer.SendAsync(exchange, Template.Of(new JsonObject { ["input_tokens"] = exchange.Script.InputTokens }));
}
