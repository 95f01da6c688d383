using Dogana.Catalog;
using Dogana.Gateway.Pipeline;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Routing;
using Dogana.Metering;

namespace Dogana.Gateway.Upstreams;

/// <summary>Where calls are sent. One instance serves many calls at once.</summary>
internal interface IUpstream
{
    /// <summary>
    /// Reads the call as this upstream will serve it, once. A problem when it cannot be served at all (a feature that the upstream does not have).
    /// </summary>
    Outcome<PreparedCall> Prepare(UpstreamCall call, Route route);
}

/// <summary>A call that its upstream has read and can send.</summary>
/// <param name="PromptTokensMax">The most prompt tokens that the call can count.</param>
/// <param name="SendAsync">
/// Sends the call with one of the upstream's keys. What fails before the first byte is a problem, and its code says whose fault it was
/// (<see cref="Routing.FaultClass"/>); later failures come out of <see cref="StreamedAnswer.NextAsync"/>.
/// </param>
internal sealed record PreparedCall(long PromptTokensMax, Func<UpstreamKey, CallLife, Task<Outcome<UpstreamAnswer>>> SendAsync);

/// <summary>A call on its way out.</summary>
/// <param name="Id">The call's id.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Deployment">What was called.</param>
/// <param name="Model">The model behind it.</param>
/// <param name="AcceptedAt">When it was accepted.</param>
/// <param name="OutputTokensMax">The output limit per choice: the caller's own, or the deployment's default.</param>
/// <param name="PromptTokens">The prompt's tokens, counted here: an upper bound where the model's tokenizer is not known.</param>
internal sealed record UpstreamCall(
    string Id, CallRequest Request, Deployment Deployment, Model Model, DateTimeOffset AcceptedAt, long OutputTokensMax, long PromptTokens)
{
    /// <summary>Headers of the client that go on to an upstream which serves the very operation.</summary>
    public IReadOnlyList<(string Name, string Value)> PassedHeaders { get; init; } = [];

    /// <summary>By what it shares places with other calls, and the tier that it is served in.</summary>
    public CallShare Share { get; init; } = CallShare.None;

    /// <summary>How it is charged, where that is not by the token.</summary>
    public UnitPricing? Units { get; init; }

    /// <summary>The most that the call can use.</summary>
    /// <param name="promptTokens">The most prompt tokens that it can count.</param>
    public TokenUsage MostOf(long promptTokens) => Units is { } units ? new TokenUsage(0, 0, 0) { Units = units.Most }
        : new TokenUsage(promptTokens, 0, OutputTokensMax * Request.Choices) { Units = Request.Media?.Form is null ? null : new MeteredUnits(Meter.AudioInputTokens, SoundTokensMax) };

    // OpenAI's models count about ten tokens in a second of sound; none counts more than it can read at once.
    private long SoundTokensMax => Math.Min((Request.Media?.Length.SecondsMax ?? 0) * SoundTokensPerSecond, Model.ContextTokens);

    private const long SoundTokensPerSecond = 20;

    /// <summary>Counts what the model generates, where the upstream does not say.</summary>
    public TokenCounter Counter => TokenCounter.For(Model.Tokenizer);
}

/// <summary>One of an upstream's keys.</summary>
/// <param name="Id">Names it in logs and health; never the key itself.</param>
/// <param name="Secret">The key; null where the upstream takes none.</param>
internal sealed record UpstreamKey(string Id, string? Secret)
{
    public static UpstreamKey None { get; } = new("none", null);

    public override string ToString() => Id; // a record prints all it has
}
