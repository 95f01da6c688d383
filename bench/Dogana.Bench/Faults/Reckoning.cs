using Dogana.Metering;

namespace Dogana.Bench.Faults;

/// <summary>Compares what callers saw with the usage records, call by call.</summary>
internal sealed class Reckoning
{
    private readonly Dictionary<Guid, CallSeen> _seen = [];
    private readonly HashSet<Guid> _recorded = [];
    private long _nameless;

    public Reckoning(IEnumerable<CallSeen> seen)
    {
        foreach (var call in seen)
        {
            if (call.Id == Guid.Empty)
            {
                _nameless++;
            }
            else
            {
                _seen.Add(call.Id, call);
            }

            Count[call.Outcome] = Count.GetValueOrDefault(call.Outcome) + 1;
        }
    }

    /// <summary>Calls by how they looked.</summary>
    public Dictionary<CallOutcome, long> Count { get; } = [];

    /// <summary>Records by how they ended.</summary>
    public Dictionary<CallEnding, long> Endings { get; } = [];

    /// <summary>What all records count, in tokens.</summary>
    public long Tokens { get; private set; }

    /// <summary>Records for a call that has one already.</summary>
    public long Doubled { get; private set; }

    /// <summary>Whole answers whose record says something else than completed, or counts nothing.</summary>
    public long WholeAndNotCharged { get; private set; }

    /// <summary>Calls that failed or broke, with no kill to blame, and are charged.</summary>
    public long FailedAndCharged { get; private set; }

    /// <summary>Answers whose record counts other tokens than they said.</summary>
    public long OtherTokens { get; private set; }

    /// <summary>Records of calls that no caller knows, beyond the calls whose id no caller was told.</summary>
    public long OfNobody => Math.Max(0, _recorded.Count(id => !_seen.ContainsKey(id)) - _nameless);

    /// <summary>Whole answers without any record.</summary>
    public long WholeWithoutRecord => _seen.Values.Count(call => call.Outcome == CallOutcome.Whole && !_recorded.Contains(call.Id));

    /// <summary>Answers that began, and have no record.</summary>
    public long BegunWithoutRecord => _seen.Values.Count(call => call.IsBegun && !_recorded.Contains(call.Id));

    public void Take(UsageRecord record)
    {
        var id = Guid.Parse(record.Id);
        Endings[record.Ending] = Endings.GetValueOrDefault(record.Ending) + 1;
        var tokens = record.InputTokens + record.CachedInputTokens + record.OutputTokens;
        Tokens += tokens;
        if (!_recorded.Add(id))
        {
            Doubled++;
        }

        if (!_seen.TryGetValue(id, out var call))
        {
            return;
        }

        var isCharged = record.Ending is CallEnding.Completed or CallEnding.ClientClosed;
        WholeAndNotCharged += call.Outcome == CallOutcome.Whole && (record.Ending != CallEnding.Completed || tokens == 0) ? 1 : 0;
        FailedAndCharged += call.Outcome is CallOutcome.Failed or CallOutcome.Broken && isCharged ? 1 : 0;
        OtherTokens += call is { Outcome: CallOutcome.Whole, Tokens: >= 0 } && call.Tokens != tokens ? 1 : 0;
    }
}
