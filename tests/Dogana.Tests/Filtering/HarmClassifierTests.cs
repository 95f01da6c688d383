using Dogana.Engine;
using Dogana.Filtering;

namespace Dogana.Tests.Filtering;

/// <summary>The classifier that comes with the product, on sentences that it was not trained on.</summary>
public sealed class HarmClassifierTests
{
    // models/filter/README.md has the figures; below these something broke, be it weights, encoder or tokenizer.
    private const double RecallMin = 0.6;
    private const double AlarmsMax = 0.1;

    [Fact]
    public async Task It_finds_most_of_what_was_held_out_and_leaves_harmless_sentences_alone()
    {
        using var encoder = UniversalSentenceEncoder.Load(EmbeddedModels.UseLitePath);
        var lines = File.ReadLines(Path.Combine(Repository.Root, "models", "filter", "held-out.tsv")).Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split('\t')).ToList();
        var vectors = await encoder.GenerateAsync(lines.Select(static line => line[1]));
        var found = lines.Zip(vectors, static (line, vector) => (Labels: line[0], Found: HarmClassifier.Severities(HarmClassifier.Shipped.Score(vector.Vector.Span)))).ToList();

        foreach (var category in Enum.GetValues<FilterCategory>())
        {
            var bad = found.Where(item => item.Labels.Contains($"{EnumWords.Of(category)}:medium", StringComparison.Ordinal) || item.Labels.Contains($"{EnumWords.Of(category)}:high", StringComparison.Ordinal)).ToList();
            ((double)bad.Count(item => item.Found.Of(category) >= FilterSeverity.Medium) / bad.Count).ShouldBeGreaterThan(RecallMin, category.ToString());
        }

        var harmless = found.Where(static item => item.Labels == "-").ToList();
        ((double)harmless.Count(static item => Enum.GetValues<FilterCategory>().Any(category => item.Found.Of(category) >= FilterSeverity.Medium)) / harmless.Count).ShouldBeLessThan(AlarmsMax);
    }

    [Fact]
    public void A_step_counts_only_with_those_below_it()
    {
        float[] scores = [0.9f, 0.2f, 0.9f, 0.1f, 0.9f, 0.9f, 0.5f, 0.5f, 0.5f, 0.9f, 0.9f, 0.1f];

        HarmClassifier.Severities(scores).ShouldBe(new FilterSeverities(FilterSeverity.Low, FilterSeverity.Safe, FilterSeverity.High, FilterSeverity.Medium));
    }

    [Fact]
    public void Weights_of_another_shape_are_refused() => Should.Throw<ArgumentException>(() => new HarmClassifier(new float[1_000]));
}
