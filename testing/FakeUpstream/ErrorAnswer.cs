using System.Text.Json;

namespace FakeUpstream;

/// <summary>Answers with a status and a body that the script gives.</summary>
internal static class ErrorAnswer
{
    public static async Task SendAsync(Exchange exchange, FakeScript script)
    {
        var refused = new Exchange(exchange.Context, exchange.Seen, exchange.Request, exchange.Model, script);
        refused.Begin(script.Status, "application/json");
        await refused.SendAsync(script.Body ?? Usual(script.Status));
    }

    public static string Envelope(string message, string type, string? param, string? code) =>
        JsonSerializer.Serialize(new { error = new { message, type, param, code } });

    private static string Usual(int status) => status switch
    {
        400 => Envelope("The request is wrong.", "invalid_request_error", "messages", null),
        401 => Envelope("Incorrect API key provided.", "invalid_request_error", null, "invalid_api_key"),
        404 => Envelope("There is nothing here.", "invalid_request_error", null, "unknown_url"),
        429 => Envelope("Rate limit reached.", "requests", null, "rate_limit_exceeded"),
        503 => Envelope("The server is overloaded.", "service_unavailable_error", null, "server_is_overloaded"),
        _ => Envelope("The server had an error.", "server_error", null, null),
    };
}
