using System.Globalization;
using System.Text;

namespace Dogana.Engine.SentenceEncoding;

/// <summary>
/// Unicode's normalisation form KC from a table of its own. <see cref="string.Normalize(NormalizationForm)"/> returns text as it is
/// when the program runs without ICU, as this product does.
/// </summary>
internal static class CompatibilityForm
{
    private const int SyllableFirst = 0xAC00;
    private const int LeadFirst = 0x1100;
    private const int VowelFirst = 0x1161;
    private const int TrailFirst = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private static readonly Table Data = Table.Read();

    public static string Normalise(string text)
    {
        // Nothing below U+00A0 changes or combines.
        if (text.AsSpan().IndexOfAnyInRange('\u00A0', '\uFFFF') < 0)
        {
            return text;
        }

        var points = new List<int>(text.Length);
        Decompose(text, points);
        Order(points);
        Compose(points);
        return Write(points);
    }

    private static void Decompose(string text, List<int> points)
    {
        for (int i = 0; i < text.Length;)
        {
            // Half a surrogate pair is left as it is.
            int point = char.IsSurrogatePair(text, i) ? char.ConvertToUtf32(text, i) : text[i];
            i += point > char.MaxValue ? 2 : 1;
            int syllable = point - SyllableFirst;
            if (syllable is >= 0 and < LeadCount * VowelCount * TrailCount)
            {
                points.Add(LeadFirst + (syllable / (VowelCount * TrailCount)));
                points.Add(VowelFirst + (syllable % (VowelCount * TrailCount) / TrailCount));
                if (syllable % TrailCount != 0)
                {
                    points.Add(TrailFirst + (syllable % TrailCount));
                }
            }
            else if (Data.Decompositions.TryGetValue(point, out int[]? parts))
            {
                points.AddRange(parts);
            }
            else
            {
                points.Add(point);
            }
        }
    }

    /// <summary>Sorts each run of combining marks by class, keeping the order of equals.</summary>
    private static void Order(List<int> points)
    {
        for (int start = 0; start < points.Count; start++)
        {
            int end = start;
            while (end < points.Count && Data.Class(points[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                int[] sorted = [.. points.GetRange(start, end - start).OrderBy(Data.Class)];
                for (int i = 0; i < sorted.Length; i++)
                {
                    points[start + i] = sorted[i];
                }
            }

            start = Math.Max(start, end - 1);
        }
    }

    private static void Compose(List<int> points)
    {
        int kept = 0;
        int starter = -1;
        int lastClass = -1;
        foreach (int point in points.ToArray())
        {
            int combiningClass = Data.Class(point);
            // A mark reaches its starter unless a mark of the same or a higher class stands between.
            if (starter >= 0 && lastClass < combiningClass && Pair(points[starter], point) is { } composed)
            {
                points[starter] = composed;
                continue;
            }

            // Directly after its starter, a starter may compose too.
            if (starter >= 0 && starter == kept - 1 && combiningClass == 0 && Pair(points[starter], point) is { } joined)
            {
                points[starter] = joined;
                continue;
            }

            if (combiningClass == 0)
            {
                starter = kept;
                lastClass = -1;
            }
            else
            {
                lastClass = combiningClass;
            }

            points[kept++] = point;
        }

        points.RemoveRange(kept, points.Count - kept);
    }

    private static int? Pair(int first, int second)
    {
        if (first - LeadFirst is >= 0 and < LeadCount && second - VowelFirst is >= 0 and < VowelCount)
        {
            return SyllableFirst + ((((first - LeadFirst) * VowelCount) + (second - VowelFirst)) * TrailCount);
        }

        int syllable = first - SyllableFirst;
        if (syllable is >= 0 and < LeadCount * VowelCount * TrailCount && syllable % TrailCount == 0
            && second - TrailFirst is > 0 and < TrailCount)
        {
            return first + (second - TrailFirst);
        }

        return Data.Compositions.TryGetValue((first, second), out int composed) ? composed : null;
    }

    private static string Write(List<int> points)
    {
        var text = new StringBuilder(points.Count);
        foreach (int point in points)
        {
            _ = point > char.MaxValue ? text.Append(char.ConvertFromUtf32(point)) : text.Append((char)point);
        }

        return text.ToString();
    }

    /// <summary>Unicode's data as models/use-lite/normalization-table.mjs writes it.</summary>
    private sealed class Table
    {
        private readonly Dictionary<int, int> _classes = [];

        public Dictionary<int, int[]> Decompositions { get; } = [];

        public Dictionary<(int First, int Second), int> Compositions { get; } = [];

        public int Class(int point) => _classes.GetValueOrDefault(point);

        public static Table Read()
        {
            var table = new Table();
            using Stream stream = typeof(CompatibilityForm).Assembly.GetManifestResourceStream("nfkc.txt")!;
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                string[] parts = line.Split(' ');
                switch (parts[0])
                {
                    case "d":
                        table.Decompositions.Add(Hex(parts[1]), Array.ConvertAll(parts[2..], Hex));
                        break;
                    case "p":
                        table.Compositions.Add((Hex(parts[1]), Hex(parts[2])), Hex(parts[3]));
                        break;
                    case "c":
                        foreach (string point in parts[2..])
                        {
                            table._classes.Add(Hex(point), int.Parse(parts[1], CultureInfo.InvariantCulture));
                        }

                        break;
                }
            }

            return table;
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
