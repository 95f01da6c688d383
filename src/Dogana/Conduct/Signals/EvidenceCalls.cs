namespace Dogana.Conduct.Signals;

/// <summary>The last calls that met each signature, by their ids: what a person can look up. Bounded by count and by length.</summary>
internal sealed class EvidenceCalls
{
    public const int CallsMax = ConductFinding.CallIdsMax / 2;
    public const int IdMax = 48;
    public const int SignaturesMax = 16;

    public SortedDictionary<ulong, List<(long Micros, string Id)>> Calls { get; } = [];

    public void Add(ulong key, string id, long micros)
    {
        if (id.Length > IdMax || (!Calls.ContainsKey(key) && Calls.Count == SignaturesMax))
        {
            return;
        }

        if (!Calls.TryGetValue(key, out var calls))
        {
            Calls[key] = calls = [];
        }

        if (calls.Count == CallsMax)
        {
            calls.RemoveAt(0);
        }

        calls.Add((micros, id));
    }

    public IReadOnlyList<string> Of(ulong key) => Calls.TryGetValue(key, out var calls) ? [.. calls.Select(static call => call.Id)] : [];

    public void Merge(EvidenceCalls other)
    {
        foreach (var (key, calls) in other.Calls)
        {
            if (Calls.TryGetValue(key, out var mine) || Calls.Count < SignaturesMax)
            {
                Calls[key] = [.. (mine ?? []).Concat(calls).OrderBy(static call => call.Micros).ThenBy(static call => call.Id, StringComparer.Ordinal).TakeLast(CallsMax)];
            }
        }
    }
}
