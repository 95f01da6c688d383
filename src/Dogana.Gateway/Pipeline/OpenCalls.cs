using System.Collections.Concurrent;
using Dogana.Admission;
using Dogana.Gateway.Snapshots;
using Dogana.Gateway.Upstreams;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// The calls that are open on this node: how many each family has, so that none takes the room of the others; and by what each was admitted, and by which
/// key, so that what may be served no longer is broken off.
/// </summary>
internal sealed partial class OpenCalls(SnapshotKeeper snapshots, GatewayOptions options, TimeProvider time, ILogger<OpenCalls> log) : BackgroundService
{
    private readonly ConcurrentDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<CallLife, OpenCall> _calls = new();
    private GatewaySnapshot? _judged;

    /// <summary>Takes a place of the family's, to be given back with <see cref="Leave"/>; the refusal where it has none left.</summary>
    public Problem? Enter(string family)
    {
        var places = _families.GetOrAdd(family, static _ => new Family());
        if (Interlocked.Increment(ref places.Open) <= options.FamilyOpenCallsMax)
        {
            return null;
        }

        Interlocked.Decrement(ref places.Open);
        return new Problem(ProblemCode.FamilyBusy, $"Your corporate family has {options.FamilyOpenCallsMax} calls open here, as many as one may have. Wait until some are done.");
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(string family) => Interlocked.Decrement(ref _families[family].Open);

    /// <summary>Remembers by what a call was admitted until <see cref="Forget"/>.</summary>
    /// <param name="life">The call.</param>
    /// <param name="call">By what.</param>
    /// <param name="by">The snapshot that admitted it.</param>
    public void Remember(CallLife life, in OpenCall call, GatewaySnapshot by)
    {
        _calls[life] = call;

        // What changed since it was admitted may have been judged before it was here to be seen.
        if (snapshots.Current.TryGet(out var snapshot, out _) && !ReferenceEquals(snapshot, by) && Find(snapshot, call) is { } problem)
        {
            Cut(life, call.Facts, problem);
        }
    }

    /// <summary>The call is over.</summary>
    public void Forget(CallLife life) => _calls.TryRemove(life, out _);

    /// <summary>Breaks off every open call that would not be served now, or of which this node cannot know.</summary>
    public void Judge()
    {
        if (!snapshots.Current.TryGet(out var snapshot, out var stale))
        {
            _judged = null;
            CutEach(_ => stale);
        }
        else if (!ReferenceEquals(snapshot, _judged))
        {
            _judged = snapshot;
            CutEach(call => Find(snapshot, call));
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicWork.RunAsync(
        options.RefreshInterval, time, // not the keeper's own loop: that one may be waiting for a store that does not answer
        _ =>
        {
            Judge();
            return Task.CompletedTask;
        },
        fault =>
        {
            _judged = null;
            LogFailed(fault);
        },
        stoppingToken);

    // What was declared anew since the call was admitted is what counts: the same ids, looked up again.
    private static Problem? Find(GatewaySnapshot snapshot, in OpenCall call)
    {
        if (snapshot.Keys.FindCut(call.Key) is { } cut)
        {
            return cut;
        }

        var facts = call.Facts;
        return snapshot.Catalog.Models.TryGetValue(facts.Model.Id, out var model) && snapshot.Parties.Projects.TryGetValue(facts.Project.Id, out var project)
            && snapshot.Parties.Channels.TryGetValue(facts.Channel.Id, out var channel)
            ? snapshot.Admission.Find(facts with { Model = model, Project = project, Channel = channel }).OpenCallRefusal
            : null;
    }

    private void CutEach(Func<OpenCall, Problem?> judge)
    {
        foreach (var (life, call) in _calls)
        {
            if (life.CutBy is null && judge(call) is { } problem)
            {
                Cut(life, call.Facts, problem);
            }
        }
    }

    private void Cut(CallLife life, in AdmissionFacts facts, Problem problem)
    {
        life.Cut(problem);
        LogCut(facts.Project.Id, facts.Model.Id, problem.Code);
    }

    [LoggerMessage(2303, LogLevel.Error, "Open calls could not be judged; they are at the next turn.")]
    private partial void LogFailed(Exception fault);

    [LoggerMessage(2301, LogLevel.Information, "An open call of the project {Project} to {Model} was broken off: {Code}.")]
    private partial void LogCut(string project, string model, ProblemCode code);

    private sealed class Family
    {
#pragma warning disable CA1051 // counted by reference
        public int Open;
#pragma warning restore CA1051
    }
}

/// <summary>By what an open call was admitted.</summary>
/// <param name="Facts">What decides whether the model is served.</param>
/// <param name="Key">The id of the key that it came with.</param>
internal readonly record struct OpenCall(AdmissionFacts Facts, string Key);
