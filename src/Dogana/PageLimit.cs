using System.Globalization;

namespace Dogana;

/// <summary>How many rows one page of a list may have: 1 to <see cref="Max"/>.</summary>
public static class PageLimit
{
    /// <summary>The most rows of one page.</summary>
    public const int Max = 1_000;

    /// <summary>The limit that a request asked for, or <paramref name="otherwise"/> when it asked for none; a problem when it is out of range.</summary>
    public static Outcome<int> Of(int? asked, int otherwise) => asked is < 1 or > Max
        ? new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"The limit must be 1 to {Max}."), "limit")
        : asked ?? otherwise;
}
