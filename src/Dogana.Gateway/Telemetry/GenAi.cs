using Dogana.Catalog;
using Dogana.Gateway.Requests;

namespace Dogana.Gateway.Telemetry;

/// <summary>
/// The names by which calls are told to telemetry, all in this file. Those that begin with <c>gen_ai</c>, <c>error</c> and <c>server</c> are
/// OpenTelemetry's semantic conventions for generative AI; the others are Dogana's own.
/// </summary>
/// <remarks>
/// What labels a metric is bounded by what is declared: operations, models, deployments, upstreams and their kinds, tiers, codes of problems, kinds of limits. Customers, keys and calls
/// are in traces only; prompts and answers only where a project switched that on.
/// </remarks>
internal static class GenAi
{
    /// <summary>The name of the gateway's traces and meters.</summary>
    public const string Source = "Dogana.Gateway";

    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestMaxTokens = "gen_ai.request.max_tokens";
    public const string RequestChoices = "gen_ai.request.choice.count";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string CachedTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string InputMessages = "gen_ai.input.messages";
    public const string OutputMessages = "gen_ai.output.messages";
    public const string ErrorType = "error.type";

    public const string RequestDuration = "gen_ai.server.request.duration";
    public const string TimeToFirstToken = "gen_ai.server.time_to_first_token";
    public const string TimePerOutputToken = "gen_ai.server.time_per_output_token";
    public const string TokenUsage = "gen_ai.client.token.usage";

    public const string CallId = "dogana.call.id";
    public const string Project = "dogana.project";
    public const string Deployment = "dogana.deployment";
    public const string Upstream = "dogana.upstream";
    public const string Ending = "dogana.ending";
    public const string Tries = "dogana.tries";
    public const string IsEstimated = "dogana.usage.estimated";
    public const string Calls = "dogana.calls";
    public const string OpenCalls = "dogana.calls.open";
    public const string Refusals = "dogana.refusals";
    public const string ServiceTier = "dogana.service_tier";
    public const string UpstreamOpen = "dogana.upstream.calls.open";
    public const string UpstreamWaiting = "dogana.upstream.calls.waiting";
    public const string LimitRefusals = "dogana.limits.refusals";
    public const string DroppedRefusals = "dogana.limits.refusals.dropped";
    public const string LimitWaits = "dogana.limits.waits";
    public const string LimitKind = "dogana.limit.kind";
    public const string LimitOutcome = "dogana.limit.outcome";
    public const string FilterFindings = "dogana.filter.findings";
    public const string FilterDuration = "dogana.filter.duration";
    public const string FilterSource = "dogana.filter.source";
    public const string FilterCategory = "dogana.filter.category";
    public const string FilterSeverity = "dogana.filter.severity";
    public const string IsFiltered = "dogana.filter.filtered";
    public const string CacheAnswers = "dogana.response_cache.calls";
    public const string CacheOutcome = "dogana.response_cache.outcome";
    public const string DroppedCached = "dogana.response_cache.dropped";
    public const string Units = "dogana.usage.units";
    public const string MeterName = "dogana.meter";
    public const string Overruns = "dogana.overruns";

    /// <summary>The operation's name in the conventions.</summary>
    public static string NameOf(Operation operation) => operation switch
    {
        Operation.Embeddings => "embeddings",
        Operation.Completions => "text_completion",
        Operation.ImageGenerations => "image_generation", // these three are none of the conventions'
        Operation.Transcriptions => "speech_to_text",
        Operation.Speech => "text_to_speech",
        _ => "chat",
    };

    /// <summary>The provider's name in the conventions; for those they do not name, what it is.</summary>
    public static string NameOf(UpstreamKind kind) => kind switch
    {
        UpstreamKind.OpenAi => "openai",
        UpstreamKind.AzureOpenAi => "azure.ai.openai",
        UpstreamKind.Anthropic => "anthropic",
        UpstreamKind.Embedded => "dogana",
        _ => "openai_compatible",
    };
}
