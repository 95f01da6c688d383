namespace Dogana.Billing.Papers;

/// <summary>
/// How wide Helvetica's characters are, in thousandths of the font's size, by their code in WinAnsi: Adobe's font metrics of two of the fourteen fonts that every
/// reader of PDF has.
/// </summary>
internal static class HelveticaWidths
{
    private static readonly short[] Regular = Read("""
        278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556
        1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556
        333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584 350
        556 350 222 556 333 1000 556 556 333 1000 667 333 1000 350 611 350 350 222 222 333 333 350 556 1000 333 1000 500 333 944 350 500 667
        278 333 556 556 556 556 260 556 333 737 370 556 584 333 737 333 400 584 333 333 333 556 537 278 333 333 365 556 834 834 834 611
        667 667 667 667 667 667 1000 722 667 667 667 667 278 278 278 278 722 722 778 778 778 778 778 584 778 722 722 722 722 667 667 611
        556 556 556 556 556 556 889 500 556 556 556 556 278 278 278 278 556 556 556 556 556 556 556 584 611 556 556 556 556 500 556 500
        """);

    private static readonly short[] Bold = Read("""
        278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611
        975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556
        333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584 350
        556 350 278 556 500 1000 556 556 333 1000 667 333 1000 350 611 350 350 278 278 500 500 350 556 1000 333 1000 556 333 944 350 500 667
        278 333 556 556 556 556 280 556 333 737 370 556 584 333 737 333 400 584 333 333 333 611 556 278 333 333 365 556 834 834 834 611
        722 722 722 722 722 722 1000 722 667 667 667 667 278 278 278 278 722 722 778 778 778 778 778 584 778 722 722 722 722 667 667 611
        556 556 556 556 556 556 889 556 556 556 556 556 278 278 278 278 611 611 611 611 611 611 611 584 611 611 611 611 611 556 611 556
        """);

    /// <summary>The width of a text in hundredths of a point, at a size in points.</summary>
    public static int Of(string text, int size, bool isBold)
    {
        var widths = isBold ? Bold : Regular;
        return text.Sum(c => (int)widths[WinAnsi.Encode(c)!.Value - ' ']) * size / 10;
    }

    private static short[] Read(string table) =>
        [.. table.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(static width => short.Parse(width, System.Globalization.CultureInfo.InvariantCulture))];
}

/// <summary>The code page of PDF's standard fonts (Windows-1252).</summary>
internal static class WinAnsi
{
    // 0x80 to 0x9F; a blank has no character.
    private const string Upper = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

    /// <summary>The code of a character, or null where it has none.</summary>
    public static byte? Encode(char c)
    {
        if (c is >= ' ' and <= '~' or >= '\u00A0' and <= '\u00FF')
        {
            return (byte)c;
        }

        var index = Upper.IndexOf(c, StringComparison.Ordinal);
        return index < 0 ? null : (byte)(0x80 + index);
    }

    /// <summary>The first character of a text that has no code, or null.</summary>
    public static string? FindMissing(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!rune.IsBmp || Encode((char)rune.Value) is null)
            {
                return rune.ToString();
            }
        }

        return null;
    }
}
