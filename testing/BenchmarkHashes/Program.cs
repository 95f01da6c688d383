using System.Text;
using System.Text.Json;
using Dogana.Conduct.Signals;
using Dogana.Fingerprints;

// Makes src/Dogana/Conduct/Signals/benchmarks.bin out of the sets' own files: hashes only, no text.
//
//   dotnet run --project testing/BenchmarkHashes -- FOLDER benchmarks.bin
//
// FOLDER has a folder for each set (gsm8k, humaneval, bbh, aqua, svamp) with the files as the set's repository has them, unpacked.
// docs/conduct.md names the repositories, their commits and licences.
const int GramsKept = 12;
string[] sets = ["gsm8k", "humaneval", "bbh", "aqua", "svamp"];
if (args is not [var folder, var into])
{
    await Console.Error.WriteLineAsync("usage: BenchmarkHashes FOLDER benchmarks.bin");
    return 2;
}

var questions = new List<(int Set, HashSet<ulong> Grams)>();
var seen = new Dictionary<ulong, int>();
for (var set = 0; set < sets.Length; set++)
{
    foreach (var text in Directory.EnumerateFiles(Path.Combine(folder, sets[set])).Order(StringComparer.Ordinal).SelectMany(Texts))
    {
        var words = new WordList();
        WordReader.Read(Encoding.UTF8.GetBytes(text), words);
        var grams = new ulong[Winnowing.GramCount(words.Count)];
        Winnowing.Roll(words.Hashes, grams);
        questions.Add((set, [.. grams]));
        foreach (var gram in grams.Distinct())
        {
            seen[gram] = seen.GetValueOrDefault(gram) + 1;
        }
    }
}

// What two questions share is the set's way of asking, or common talk.
var kept = questions.Select(question => (question.Set, Grams: question.Grams.Where(gram => seen[gram] == 1).Order().Take(GramsKept).ToArray())).Where(static question => question.Grams.Length > 0).ToArray();
var bytes = BenchmarkIndex.Write(sets, kept);
await File.WriteAllBytesAsync(into, bytes);
Console.WriteLine($"{kept.Length} of {questions.Count} questions, {bytes.Length} bytes");
foreach (var set in kept.GroupBy(static question => question.Set))
{
    Console.WriteLine($"{sets[set.Key]}: {set.Count()} questions, {set.Sum(static question => question.Grams.Length)} hashes");
}

return 0;

static IEnumerable<string> Texts(string file)
{
    string[] fields = ["question", "prompt", "input", "Body", "Question", "options"];
    var text = File.ReadAllText(file);
    string[] documents = file.EndsWith(".jsonl", StringComparison.Ordinal) || !text.TrimStart().StartsWith('[') && text.TrimEnd().Contains("}\n{", StringComparison.Ordinal)
        ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        : [text];
    foreach (var document in documents)
    {
        using var json = JsonDocument.Parse(document);
        var root = json.RootElement;
        var items = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToArray()
            : root.TryGetProperty("examples", out var examples) ? [.. examples.EnumerateArray()]
            : [root];
        foreach (var item in items)
        {
            yield return string.Join('\n', fields.Select(name => item.TryGetProperty(name, out var value)
                ? value.ValueKind == JsonValueKind.Array ? string.Join('\n', value.EnumerateArray().Select(static one => one.GetString())) : value.GetString()
                : null).Where(static part => part is not null));
        }
    }
}
