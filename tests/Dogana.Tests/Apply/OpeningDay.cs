using Dogana.Apply;
using Dogana.Storage;

namespace Dogana.Tests.Apply;

/// <summary>The sample world, whole and in changed copies.</summary>
internal static class OpeningDay
{
    public static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    public static string Text { get; } = File.ReadAllText(Path.Combine(Repository.Root, "samples", "opening-day.yaml"));

    /// <summary>The sample with one text replaced, which must be there.</summary>
    public static string With(string old, string replacement) =>
        Text.Contains(old, StringComparison.Ordinal) ? Text.Replace(old, replacement, StringComparison.Ordinal) : throw new ArgumentException($"The sample has no '{old}'.", nameof(old));

    /// <summary>The line of a text in a file, from 1.</summary>
    public static int LineOf(string yaml, string text) => yaml[..yaml.IndexOf(text, StringComparison.Ordinal)].Count(static c => c == '\n') + 1;

    public static async Task<WorldOutcome<IReadOnlyList<Change>>> ApplyAsync(this Store store, string yaml, bool dryRun = false, DateTimeOffset? now = null, string actor = "operator/tester") =>
        await WorldApply.ApplyAsync(store, WorldFile.Parse(yaml, "w.yaml").Value, now ?? Now, actor, dryRun);

    /// <summary>Every row of every table of a SQLite or PostgreSQL store that an apply may write, as text.</summary>
    public static Task<string> DumpAsync(this Store store) => store.ReadAsync(async session =>
    {
        var parts = new List<string>();
        foreach (var table in "organisation channel agreement project project_move model upstream deployment market price_book price_book_version price_entry price_tier exchange_rate contract ownership_party ownership_statement control_rule measure measure_member measure_decision market_rule usage_terms usage_terms_version licence_exception declared_use release_wave notice notice_target audit_event counter quota quota_allotment budget budget_crossing provisioned_offer provisioned_span unit_quota capacity_reservation share_leg rent_agreement channel_export_rule".Split(' '))
        {
            var rows = await session.QueryAsync<object>($"select * from {table}");
            parts.AddRange(rows.Select(row => table + ": " + string.Join(", ", ((IDictionary<string, object?>)row).Select(pair => $"{pair.Key}={pair.Value}"))).Order(StringComparer.Ordinal));
        }

        return string.Join('\n', parts);
    });

    /// <summary>The text with one to three accidents.</summary>
    public static string Mutate(string text, Random random)
    {
        for (var changes = random.Next(1, 4); changes > 0 && text.Length > 2; changes--)
        {
            var (at, other) = (random.Next(text.Length), random.Next(text.Length));
            switch (random.Next(5))
            {
                case 0: // a line is gone
                    var lines = text.Split('\n').ToList();
                    lines.RemoveAt(random.Next(lines.Count));
                    text = string.Join('\n', lines);
                    break;
                case 1: // two characters change places
                    var characters = text.ToCharArray();
                    (characters[at], characters[other]) = (characters[other], characters[at]);
                    text = new string(characters);
                    break;
                case 2: // the end is gone
                    text = text[..at];
                    break;
                case 3: // what YAML has a use for, or no file
                    text = text.Insert(at, "{}[],:-?&*!|>'\"%@`#\t\n\r\0\uD800\uFEFF~\\"[random.Next(26)].ToString());
                    break;
                default: // a part stands somewhere else too
                    text = text.Insert(other, text.Substring(at, Math.Min(random.Next(80), text.Length - at)));
                    break;
            }
        }

        return text;
    }
}
