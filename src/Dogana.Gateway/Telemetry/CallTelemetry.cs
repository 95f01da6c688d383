using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Routing;
using Dogana.Gateway.Upstreams;
using Dogana.Limits;
using Dogana.Metering;

namespace Dogana.Gateway.Telemetry;

/// <summary>The gateway's instruments. Where nobody listens they cost next to nothing.</summary>
internal sealed class GatewayInstruments : IDisposable
{
    private readonly Meter _meter = new(GenAi.Source);

    public GatewayInstruments(RefusalLog refusals, LeaseKeeper leases)
    {
        Duration = _meter.CreateHistogram<double>(GenAi.RequestDuration, "s", "From the call's acceptance to its end.");
        FirstToken = _meter.CreateHistogram<double>(GenAi.TimeToFirstToken, "s", "From the call's acceptance to the first event of its stream.");
        PerToken = _meter.CreateHistogram<double>(GenAi.TimePerOutputToken, "s", "Between output tokens after the first.");
        Tokens = _meter.CreateHistogram<long>(GenAi.TokenUsage, "{token}", "Tokens of a call.");
        Units = _meter.CreateCounter<long>(GenAi.Units, "{unit}", "What calls counted beside tokens: images, seconds, characters.");
        Calls = _meter.CreateCounter<long>(GenAi.Calls, "{call}", "Calls that were opened, by how they ended.");
        Refusals = _meter.CreateCounter<long>(GenAi.Refusals, "{call}", "Calls that were refused before they were opened.");
        _meter.CreateObservableCounter(GenAi.LimitRefusals, () => Measure(refusals), "{call}", "Calls that a limit refused, and calls that one which only observes would have.");
        _meter.CreateObservableCounter(GenAi.DroppedRefusals, () => refusals.Dropped, "{call}", "Such calls that were too many to be kept for an explanation.");
        _meter.CreateObservableCounter(GenAi.LimitWaits, () => leases.Asks, "{call}", "Calls that waited for the store, for this node had not enough of a limit at hand.");
        Overruns = _meter.CreateCounter<long>(GenAi.Overruns, "{call}", "Calls that were charged more than the most that they could be expected to cost.");
        CacheAnswers = _meter.CreateCounter<long>(GenAi.CacheAnswers, "{call}", "Calls that a response cache was asked for, by what came of it.");
        DroppedCached = _meter.CreateCounter<long>(GenAi.DroppedCached, "{answer}", "Answers for response caches that were too many to be kept.");
        Open = _meter.CreateUpDownCounter<long>(GenAi.OpenCalls, "{call}", "Calls that are open now.");
    }

    public static ActivitySource Source { get; } = new(GenAi.Source);

    public Histogram<double> Duration { get; }

    public Histogram<double> FirstToken { get; }

    public Histogram<double> PerToken { get; }

    public Histogram<long> Tokens { get; }

    public Counter<long> Units { get; }

    public Counter<long> Calls { get; }

    public Counter<long> Refusals { get; }

    public Counter<long> Overruns { get; }

    public Counter<long> CacheAnswers { get; }

    public Counter<long> DroppedCached { get; }

    public UpDownCounter<long> Open { get; }

    /// <summary>Does anybody listen?</summary>
    public bool AreRead => Duration.Enabled || Calls.Enabled || Tokens.Enabled;

    /// <summary>Tells of the places at upstreams, by upstream and tier.</summary>
    public void ObservePlaces(Func<IEnumerable<Measurement<int>>> open, Func<IEnumerable<Measurement<int>>> waiting)
    {
        _meter.CreateObservableUpDownCounter(GenAi.UpstreamOpen, open, "{call}", "Calls that have a place at an upstream now.");
        _meter.CreateObservableUpDownCounter(GenAi.UpstreamWaiting, waiting, "{call}", "Calls that wait for a place at an upstream now.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Measure(RefusalLog refusals) => refusals.Counts().Select(static item => new Measurement<long>(
        item.Count, new(GenAi.LimitKind, item.Kind), new KeyValuePair<string, object?>(GenAi.LimitOutcome, item.IsObserved ? "observed" : "refused")));
}

/// <summary>What is told of one call, from its acceptance to its end. Told once.</summary>
internal sealed class CallTelemetry
{
    // An attribute that is longer is of no use to anybody who looks at traces.
    private const int ContentMax = 32 * 1024;

    private readonly GatewayInstruments _instruments;
    private readonly UpstreamCall _call;
    private readonly RoutedCall? _routed; // null where no upstream answers it
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly Activity? _activity;
    private readonly bool _tracesContent;
    private long _first;

    public CallTelemetry(GatewayInstruments instruments, UpstreamCall call, RoutedCall? routed, string project, bool tracesContent, TimeProvider time)
    {
        (_instruments, _call, _routed, _time, _began) = (instruments, call, routed, time, time.GetTimestamp());
        instruments.Open.Add(1);
        if (!GatewayInstruments.Source.HasListeners())
        {
            return;
        }

        _activity = GatewayInstruments.Source.StartActivity($"{GenAi.NameOf(call.Request.Operation)} {call.Model.Id}", ActivityKind.Client);
        _tracesContent = tracesContent && _activity is { IsAllDataRequested: true };
        _activity?.SetTag(GenAi.CallId, call.Id).SetTag(GenAi.Project, project).SetTag(GenAi.Deployment, call.Deployment.Name)
            .SetTag(GenAi.OperationName, GenAi.NameOf(call.Request.Operation)).SetTag(GenAi.RequestModel, call.Model.Id)
            .SetTag(GenAi.RequestMaxTokens, call.OutputTokensMax).SetTag(GenAi.RequestChoices, call.Request.Choices);
        if (_tracesContent)
        {
            _activity!.SetTag(GenAi.InputMessages, Prompt(call.Request));
        }
    }

