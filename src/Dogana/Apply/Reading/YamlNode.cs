namespace Dogana.Apply.Reading;

/// <summary>A part of the document and where it begins.</summary>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>What it is, for a message.</summary>
    public abstract string Kind { get; }
}

/// <summary>A scalar, exactly as written: nothing is made a number or a date before a key asks for one.</summary>
internal sealed record YamlText(int Line, int Column, string Value, bool IsPlain) : YamlNode(Line, Column)
{
    public override string Kind => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL" ? "nothing" : "a single value";
}

internal sealed record YamlList(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column)
{
    public override string Kind => "a list";
}

internal sealed record YamlMap(int Line, int Column, IReadOnlyList<KeyValuePair<YamlText, YamlNode>> Entries) : YamlNode(Line, Column)
{
    public override string Kind => "a mapping";
}

/// <summary>What was refused already and is not looked at again.</summary>
internal sealed record YamlRefused(int Line, int Column) : YamlNode(Line, Column)
{
    public override string Kind => "refused";
}
