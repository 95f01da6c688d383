namespace Dogana.Apply.Reading;

/// <summary>Finds the name that somebody meant to write.</summary>
internal static class NearName
{
    private const int LengthMax = 64;

    /// <summary>"Did you mean 'x'? " for the nearest name, or nothing.</summary>
    public static string Question(string written, IEnumerable<string> names) => Find(written, names) is { } name ? $"Did you mean '{name}'? " : "";

    /// <summary>The nearest name within a few slips of the pen, fewer in short names; or null.</summary>
    public static string? Find(string written, IEnumerable<string> names)
    {
        if (written.Length is 0 or > LengthMax)
        {
            return null;
        }

        var lower = written.ToLowerInvariant();
        var allowed = written.Length <= 3 ? 1 : written.Length <= 8 ? 2 : 3;
        return names
            .Where(name => name.Length <= LengthMax && Math.Abs(name.Length - written.Length) <= allowed)
            .Select(name => (Name: name, Distance: Distance(lower, name.ToLowerInvariant())))
            .Where(near => near.Distance <= allowed)
            .OrderBy(static near => near.Distance).ThenBy(static near => near.Name, StringComparer.Ordinal)
            .Select(static near => near.Name)
            .FirstOrDefault();
    }

    // Levenshtein's distance, with one row.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
