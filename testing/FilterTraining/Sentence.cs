using Dogana.Filtering;

namespace Dogana.Testing.FilterTraining;

/// <summary>A sentence and what is in it.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Severities">The severity of each category.</param>
/// <param name="Template">The template that it was made of: sentences of one template stay together.</param>
internal sealed record Sentence(string Text, FilterSeverities Severities, int Template)
{
    public bool IsHarmless => Severities == default;

    /// <summary>The sentences of a file without templates.</summary>
    public static IReadOnlyList<Sentence> Read(string file) => [.. Lines(file).Index().Select(static line => Parse(line.Item, line.Index))];

    /// <summary>The sentences that the templates of some files make.</summary>
    /// <param name="files">The files; a slot is known in its own file.</param>
    /// <param name="each">The most sentences of a template.</param>
    /// <param name="draw">Chooses the slots' words.</param>
    public static IReadOnlyList<Sentence> Expand(IEnumerable<string> files, int each, Draw draw)
    {
        var sentences = new List<Sentence>();
        var template = 0;
        foreach (var file in files)
        {
            var lines = Lines(file).ToArray();
            var slots = lines.Where(static line => line.StartsWith('@')).Select(static line => line[1..].Split('\t')).ToDictionary(static parts => parts[0], static parts => parts[1].Split('|'), StringComparer.Ordinal);
            foreach (var line in lines.Where(static line => !line.StartsWith('@')))
            {
                var parsed = Parse(line, template++);
                for (var (tries, made) = (0, new HashSet<string>(StringComparer.Ordinal)); tries < each * 2 && made.Count < each; tries++)
                {
                    var text = Fill(parsed.Text, slots, draw);
                    if (made.Add(text))
                    {
                        sentences.Add(parsed with { Text = text });
                    }
                }
            }
        }

        return sentences;
    }

    /// <summary>Two sentences in one window.</summary>
    public Sentence And(Sentence next) => new($"{Text} {next.Text}", Severities.Or(next.Severities), Template);

    private static string Fill(string template, Dictionary<string, string[]> slots, Draw draw)
    {
        var text = template;
        for (int open; (open = text.IndexOf('{', StringComparison.Ordinal)) >= 0;)
        {
            var close = text.IndexOf('}', open);
            var words = slots[text[(open + 1)..close]];
            text = string.Concat(text.AsSpan(0, open), words[draw.Below(words.Length)], text.AsSpan(close + 1));
        }

        return char.ToUpperInvariant(text[0]) + text[1..];
    }

    private static IEnumerable<string> Lines(string file) => File.ReadLines(file).Where(static line => line.Length > 0 && !line.StartsWith('#'));

    private static Sentence Parse(string line, int template)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        var severities = line[..tab] == "-" ? default : line[..tab].Split(',').Aggregate(default(FilterSeverities), static (all, label) =>
        {
            var (category, severity) = (label.Split(':')[0], EnumWords.Find<FilterSeverity>(label.Split(':')[1]) ?? throw new InvalidDataException(label));
            return category switch
            {
                "hate" => all with { Hate = severity },
                "sexual" => all with { Sexual = severity },
                "violence" => all with { Violence = severity },
                "self_harm" => all with { SelfHarm = severity },
                _ => throw new InvalidDataException(label),
            };
        });
        return new Sentence(line[(tab + 1)..], severities, template);
    }
}
