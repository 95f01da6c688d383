namespace Dogana.Gateway.Translations;

/// <summary>Why a request cannot be said in the other operation: the problem names the field, and what to send instead.</summary>
internal static class Untranslatable
{
    private const int NameMax = 64;

    /// <summary>The field asks for what the other operation has no word for.</summary>
    /// <param name="field">The field as the wire names it.</param>
    /// <param name="remedy">What is missing and what to do, as sentences.</param>
    public static Problem Field(string field, string remedy) => new(ProblemCode.OperationNotSupported, $"'{field}' is not supported for this model. {remedy}", field);

    /// <summary>The upstream's format has no word for it, so the answer would not be what was asked for.</summary>
    /// <param name="field">The field as the wire names it.</param>
    /// <param name="remedy">What to do, as sentences.</param>
    public static Problem NoWord(string field, string remedy) => new(ProblemCode.OperationNotSupported, $"This model's upstream cannot be asked for '{field}'. {remedy}", field);

    /// <summary>The field belongs to another endpoint; it would override what the translation says.</summary>
    public static Problem Foreign(string field, string remedy) => new(ProblemCode.InvalidRequest, $"'{field}' is no field of this endpoint. {remedy}", field);

    /// <summary>A value that names a kind of thing, fit for a message: never a client's free text.</summary>
    public static string Kind(string? value) =>
        value is { Length: > 0 and <= NameMax } && value.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.') ? $"'{value}'" : "of this type";
}
