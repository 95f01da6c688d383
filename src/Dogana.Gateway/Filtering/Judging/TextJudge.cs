using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Dogana.Filtering;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway.Filtering.Judging;

/// <summary>
/// Looks at texts by a call's policies. Works beside the threads that serve calls, as many texts at once as there are processors; calls wait for a bounded time in
/// a bounded queue. Whatever keeps it from looking is a failure, and what that means is the policy's. Thread-safe.
/// </summary>
internal sealed partial class TextJudge(GatewayOptions options, TimeProvider time, ILogger<TextJudge> log, EmbeddedEngine? engine = null) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(Environment.ProcessorCount);
    private readonly SeverityCache _cache = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentDictionary<FilterProvider, ITextClassifier> _providers = new();
    private int _calls;

    /// <summary>Looks at texts, and says the worst of all of them. Never throws but for <paramref name="cancellation"/>.</summary>
    public async Task<Judgement> JudgeAsync(AppliedFilter filter, FilterSource source, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var judgement = Judgement.Clean(filter, source);
        if (texts.Count == 0 || !filter.LooksAt(source))
        {
            return judgement;
        }

        try
        {
            return await InTurnAsync(
                async cancelled =>
                {
                    judgement = judgement with { Lists = await Task.Run(() => texts.SelectMany(text => filter.FindLists(source, text)).Distinct().ToArray(), cancelled) };
                    return filter.IsClassified(source) ? judgement with { Severities = await ClassifyAsync(filter, texts, cancelled) } : judgement;
                },
                cancellation);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogFailed(filter.Name, fault is ProblemException known ? known.Problem.Message : fault is RegexMatchTimeoutException ? "A pattern took too long." : fault.ToString());
            return judgement with { HasFailed = true }; // what a list found stands
        }
    }

    /// <summary>The numbers of the classifier in this process for each text: those of its worst piece.</summary>
    /// <exception cref="ProblemException">It could not look.</exception>
    public Task<IReadOnlyList<float[]>> ScoreAsync(IReadOnlyList<string> texts, CancellationToken cancellation) => InTurnAsync<IReadOnlyList<float[]>>(
        async cancelled =>
        {
            var classifier = engine is null ? throw Missing() : new EmbeddedTextClassifier(engine);
            var all = new List<float[]>();
            foreach (var text in texts)
            {
                var worst = new float[HarmClassifier.Outputs];
                foreach (var scores in await classifier.ScoreAsync([.. TextWindows.Of(text)], cancelled))
                {
                    for (var i = 0; i < worst.Length; i++)
                    {
                        worst[i] = Math.Max(worst[i], scores[i]);
                    }
                }

                all.Add(worst);
            }

            return all;
        },
        cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _slots.Dispose();
        _http.Dispose();
    }

    // Waits for one of the few places, no longer than the filter may take.
    private async Task<T> InTurnAsync<T>(Func<CancellationToken, Task<T>> look, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(options.FilterTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            if (Interlocked.Increment(ref _calls) > Environment.ProcessorCount + options.FilterQueueMax)
            {
                throw new ProblemException(new Problem(ProblemCode.FilterUnavailable, "Too many calls wait for the content filter. Try again shortly."));
            }

            await _slots.WaitAsync(either.Token);
            try
            {
                return await look(either.Token);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ProblemException(new Problem(ProblemCode.FilterUnavailable, "The content filter did not look in time. Try again shortly, or send less text."));
        }
        finally
        {
            Interlocked.Decrement(ref _calls);
        }
    }

    private async Task<FilterSeverities> ClassifyAsync(AppliedFilter filter, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var pieces = await Task.Run(() => texts.SelectMany(TextWindows.Of).Distinct(StringComparer.Ordinal).ToArray(), cancellation);
        var worst = default(FilterSeverities);
        foreach (var provider in filter.Providers)
        {
            var unknown = new List<(UInt128 Key, string Piece)>();
            foreach (var piece in pieces)
            {
                var key = SeverityCache.Key(provider?.Id, piece);
                if (_cache.Find(key) is { } known)
                {
                    worst = worst.Or(known);
                }
                else
                {
                    unknown.Add((key, piece));
                }
            }

            if (unknown.Count == 0)
            {
                continue;
            }

            foreach (var ((key, _), severities) in unknown.Zip(await For(provider).ClassifyAsync([.. unknown.Select(static item => item.Piece)], cancellation)))
            {
                _cache.Add(key, severities);
                worst = worst.Or(severities);
            }
        }

        return worst;
    }

    private ITextClassifier For(FilterProvider? provider) => provider is not null
        ? _providers.GetOrAdd(provider, static (known, with) => new HttpTextClassifier(known, with.Http, with.Time), (Http: _http, Time: time))
        : engine is not null ? new EmbeddedTextClassifier(engine)
        : throw Missing();

    private static ProblemException Missing() => new(new Problem(ProblemCode.FilterUnavailable, "This node has no classifier: it was started without embedded models."));

    [LoggerMessage(3821, LogLevel.Warning, "The content filter by {Policy} could not look: {Why}")]
    private partial void LogFailed(string policy, string why);
}
