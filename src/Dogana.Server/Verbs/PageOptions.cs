using System.CommandLine;
using System.Globalization;

namespace Dogana.Server.Verbs;

/// <summary>What verbs that show pages have in common.</summary>
internal static class PageOptions
{
    public static Option<int> Limit() => new("--limit") { Description = "At most so many, 1 to 1000.", DefaultValueFactory = static _ => 100 };

    public static Option<string?> After() => new("--after") { Description = "Start behind this row: what the page before named as the next one." };

    public static void WriteNext(string? next, TextWriter output)
    {
        if (next is not null)
        {
            output.WriteLine($"There are more: --after \"{next}\"");
        }
    }

    public static string Day(DateTimeOffset? at) => at is { } instant ? instant.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "-";
}
