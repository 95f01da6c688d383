namespace Dogana.Insight.Charts;

/// <summary>About how wide a text is. Nothing is drawn here, so no font can be asked; the letters of common sans-serif fonts are near enough to keep labels apart.</summary>
internal static class TextSize
{
    /// <summary>The size of all letters in pictures, in pixels.</summary>
    public const double Pixels = 12.5;

    /// <summary>From one baseline to the next.</summary>
    public const double Line = 16;

    /// <summary>The width in pixels.</summary>
    public static double Of(string text) => text.Sum(static letter => letter switch
    {
        'i' or 'j' or 'l' or 't' or 'f' or 'r' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '-' or ' ' or '\u00a0' or '(' or ')' => 0.33,
        'm' or 'w' or 'M' or 'W' or '%' or '@' or '…' => 0.88,
        >= 'A' and <= 'Z' => 0.7,
        <= '\u024f' => 0.57,
        _ => 1.0,
    }) * Pixels;

    /// <summary>The text, or as much of its beginning as fits.</summary>
    public static string Fit(string text, double width)
    {
        if (Of(text) <= width)
        {
            return text;
        }

        var length = text.Length;
        while (length > 1 && Of(text[..length] + "…") > width)
        {
            length--;
        }

        return text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)] + "…";
    }
}
