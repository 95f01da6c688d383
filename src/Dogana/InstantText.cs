using System.Globalization;

namespace Dogana;

/// <summary>Instants as text, as world files, the admin API and messages write them: in UTC, to the microsecond, which is what stores keep.</summary>
public static class InstantText
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ss.FFFFFFZ"];

    /// <summary>An instant as <c>2026-01-31T08:00:00Z</c> or <c>2026-01-31T08:00:00.25Z</c>: no more digits than it has.</summary>
    public static string Format(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);

    /// <summary>Reads a date, which means its first instant in UTC, or an instant in UTC. No other offset and no other form is one.</summary>
    public static bool TryParse(string? text, out DateTimeOffset at) =>
        DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at);
}
