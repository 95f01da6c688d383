using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Dialects;

/// <summary>OpenAI's.</summary>
internal sealed class OpenAiDialect : Dialect
{
    /// <inheritdoc/>
    public override string Name => "openai";

    /// <inheritdoc/>
    public override void NameCall(HttpContext http, string callId) => http.Response.Headers["x-request-id"] = callId;

    /// <inheritdoc/>
    public override void Describe(HttpResponse response, AnswerFacts facts)
    {
        response.Headers["openai-version"] = "2020-10-01";
        response.Headers["openai-organization"] = facts.Organisation;
        response.Headers["openai-processing-ms"] = Text((long)facts.Elapsed.TotalMilliseconds);
        base.Describe(response, facts);
    }

    /// <inheritdoc/>
    protected override void WriteError(Utf8JsonWriter writer, Problem problem, ProblemMeaning meaning) => WriteOpenAiError(writer, problem, meaning);

    /// <inheritdoc/>
    protected override void WriteLimits(IHeaderDictionary headers, RateLimitState limits) => WriteOpenAiLimits(headers, limits, Duration);

    // As Go writes durations: 6ms, 12.5s, 1m0s.
    private static string Duration(TimeSpan time) => time.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Ceiling(time.TotalMilliseconds)}ms")
        : time.TotalMinutes < 1 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Round(time.TotalSeconds, 3)}s")
        : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMinutes}m{time.Seconds}s");
}
