using System.Globalization;
using System.Text.Json;
using Dogana.Access;
using Dogana.Admission;
using Dogana.Catalog;
using Dogana.Gateway.Caching;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Upstreams.Sse;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Dialects;

/// <summary>How a client speaks: where its key and its deployment stand, what an error looks like to it, and which headers it reads.</summary>
internal abstract class Dialect
{
    // What clients wait for; beyond it they would try again sooner, and in vain.
    private static readonly TimeSpan WorthWaiting = TimeSpan.FromMinutes(1);

    public static Dialect OpenAi { get; } = new OpenAiDialect();

    public static Dialect Azure { get; } = new AzureDialect();

    public static Dialect Anthropic { get; } = new AnthropicDialect();

    /// <summary>What scopes of keys call it: one of <see cref="KeyScope.DialectNames"/>.</summary>
    public abstract string Name { get; }

    /// <summary>Has it fields for what a content filter found?</summary>
    public virtual bool ShowsFilterResults => false;

    /// <summary>
    /// The credential: <c>Authorization: Bearer KEY</c>, <c>api-key: KEY</c> or <c>x-api-key: KEY</c>. All dialects take all of them: OpenAI's SDK pointed
    /// at an Azure address sends an Azure key as Bearer, and so does Anthropic's.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="isBearer">Does it stand behind <c>Bearer</c>?</param>
    public static string? Credential(HttpRequest request, out bool isBearer)
    {
        isBearer = false;
        foreach (var name in (ReadOnlySpan<string>)["api-key", "x-api-key"])
        {
            if (request.Headers.TryGetValue(name, out var key) && !string.IsNullOrEmpty(key))
            {
                return key;
            }
        }

        isBearer = true;
        return BearerToken.Find(request);
    }

    /// <summary>Names the call in the response's headers, as this dialect's clients look for it.</summary>
    public abstract void NameCall(HttpContext http, string callId);

    /// <summary>Writes the headers that describe an answer, and the limits that it was counted against.</summary>
    public virtual void Describe(HttpResponse response, AnswerFacts facts)
    {
        response.Headers["dogana-service-tier"] = EnumWords.Of(facts.Tier);
        if (facts.Decision.Deprecation is { } deprecation)
        {
            WriteDeprecation(response.Headers, deprecation);
        }

        if (facts.Decision.Labels is { } labels)
        {
            response.Headers["dogana-labels"] = labels;
        }

        foreach (var standing in facts.Decision.Measures)
        {
            response.Headers.Append("dogana-warning", $"measure {standing.Measure.Id}: {EnumWords.Of(standing.Measure.Level)}");
        }

        if (facts.SpilledFrom is { } provisioned)
        {
            // Azure OpenAI's names, in all dialects.
            response.Headers["x-ms-spillover-from-deployment"] = provisioned;
            response.Headers["x-ms-deployment-name"] = facts.Deployment;
        }

        if (facts.Cache is { } cache)
        {
            response.Headers[CacheUse.Header] = cache.Age is null ? "miss" : "hit";
            if (cache.Age is { } age)
            {
                response.Headers.Age = Text((long)age.TotalSeconds); // RFC 9111, section 5.1
            }
        }

        if (facts.Limits is { } limits)
        {
            WriteLimits(response.Headers, limits);
        }
    }

