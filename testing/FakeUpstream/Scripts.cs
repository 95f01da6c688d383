using System.Collections.Concurrent;

namespace FakeUpstream;

/// <summary>Finds the script for a request. Thread-safe.</summary>
internal sealed class Scripts
{
    /// <summary>So many scripts in names are kept before all are forgotten, and their turns begin anew.</summary>
    private const int KeptNames = 2_000;

    private readonly ConcurrentQueue<FakeScript> _queue = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<FakeScript>> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Turns> _ofModels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Turns> _ofKeys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Turns> _inNames = new(StringComparer.Ordinal);
    private FakeScript _default = new();

    public FakeScript Default
    {
        get => Volatile.Read(ref _default);
        set
        {
            Volatile.Write(ref _default, value);
            _inNames.Clear(); // names are read on top of it
        }
    }

    public void Enqueue(FakeScript script) => _queue.Enqueue(script);

    public void Enqueue(string model, FakeScript script) => _queues.GetOrAdd(model, static _ => new()).Enqueue(script);

    public void SetForModel(string model, Turns turns) => _ofModels[model] = turns;

    public void SetForKey(string key, Turns turns) => _ofKeys[key] = turns;

    public FakeScript Next(string model, string? key)
    {
        if (key is not null && OfKey(key) is { } turns)
        {
            return turns.Next();
        }

        if ((_queues.TryGetValue(model, out var own) && own.TryDequeue(out var script)) || _queue.TryDequeue(out script))
        {
            return script;
        }

        return _ofModels.TryGetValue(model, out turns) ? turns.Next() : model.Contains('+', StringComparison.Ordinal) ? InName(model).Next() : Default;
    }

    private Turns? OfKey(string key)
    {
        if (_ofKeys.TryGetValue(key, out var turns))
        {
            return turns;
        }

        return key.StartsWith("fake", StringComparison.Ordinal) && key.Contains('+', StringComparison.Ordinal) ? InName(key) : null;
    }

    private Turns InName(string name)
    {
        if (_inNames.TryGetValue(name, out var turns))
        {
            return turns;
        }

        if (_inNames.Count >= KeptNames)
        {
            _inNames.Clear();
        }

        var read = new Turns(ScriptName.ReadAll(name, Default));
        return _inNames.GetOrAdd(name, read);
    }
}
