namespace FakeUpstream;

/// <summary>Scripts that are used one after the other; the last one stays. Thread-safe.</summary>
internal sealed class Turns
{
    private readonly IReadOnlyList<FakeScript> _scripts;
    private int _used;

    public Turns(IReadOnlyList<FakeScript> scripts)
    {
        _scripts = scripts.Count > 0 ? scripts : throw new ArgumentException("There is no script.", nameof(scripts));
    }

    public FakeScript Next()
    {
        var last = _scripts.Count - 1;
        return Volatile.Read(ref _used) >= last ? _scripts[last] : _scripts[Math.Min(Interlocked.Increment(ref _used) - 1, last)];
    }
}
