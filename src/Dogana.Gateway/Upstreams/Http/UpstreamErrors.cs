using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Dogana.Gateway.Upstreams.Http;

/// <summary>
/// Whose fault is it? The caller's own goes back to the caller; a fault of our key or of the provider is not the caller's business, and is tried
/// elsewhere.
/// </summary>
internal static class UpstreamErrors
{
    private const int BytesMax = 64 * 1024;

    /// <summary>What an answer with another status than 200 means.</summary>
    public static async Task<Problem> ReadAsync(HttpUpstream upstream, HttpResponseMessage response, CancellationToken cancellation)
    {
        var error = Parse(await BoundedBody.ReadAsync(response, BytesMax, cancellation));
        switch (response.StatusCode)
        {
            case HttpStatusCode.BadRequest when error.Type == "billing_error" || error.Message?.StartsWith("Your credit balance is too low", StringComparison.Ordinal) == true: // Anthropic's
                return upstream.Problem(ProblemCode.UpstreamKeyRefused, "has no credit left for this server's key");
            case HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity:
                return error.Code == "context_length_exceeded"
                    ? new Problem(ProblemCode.ContextLengthExceeded, error.Message ?? "The prompt and the output limit do not fit the model's context.", error.Param ?? "messages")
                    : error.Message is null ? upstream.Problem(ProblemCode.UpstreamRejected, "refused the request")
                    : new Problem(ProblemCode.UpstreamRejected, error.Message, error.Param);
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.PaymentRequired:
                return upstream.Problem(ProblemCode.UpstreamKeyRefused, "refused this server's key");
            case HttpStatusCode.TooManyRequests when error.Code is "insufficient_quota" or "credit_balance_exhausted" || error.Type == "insufficient_quota":
                return upstream.Problem(ProblemCode.UpstreamKeyRefused, "has no credit left for this server's key");
            case HttpStatusCode.TooManyRequests:
                return upstream.Problem(ProblemCode.Busy, "takes no more calls at the moment") with { RetryAfter = RetryHeaders.Read(response) };
            case HttpStatusCode.ServiceUnavailable or (HttpStatusCode)529:
                return upstream.Problem(ProblemCode.Busy, "is overloaded") with { RetryAfter = RetryHeaders.Read(response) };
            case HttpStatusCode.RequestTimeout or HttpStatusCode.GatewayTimeout:
                return upstream.Problem(ProblemCode.UpstreamTimeout, "gave up the call for lack of time");
            case HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Conflict or HttpStatusCode.Gone or (>= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest):
                return upstream.Problem(ProblemCode.UpstreamMisconfigured, string.Create(CultureInfo.InvariantCulture, $"answered with status {(int)response.StatusCode}"));
            default:
                return upstream.Failed(string.Create(CultureInfo.InvariantCulture, $"answered with status {(int)response.StatusCode}"));
        }
    }

    private static (string? Message, string? Param, string? Type, string? Code) Parse(byte[]? body)
    {
        try
        {
            using var document = JsonDocument.Parse(body ?? "null"u8.ToArray());
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
                ? (Text(error, "message"), Text(error, "param"), Text(error, "type"), Text(error, "code"))
                : default;
        }
        catch (JsonException)
        {
            return default;
        }

        static string? Text(JsonElement parent, string name) =>
            parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
