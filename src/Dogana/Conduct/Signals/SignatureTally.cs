namespace Dogana.Conduct.Signals;

/// <summary>How often a signature was met in a pane of time, and by how many different items.</summary>
internal sealed class SignatureTally
{
    public long Requests { get; set; }

    public long FirstMicros { get; set; } = long.MaxValue;

    public long LastMicros { get; set; } = long.MinValue;

    public DistinctItems Items { get; } = new();

    public void Add(ulong item, long micros)
    {
        Requests++;
        FirstMicros = Math.Min(FirstMicros, micros);
        LastMicros = Math.Max(LastMicros, micros);
        Items.Add(item);
    }

    public void Merge(SignatureTally other)
    {
        Requests += other.Requests;
        FirstMicros = Math.Min(FirstMicros, other.FirstMicros);
        LastMicros = Math.Max(LastMicros, other.LastMicros);
        Items.Merge(other.Items);
    }
}
