using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Dialects;

/// <summary>Azure OpenAI's.</summary>
internal sealed class AzureDialect : Dialect
{
    private const string ClientRequestId = "x-ms-client-request-id";
    private const int ClientRequestIdMax = 128;

    /// <inheritdoc/>
    public override string Name => "azure";

    /// <inheritdoc/>
    public override bool ShowsFilterResults => true;

    /// <inheritdoc/>
    public override void NameCall(HttpContext http, string callId)
    {
        http.Response.Headers["apim-request-id"] = callId;
        http.Response.Headers["x-request-id"] = callId;

        // The client's own name of the call comes back to it.
        if (http.Request.Headers.TryGetValue(ClientRequestId, out var own) && own.Count == 1 && own[0] is { Length: > 0 and <= ClientRequestIdMax } id && id.All(static c => c is >= '!' and <= '~'))
        {
            http.Response.Headers[ClientRequestId] = id;
        }
    }

    /// <inheritdoc/>
    public override void Describe(HttpResponse response, AnswerFacts facts)
    {
        response.Headers["x-ms-deployment-name"] = facts.Deployment;
        response.Headers["openai-processing-ms"] = Text((long)facts.Elapsed.TotalMilliseconds);
        if (facts.Region is not null)
        {
            response.Headers["x-ms-region"] = facts.Region;
        }

        base.Describe(response, facts);
    }

    // The service's own checks of a body come in OpenAI's envelope, what its gateway says in the short one.
    /// <inheritdoc/>
    protected override void WriteError(Utf8JsonWriter writer, Problem problem, ProblemMeaning meaning)
    {
        if (meaning.Status is 400 or 413)
        {
            WriteOpenAiError(writer, problem, meaning);
            return;
        }

        writer.WriteString("code", meaning.AzureCode);
        writer.WriteString("message", problem.Message);
    }

    /// <inheritdoc/>
    protected override void WriteLimits(IHeaderDictionary headers, RateLimitState limits) =>
        WriteOpenAiLimits(headers, limits, static reset => Text((long)Math.Ceiling(reset.TotalSeconds)));
}
