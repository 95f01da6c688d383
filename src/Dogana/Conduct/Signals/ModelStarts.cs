namespace Dogana.Conduct.Signals;

/// <summary>How an account took up models: when it first called each, and how many of its calls of the day that followed went there. The newest few models.</summary>
internal sealed class ModelStarts
{
    public const int Kept = 16;

    public const long Day = 86_400_000_000;

    /// <summary>By the key of the model's id.</summary>
    public SortedDictionary<ulong, (long FirstMicros, long Calls, long Others)> Starts { get; } = [];

    public void Add(ulong model, long micros)
    {
        if (!Starts.ContainsKey(model))
        {
            Starts[model] = (micros, 0, 0);
            Trim();
        }

        foreach (var (key, start) in Starts.Where(start => micros >= start.Value.FirstMicros && micros - start.Value.FirstMicros < Day).ToArray())
        {
            Starts[key] = key == model ? start with { Calls = start.Calls + 1 } : start with { Others = start.Others + 1 };
        }
    }

    public void Merge(ModelStarts other)
    {
        foreach (var (key, start) in other.Starts)
        {
            Starts[key] = Starts.TryGetValue(key, out var mine) ? (Math.Min(mine.FirstMicros, start.FirstMicros), mine.Calls + start.Calls, mine.Others + start.Others) : start;
        }

        Trim();
    }

    private void Trim()
    {
        while (Starts.Count > Kept)
        {
            Starts.Remove(Starts.MinBy(static start => start.Value.FirstMicros).Key);
        }
    }
}
