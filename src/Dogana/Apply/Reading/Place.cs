using System.Text.Json;

namespace Dogana.Apply.Reading;

/// <summary>A place in the document.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Path">The keys and indices that lead to it.</param>
internal readonly record struct Place(int Line, int Column, string Path)
{
    private const int KeyLengthMax = 64;

    /// <summary>The file itself.</summary>
    public static Place Start { get; } = new(1, 1, "");

    /// <summary>A key below this place, on the same line until the key's own is known.</summary>
    public Place Key(string key)
    {
        var isSimple = key.Length is > 0 and <= KeyLengthMax && key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
        return this with { Path = !isSimple ? $"{Path}[{JsonSerializer.Serialize(Shown.Text(key))}]" : Path.Length == 0 ? key : $"{Path}.{key}" };
    }

    /// <summary>An entry of the list at this place.</summary>
    public Place Entry(int index) => this with { Path = $"{Path}[{index}]" };

    /// <summary>The same path, where a node of the document stands.</summary>
    public Place On(YamlNode node) => this with { Line = node.Line, Column = node.Column };
}
