namespace Dogana.Apply.Shapes;

/// <summary>A kind of mapping: its keys and which of them go together.</summary>
/// <param name="Name">In the singular, as changes name it: <c>price_book</c>.</param>
/// <param name="Description">For the reader of the schema.</param>
/// <param name="Keys">All keys that it may have.</param>
internal sealed record ObjectShape(string Name, string Description, IReadOnlyList<KeyShape> Keys)
{
    /// <summary>What holds when a key has a value.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>The name in a sentence.</summary>
    public string Words => Name.Replace('_', ' ');

    /// <summary>One of them, within a sentence: "an organisation".</summary>
    public string One => (IsVowel ? "an " : "a ") + Words;

    /// <summary>One of them, at the start of a sentence.</summary>
    public string First => (IsVowel ? "An " : "A ") + Words;

    private bool IsVowel => "aeiou".Contains(Name[0], StringComparison.Ordinal);

    public KeyShape? Find(string key) => Keys.FirstOrDefault(known => known.Name == key);
}

/// <summary>A key of a mapping.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Value">What stands under it.</param>
/// <param name="IsRequired">Must it be there?</param>
internal sealed record KeyShape(string Name, ValueShape Value, bool IsRequired = true);

/// <summary>When <paramref name="Key"/> is <paramref name="Value"/>, or is left out where that is null, some keys must be there and others must not.</summary>
internal sealed record Condition(string Key, string? Value, IReadOnlyList<string> Required, IReadOnlyList<string> Forbidden);
