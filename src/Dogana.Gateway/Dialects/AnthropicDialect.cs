using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Dialects;

/// <summary>Anthropic's. Source: Anthropic's API reference, "Errors" and "Rate limits".</summary>
internal sealed class AnthropicDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "anthropic";

    /// <inheritdoc/>
    public override void NameCall(HttpContext http, string callId)
    {
        http.Response.Headers["request-id"] = callId;
        http.Response.Headers["x-request-id"] = callId;
    }

    /// <inheritdoc/>
    public override void Describe(HttpResponse response, AnswerFacts facts)
    {
        response.Headers["anthropic-organization-id"] = facts.Organisation;
        base.Describe(response, facts);
    }

    /// <inheritdoc/>
    protected override void WriteEnvelope(Utf8JsonWriter writer, Problem problem, ProblemMeaning meaning, string? callId)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "error");
        writer.WriteStartObject("error");
        WriteError(writer, problem, meaning);
        writer.WriteEndObject();
        writer.WriteString("request_id", callId);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override void WriteError(Utf8JsonWriter writer, Problem problem, ProblemMeaning meaning)
    {
        writer.WriteString("type", meaning.AnthropicType);
        writer.WriteString("message", problem.Message);

        // By these words Anthropic's clients know that they must send the whole conversation instead, and do so; source: its SDK 1.12.0, ThreadState.
        if (problem is { Code: ProblemCode.OperationNotSupported, Param: "thread" })
        {
            writer.WriteStartObject("details");
            writer.WriteString("error_code", "thread_unsupported_request");
            writer.WriteStartArray("unsupported");
            writer.WriteStringValue("thread");
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    // When it begins anew as an instant, which Anthropic writes by RFC 3339.
    /// <inheritdoc/>
    protected override void WriteLimits(IHeaderDictionary headers, RateLimitState limits)
    {
        Write("requests", limits.Requests);
        Write("tokens", limits.Tokens);

        void Write(string what, UnitLimit? of)
        {
            if (of is { } limit)
            {
                headers[$"anthropic-ratelimit-{what}-limit"] = Text(limit.Limit);
                headers[$"anthropic-ratelimit-{what}-remaining"] = Text(limit.Remaining);
                headers[$"anthropic-ratelimit-{what}-reset"] = limit.ResetsAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            }
        }
    }
}
