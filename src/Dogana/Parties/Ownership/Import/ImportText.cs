using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Dogana.Parties.Ownership.Import;

/// <summary>Texts of published files as Dogana keeps them.</summary>
internal static class ImportText
{
    private const int LengthMax = 200;

    // A day means its first instant in UTC, a month or year its first day.
    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddK", "yyyy-MM", "yyyy"];

    /// <summary>The party of a LEI that is no organisation's.</summary>
    public static string PartyOfLei(string lei) => "lei-" + lei.ToLowerInvariant();

    /// <summary>Stands for a text where the text itself would take too much memory, or cannot be an id.</summary>
    public static UInt128 Hash(string text) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>An instant, cut to what stores keep; null for none.</summary>
    public static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond))
            : null;

    /// <summary>One line of at most 200 characters; the other text where nothing is left.</summary>
    public static string Line(string? text, string otherwise)
    {
        var line = string.Join(' ', string.Concat((text ?? "").Select(static c => char.IsControl(c) ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var length = Math.Min(line.Length, LengthMax);
        return length == 0 ? otherwise : line[..(char.IsHighSurrogate(line[length - 1]) ? length - 1 : length)].TrimEnd();
    }

    /// <summary>A country's two letters, or null.</summary>
    public static string? Country(string? text) => text is { Length: >= 2 } && char.IsAsciiLetterUpper(text[0]) && char.IsAsciiLetterUpper(text[1])
        && (text.Length == 2 || text[2] == '-') ? text[..2] : null;
}
