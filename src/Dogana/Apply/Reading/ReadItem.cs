namespace Dogana.Apply.Reading;

/// <summary>A mapping, read: the values of its keys by name, and where they stand.</summary>
internal sealed class ReadItem(Place place)
{
    private readonly Dictionary<string, (object Value, Place Place)> _values = new(StringComparer.Ordinal);

    /// <summary>Where it begins.</summary>
    public Place Place { get; } = place;

    /// <summary>Has every key that it must have, each with a value of its type?</summary>
    public bool IsWhole { get; set; } = true;

    public void Add(string key, object value, Place place) => _values.Add(key, (value, place));

    public bool Has(string key) => _values.ContainsKey(key);

    public T Get<T>(string key) => (T)_values[key].Value;

    /// <summary>The text, or null when the key was left out.</summary>
    public string? FindText(string key) => _values.TryGetValue(key, out var found) ? (string)found.Value : null;

    /// <summary>The value, or null when the key was left out.</summary>
    public T? Find<T>(string key)
        where T : struct => _values.TryGetValue(key, out var found) ? (T)found.Value : null;

    /// <summary>The mapping under a key, or null when it was left out.</summary>
    public ReadItem? FindItem(string key) => _values.TryGetValue(key, out var found) ? (ReadItem)found.Value : null;

    /// <summary>The entries of a list; none when the key was left out.</summary>
    public IReadOnlyList<ReadItem> Items(string key) => _values.TryGetValue(key, out var found) ? (IReadOnlyList<ReadItem>)found.Value : [];

    /// <summary>Where a key's value stands, or the mapping when the key was left out.</summary>
    public Place PlaceOf(string key) => _values.TryGetValue(key, out var found) ? found.Place : Place.Key(key);
}

/// <summary>The id of an object elsewhere, written in the file.</summary>
/// <param name="Section">The section that the object would be in.</param>
/// <param name="Id">Its id.</param>
/// <param name="Place">Where it is written.</param>
internal sealed record Reference(string Section, string Id, Place Place);

/// <summary>An object that the file declares, and where.</summary>
internal sealed record Declared<T>(T Value, ReadItem Source);