    /// <summary>The error's JSON.</summary>
    public byte[] Error(Problem problem, string? callId = null)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WireJson.Options))
        {
            WriteEnvelope(writer, problem, ProblemTable.Of(problem.Code), callId);
        }

        return stream.ToArray();
    }

    /// <summary>Answers with an error; only while nothing of an answer has been sent.</summary>
    public async Task WriteErrorAsync(HttpResponse response, Problem problem, string? callId = null)
    {
        var meaning = ProblemTable.Of(problem.Code);
        response.StatusCode = meaning.Status;
        response.ContentType = "application/json";
        response.Headers["x-should-retry"] = meaning.Retryable || problem.RetryAfter <= WorthWaiting ? "true" : "false"; // openai-node and Anthropic's obey it
        if ((problem.RetryAfter ?? (meaning is { Retryable: true, Status: 429 or 503 } ? TimeSpan.FromSeconds(1) : null)) is { } wait)
        {
            // Both: OpenAI's .NET client reads only whole seconds and retries at once without them (reference: measured).
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            response.Headers["retry-after-ms"] = Math.Max(1, (long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
        }

        var body = Error(problem, callId);
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body);
    }

    /// <summary>Writes an error into a stream that has begun, as the operation's clients read it.</summary>
    public void WriteStreamError(SseWriter events, Operation operation, Problem problem)
    {
        if (operation == Operation.Messages)
        {
            events.Write("error"u8, Error(problem));
            return;
        }

        if (operation != Operation.Responses)
        {
            events.Write(default, Error(problem));
            return;
        }

        // OpenAI's API reference, "Streaming events", error.
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WireJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "error");
            writer.WriteString("code", ProblemTable.Of(problem.Code).OpenAiCode);
            writer.WriteString("message", problem.Message);
            writer.WriteString("param", problem.Param);
            writer.WriteNumber("sequence_number", events.Count); // they rise by one from 0
            writer.WriteEndObject();
        }

        events.Write("error"u8, stream.ToArray());
    }

    protected virtual void WriteEnvelope(Utf8JsonWriter writer, Problem problem, ProblemMeaning meaning, string? callId)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        WriteError(writer, problem, meaning);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    protected abstract void WriteError(Utf8JsonWriter writer, Problem problem, ProblemMeaning meaning);

    protected abstract void WriteLimits(IHeaderDictionary headers, RateLimitState limits);

    /// <summary>OpenAI's envelope: all four fields are required, two may be null.</summary>
    protected static void WriteOpenAiError(Utf8JsonWriter writer, Problem problem, ProblemMeaning meaning)
    {
        writer.WriteString("message", problem.Message);
        writer.WriteString("type", meaning.OpenAiType);
        writer.WriteString("param", problem.Param);
        writer.WriteString("code", meaning.OpenAiCode);
        if (problem.Details is { } details)
        {
            using var more = JsonDocument.Parse(details);
            foreach (var field in more.RootElement.EnumerateObject())
            {
                field.WriteTo(writer);
            }
        }
    }

    /// <summary>OpenAI's and Azure's names of the limits; only the time until they begin anew is written in two ways.</summary>
    protected static void WriteOpenAiLimits(IHeaderDictionary headers, RateLimitState limits, Func<TimeSpan, string> duration)
    {
        Write("requests", limits.Requests);
        Write("tokens", limits.Tokens);

        void Write(string what, UnitLimit? of)
        {
            if (of is { } limit)
            {
                headers[$"x-ratelimit-limit-{what}"] = Text(limit.Limit);
                headers[$"x-ratelimit-remaining-{what}"] = Text(limit.Remaining);
                headers[$"x-ratelimit-reset-{what}"] = duration(limit.Reset);
            }
        }
    }

    // Sources: RFC 9745 (a date of RFC 9651), RFC 8594 (an HTTP date).
    private static void WriteDeprecation(IHeaderDictionary headers, Deprecation deprecation)
    {
        if (deprecation.DeprecatedAt is { } deprecated)
        {
            headers["deprecation"] = "@" + Text(deprecated.ToUnixTimeSeconds());
        }

        if (deprecation.RetiresAt is { } retires)
        {
            headers["sunset"] = retires.ToString("R", CultureInfo.InvariantCulture);
        }

        if (deprecation.Replacement is { } replacement)
        {
            headers["dogana-replacement"] = replacement;
        }
    }

    protected static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the headers say of an answer.</summary>
/// <param name="Deployment">What was called.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Region">Where it was computed; null where that is not stated.</param>
/// <param name="Elapsed">From the call's arrival to its answer's first byte.</param>
/// <param name="Limits">The limits that it was counted against, if any.</param>
/// <param name="Decision">By what it was admitted: its marks and warnings.</param>
/// <param name="Tier">The tier that it was served in.</param>
/// <param name="SpilledFrom">The provisioned deployment that was called and had no room, where another one served it.</param>
internal readonly record struct AnswerFacts(
    string Deployment, string Organisation, string? Region, TimeSpan Elapsed, RateLimitState? Limits, AdmissionDecision Decision, ServiceTier Tier, string? SpilledFrom)
{
    /// <summary>What the project's response cache did; null where it has none.</summary>
    public CacheUse? Cache { get; init; }
}
