using System.Globalization;
using System.Text.Json;
using Dogana.Access;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Dialects;

/// <summary>How a client speaks: where its key and its deployment stand, and what an error looks like to it.</summary>
internal abstract class Dialect
{
    public static Dialect OpenAi { get; } = new OpenAiDialect();

    public static Dialect Azure { get; } = new AzureDialect();

    /// <summary>
    /// The credential: <c>Authorization: Bearer KEY</c> or <c>api-key: KEY</c>. Both dialects take both: OpenAI's SDK pointed at an Azure address
    /// sends an Azure key as Bearer.
    /// </summary>
    public static string? Credential(HttpRequest request)
    {
        if (request.Headers.TryGetValue("api-key", out var key) && !string.IsNullOrEmpty(key))
        {
            return key;
        }

        return BearerToken.Find(request);
    }

    /// <summary>Names the call in the response's headers, as this dialect's clients look for it.</summary>
    public abstract void NameCall(HttpResponse response, string callId);

    /// <summary>The error's JSON.</summary>
    public byte[] Error(Problem problem)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WireJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("error");
            WriteError(writer, problem, ProblemTable.Of(problem.Code));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Answers with an error; only while nothing of an answer has been sent.</summary>
    public async Task WriteErrorAsync(HttpResponse response, Problem problem)
    {
        var meaning = ProblemTable.Of(problem.Code);
        response.StatusCode = meaning.Status;
        response.ContentType = "application/json";
        response.Headers["x-should-retry"] = meaning.Retryable ? "true" : "false"; // openai-node obeys it
        if (meaning.Status is 429 or 503)
        {
            // Both: OpenAI's .NET client reads only whole seconds and retries at once without them (reference: measured).
            var wait = problem.RetryAfter ?? TimeSpan.FromSeconds(1);
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            response.Headers["retry-after-ms"] = Math.Max(1, (long)wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        var body = Error(problem);
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body);
    }

    protected abstract void WriteError(Utf8JsonWriter writer, Problem problem, ProblemMeaning meaning);

    /// <summary>OpenAI's envelope: all four fields are required, two may be null.</summary>
    protected static void WriteOpenAiError(Utf8JsonWriter writer, Problem problem, ProblemMeaning meaning)
    {
        writer.WriteString("message", problem.Message);
        writer.WriteString("type", meaning.OpenAiType);
        writer.WriteString("param", problem.Param);
        writer.WriteString("code", meaning.OpenAiCode);
    }

    private sealed class OpenAiDialect : Dialect
    {
        public override void NameCall(HttpResponse response, string callId) => response.Headers["x-request-id"] = callId;

        protected override void WriteError(Utf8JsonWriter writer, Problem problem, ProblemMeaning meaning) => WriteOpenAiError(writer, problem, meaning);
    }

    private sealed class AzureDialect : Dialect
    {
        public override void NameCall(HttpResponse response, string callId)
        {
            response.Headers["apim-request-id"] = callId;
            response.Headers["x-request-id"] = callId;
        }

        // The service's own checks of a body come in OpenAI's envelope, what its gateway says in the short one.
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
    }
}