    /// <summary>The first event of the stream is on its way to the client.</summary>
    public void First() => _first = _first == 0 ? _time.GetTimestamp() : _first;

    /// <summary>The whole answer, where the project traces content.</summary>
    public void Answer(ReadOnlyMemory<byte> body)
    {
        if (_tracesContent)
        {
            _activity!.SetTag(GenAi.OutputMessages, Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, ContentMax)]));
        }
    }

    /// <summary>The call has ended; <paramref name="isOverrun"/> says that it was charged more than was held for it.</summary>
    public void End(CallEnding ending, TokenUsage usage, ProblemCode? problem, bool isOverrun = false)
    {
        _instruments.Open.Add(-1);
        if (_instruments.AreRead)
        {
            Measure(ending, usage, problem, isOverrun);
        }

        if (_activity is not null)
        {
            Describe(_activity, ending, usage, problem);
            _activity.Dispose();
        }
    }

    // What a response cache answers is this server's own.
    private string Provider => GenAi.NameOf(_routed?.Current.Upstream.Kind ?? Catalog.UpstreamKind.Embedded);

    private void Measure(CallEnding ending, TokenUsage usage, ProblemCode? problem, bool isOverrun)
    {
        var tags = new TagList
        {
            { GenAi.OperationName, GenAi.NameOf(_call.Request.Operation) },
            { GenAi.ProviderName, Provider },
            { GenAi.RequestModel, _call.Model.Id },
            { GenAi.Deployment, _call.Deployment.Name },
        };
        Count(tags, usage);
        if (isOverrun)
        {
            _instruments.Overruns.Add(1, tags);
        }

        tags.Add(GenAi.Ending, NameOf(ending));
        if (problem is not null)
        {
            tags.Add(GenAi.ErrorType, problem.Value.ToString());
        }

        _instruments.Duration.Record(_time.GetElapsedTime(_began).TotalSeconds, tags);
        _instruments.Calls.Add(1, tags);
    }

    private static string NameOf(CallEnding ending) => JsonNamingPolicy.SnakeCaseLower.ConvertName(ending.ToString());

    private static string Prompt(CallRequest request)
    {
        var field = request.Fields.ContainsKey("messages") ? "messages" : request.Fields.ContainsKey("input") ? "input" : "prompt";
        var text = request.Fields.TryGetValue(field, out var range) ? request.Body.Span[range] : default;
        return Encoding.UTF8.GetString(text[..Math.Min(text.Length, ContentMax)]);
    }

    private void Count(TagList tags, TokenUsage usage)
    {
        if (_first != 0)
        {
            var first = _time.GetElapsedTime(_began, _first).TotalSeconds;
            _instruments.FirstToken.Record(first, tags);
            if (usage.OutputTokens > 1)
            {
                _instruments.PerToken.Record((_time.GetElapsedTime(_began).TotalSeconds - first) / (usage.OutputTokens - 1), tags);
            }
        }

        if (usage.Units is { } units)
        {
            tags.Add(GenAi.MeterName, units.Meter.Family.Name);
            _instruments.Units.Add(units.Quantity, tags);
            tags.RemoveAt(tags.Count - 1);
        }

        if (_instruments.Tokens.Enabled && usage.TotalTokens > 0)
        {
            var (input, output) = (tags, tags);
            input.Add(GenAi.TokenType, "input");
            output.Add(GenAi.TokenType, "output");
            _instruments.Tokens.Record(usage.PromptTokens, input);
            _instruments.Tokens.Record(usage.OutputTokens, output);
        }
    }

    private void Describe(Activity activity, CallEnding ending, TokenUsage usage, ProblemCode? problem)
    {
        activity.SetTag(GenAi.ProviderName, Provider).SetTag(GenAi.Upstream, _routed?.Current.Upstream.Id)
            .SetTag(GenAi.Tries, _routed?.Tries ?? 0).SetTag(GenAi.Ending, NameOf(ending))
            .SetTag(GenAi.InputTokens, usage.PromptTokens).SetTag(GenAi.CachedTokens, usage.CachedInputTokens).SetTag(GenAi.OutputTokens, usage.OutputTokens);
        if (usage.CacheWriteTokens > 0)
        {
            activity.SetTag(GenAi.CacheWriteTokens, usage.CacheWriteTokens);
        }

        if (usage.Units is { } units)
        {
            activity.SetTag(GenAi.MeterName, units.Meter.Name).SetTag(GenAi.Units, units.Quantity);
        }

        if (usage.IsEstimated)
        {
            activity.SetTag(GenAi.IsEstimated, true);
        }

        if (problem is not null)
        {
            activity.SetTag(GenAi.ErrorType, problem.Value.ToString());
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }
}
