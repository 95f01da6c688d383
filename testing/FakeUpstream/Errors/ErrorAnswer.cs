using FakeUpstream.Answers;
using FakeUpstream.Wire;

namespace FakeUpstream.Errors;

/// <summary>Answers with a status and an error, or with the body that the script gives.</summary>
internal static class ErrorAnswer
{
    public static Task SendAsync(Exchange exchange, ErrorWords error) => SendAsync(exchange, error, exchange.Script with { Status = error.Status, Body = null });

    /// <summary>As the script of the exchange says.</summary>
    public static Task SendAsync(Exchange exchange) => SendAsync(exchange, ErrorWords.Of(exchange.Script), exchange.Script);

    private static async Task SendAsync(Exchange exchange, ErrorWords error, FakeScript script)
    {
        var refused = exchange.With(script);
        if (script.Status is >= 300 and < 400)
        {
            exchange.Context.Response.Headers.Location = script.Location?.ToString() ?? "/v1/moved";
        }

        var body = script.Body is { } given ? Template.Of(given) : Template.Of(ErrorBody.Of(DialectOf(refused), error));
        refused.Begin(script.Status, script.BodyType);
        if (script.Status is 204 or 304)
        {
            return; // HTTP allows them no body
        }

        var bytes = body.ToBytes(exchange.Number);
        exchange.Context.Response.ContentLength = bytes.Length;
        await refused.SendAsync(bytes);
    }

    /// <summary>The form of this exchange's errors.</summary>
    public static ErrorDialect DialectOf(Exchange exchange) =>
        exchange.Script.Errors != ErrorDialect.ByPath ? exchange.Script.Errors : IsAnthropic(exchange.Context.Request) ? ErrorDialect.Anthropic : ErrorDialect.OpenAi;

    public static bool IsAnthropic(HttpRequest request) => request.Path.Value?.Contains("/v1/messages", StringComparison.Ordinal) ?? false;
}
