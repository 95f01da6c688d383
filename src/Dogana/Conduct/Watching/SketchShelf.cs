using System.Diagnostics.CodeAnalysis;

namespace Dogana.Conduct.Watching;

/// <summary>The sketches that a node has at hand: a bounded number, of the accounts that called last. For one thread.</summary>
/// <param name="sketchesMax">How many at most.</param>
internal sealed class SketchShelf(int sketchesMax)
{
    private readonly Dictionary<ConductAccount, Place> _places = [];
    private long _clock;

    /// <summary>The sketches that the store does not have as they are.</summary>
    public IReadOnlyList<AccountSketch> Changed => [.. _places.Values.Where(static place => place.IsChanged).Select(static place => place.Sketch)];

    /// <summary>Is there room for one more, once those that the store has are let go?</summary>
    public bool HasRoom => _places.Count < sketchesMax || _places.Values.Any(static place => !place.IsChanged);

    /// <summary>Finds a sketch that is about to change.</summary>
    public bool TryChange(ConductAccount account, [NotNullWhen(true)] out AccountSketch? sketch)
    {
        if (!_places.TryGetValue(account, out var place))
        {
            sketch = null;
            return false;
        }

        (place.IsChanged, place.UsedAt, sketch) = (true, ++_clock, place.Sketch);
        return true;
    }

    /// <summary>Puts a sketch on the shelf, where there <see cref="HasRoom"/>.</summary>
    public void Add(AccountSketch sketch)
    {
        if (_places.Count >= sketchesMax)
        {
            // An eighth at once, so that not every new account looks at all others.
            foreach (var (oldest, _) in _places.Where(static item => !item.Value.IsChanged).OrderBy(static item => item.Value.UsedAt).Take(1 + sketchesMax / 8).ToArray())
            {
                _places.Remove(oldest);
            }
        }

        _places[sketch.Account] = new Place(sketch) { UsedAt = ++_clock };
    }

    /// <summary>The store has these now.</summary>
    public void Kept(IEnumerable<AccountSketch> sketches)
    {
        foreach (var sketch in sketches)
        {
            _places[sketch.Account].IsChanged = false;
        }
    }

    private sealed class Place(AccountSketch sketch)
    {
        public AccountSketch Sketch => sketch;

        public bool IsChanged { get; set; }

        public long UsedAt { get; set; }
    }
}
