using System.Globalization;
using System.Runtime.InteropServices;
using Dogana.Engine;
using Dogana.Filtering;
using Dogana.Testing.FilterTraining;

// Trains the content filter's classifier: sentences of models/filter into src/Dogana/Filtering/harm-classifier.bin, and says how well it does.
//
//   dotnet run --project testing/FilterTraining -c Release -- models/filter src/Dogana/Filtering/harm-classifier.bin [--wrong]
//
// A tenth of the templates is kept out for development; the held-out sentences are read for the report alone.
const int Units = 32;
const int Batch = 32;
const int Epochs = 40;
const ulong Seed = 17;
if (args is not [var folder, var into, .. var more])
{
    await Console.Error.WriteLineAsync("usage: FilterTraining FOLDER harm-classifier.bin [--wrong]");
    return 2;
}

var draw = new Draw(Seed);
var all = Sentence.Expand([Path.Combine(folder, "sentences-harm.txt"), Path.Combine(folder, "sentences-harmless.txt")], 12, draw);
var development = all.Where(static sentence => sentence.Template % 10 == 7).GroupBy(static sentence => sentence.Template).SelectMany(static group => group.Take(3)).ToList();
var training = all.Where(static sentence => sentence.Template % 10 != 7).ToList();
training.AddRange(Variants(training, draw));
using var encoder = UniversalSentenceEncoder.Load(EmbeddedModels.UseLitePath, new UniversalSentenceEncoderOptions { Slots = 1 });
var vectors = await EncodeAsync(training);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{training.Count} training sentences of {all.Select(static item => item.Template).Distinct().Count()} templates, {training.Count(static item => item.IsHarmless)} harmless"));

var network = new Network(Units, draw);
int[] order = [.. Enumerable.Range(0, training.Count)];
for (var epoch = 0; epoch < Epochs; epoch++)
{
    draw.Shuffle(order);
    var loss = 0f;
    foreach (var batch in order.Chunk(Batch))
    {
        foreach (var i in batch)
        {
            loss += network.Learn(vectors[i], Targets(training[i]), Importance(training[i]), draw);
        }

        network.Step(batch.Length, 0.003f * (1 - (float)epoch / Epochs), 0.01f);
    }

    if (epoch % 5 == 4)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch + 1}: loss {loss / training.Count:0.0000}"));
    }
}

var classifier = new HarmClassifier(network.Weights);
await File.WriteAllBytesAsync(into, MemoryMarshal.AsBytes(network.Weights.AsSpan()).ToArray());
foreach (var (name, sentences) in new (string, IReadOnlyList<Sentence>)[] { ("training", training), ("development", development), ("held out", Sentence.Read(Path.Combine(folder, "held-out.tsv"))) })
{
    var encoded = name == "training" ? vectors : await EncodeAsync(sentences);
    Console.WriteLine(string.Join('\n', Figures.Of(name, sentences, encoded, classifier)));
    if (more.Contains("--wrong", StringComparer.Ordinal) && name != "training")
    {
        Console.WriteLine(string.Join('\n', Figures.Wrong(sentences, encoded, classifier)));
    }
}

return 0;

async Task<float[][]> EncodeAsync(IReadOnlyList<Sentence> sentences) =>
    [.. (await encoder.GenerateAsync(sentences.Select(static sentence => sentence.Text))).Select(static embedding => embedding.Vector.ToArray())];

// As people write: without capitals and full stops, and two sentences in one window.
static List<Sentence> Variants(IReadOnlyList<Sentence> sentences, Draw draw)
{
    var harmless = sentences.Where(static sentence => sentence.IsHarmless).ToArray();
    var variants = new List<Sentence>();
    foreach (var sentence in sentences)
    {
        switch (draw.Below(6))
        {
            case 0: variants.Add(sentence with { Text = sentence.Text.ToLowerInvariant().TrimEnd('.', '!', '?') }); break;
            case 1: variants.Add(sentence.And(harmless[draw.Below(harmless.Length)])); break;
            case 2: variants.Add(harmless[draw.Below(harmless.Length)].And(sentence)); break;
        }
    }

    return variants;
}

// Three for each category: low or worse, medium or worse, high.
static float[] Targets(Sentence sentence) =>
    [.. Enum.GetValues<FilterCategory>().SelectMany(category => new[] { FilterSeverity.Low, FilterSeverity.Medium, FilterSeverity.High }.Select(step => sentence.Severities.Of(category) >= step ? 1f : 0f))];

// A category is rare among all sentences: what is in it counts twice.
static float[] Importance(Sentence sentence) => [.. Enum.GetValues<FilterCategory>().SelectMany(category => Enumerable.Repeat(sentence.Severities.Of(category) > FilterSeverity.Safe ? 2f : 1f, 3))];
