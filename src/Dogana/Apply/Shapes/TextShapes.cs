using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dogana.Apply.Reading;

namespace Dogana.Apply.Shapes;

/// <summary>Text.</summary>
/// <param name="Description">For the reader of the schema.</param>
/// <param name="Pattern">A pattern that means the same in .NET and in ECMAScript.</param>
/// <param name="LengthMax">The most characters.</param>
/// <param name="Remedy">How to write it.</param>
internal record TextShape(string Description, string Pattern, int LengthMax, string Remedy) : ScalarShape(Description)
{
    private readonly Regex _pattern = new(Pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>A rule beyond the pattern; gives what is wrong, or null.</summary>
    public Func<string, string?>? Check { get; init; }

    /// <summary>Could somebody write a secret here? Then no message repeats it.</summary>
    public bool IsSensitive { get; init; }

    /// <summary>All values there are, where they can be listed for a question.</summary>
    public IEnumerable<string> Known { get; init; } = [];

    public override object? Read(YamlText text, Place place, FaultCollector faults)
    {
        if (text.IsPlain && PlainText.TypeOf(text.Value) is { } type)
        {
            faults.Add(place, $"This is {type} where text is expected.", type == PlainText.Nothing ? "Give it a value, or delete the key." : "Put it in quotes.");
            return null;
        }

        var shown = IsSensitive ? "The value" : $"'{Shown.Text(text.Value)}'";
        var wrong = text.Value.Length > LengthMax ? $"is longer than {LengthMax} characters"
            : text.Value.Any(char.IsControl) ? "goes over several lines or has control characters in it" // and a pattern's $ would allow a line end
            : !_pattern.IsMatch(text.Value) ? "is not written as it must be"
            : Check?.Invoke(text.Value);
        if (wrong is null)
        {
            return text.Value;
        }

        faults.Add(place, $"{shown} {wrong}.", NearName.Question(text.Value, Known) + Remedy);
        return null;
    }

    public override void Describe(JsonObject schema)
    {
        schema["type"] = "string";
        schema["pattern"] = Pattern;
        schema["maxLength"] = LengthMax;
    }
}

/// <summary>The id of an object in another section, here or in the store.</summary>
internal sealed record ReferenceShape(string Description, string Section)
    : TextShape(Description, IdPattern, 63, "Lower-case letters, digits, hyphens and dots, at most 63, a letter or digit first and last.")
{
    public const string IdPattern = "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$";
}

/// <summary>One of a few words.</summary>
internal sealed record ChoiceShape(string Description, params IReadOnlyList<string> Choices) : ScalarShape(Description)
{
    public override object? Read(YamlText text, Place place, FaultCollector faults)
    {
        if (Choices.Contains(text.Value, StringComparer.Ordinal))
        {
            return text.Value;
        }

        faults.Add(place, $"'{Shown.Text(text.Value)}' is none of the choices.", $"{NearName.Question(text.Value, Choices)}Write {string.Join(" or ", Choices)}.");
        return null;
    }

    public override void Describe(JsonObject schema) => schema["enum"] = new JsonArray([.. Choices.Select(static choice => JsonValue.Create(choice))]);
}

/// <summary>true or false.</summary>
internal sealed record YesNoShape(string Description) : ScalarShape(Description)
{
    public override object? Read(YamlText text, Place place, FaultCollector faults)
    {
        if (text.IsPlain && text.Value is "true" or "false")
        {
            return text.Value == "true";
        }

        faults.Add(place, $"'{Shown.Text(text.Value)}' is neither true nor false.", "Write true or false, without quotes.");
        return null;
    }

    public override void Describe(JsonObject schema) => schema["type"] = "boolean";
}
