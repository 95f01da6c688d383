using System.Globalization;
using Dogana.Filtering;

namespace Dogana.Testing.FilterTraining;

/// <summary>How well a classifier does on sentences.</summary>
internal static class Figures
{
    public static IReadOnlyList<string> Of(string name, IReadOnlyList<Sentence> sentences, IReadOnlyList<float[]> vectors, HarmClassifier classifier)
    {
        FilterSeverities[] found = [.. vectors.Select(vector => HarmClassifier.Severities(classifier.Score(vector)))];
        var lines = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{name}: {sentences.Count} sentences, {sentences.Count(static item => item.IsHarmless)} harmless") };
        foreach (var category in Enum.GetValues<FilterCategory>())
        {
            var (right, missed, wrong, same, off) = (0, 0, 0, 0, 0);
            foreach (var (sentence, severities) in sentences.Zip(found))
            {
                var (true1, said) = (sentence.Severities.Of(category), severities.Of(category));
                var (isTrue, isSaid) = (true1 >= FilterSeverity.Medium, said >= FilterSeverity.Medium);
                right += isTrue && isSaid ? 1 : 0;
                missed += isTrue && !isSaid ? 1 : 0;
                wrong += !isTrue && isSaid ? 1 : 0;
                same += true1 > FilterSeverity.Safe && true1 == said ? 1 : 0;
                off += true1 > FilterSeverity.Safe && true1 != said ? 1 : 0;
            }

            lines.Add(string.Create(CultureInfo.InvariantCulture, $"  {EnumWords.Of(category),-10} at medium: precision {right}/{right + wrong}, recall {right}/{right + missed}; severity right {same}/{same + off}"));
        }

        var (harmless, alarms, low) = (sentences.Count(static item => item.IsHarmless), 0, 0);
        foreach (var (_, severities) in sentences.Zip(found).Where(static pair => pair.First.IsHarmless))
        {
            var worst = Enum.GetValues<FilterCategory>().Max(category => severities.Of(category));
            alarms += worst >= FilterSeverity.Medium ? 1 : 0;
            low += worst >= FilterSeverity.Low ? 1 : 0;
        }

        lines.Add(string.Create(CultureInfo.InvariantCulture, $"  harmless: {alarms}/{harmless} alarms at medium, {low}/{harmless} at low"));
        return lines;
    }

    public static IEnumerable<string> Wrong(IReadOnlyList<Sentence> sentences, IReadOnlyList<float[]> vectors, HarmClassifier classifier) => sentences.Zip(vectors)
        .Select(pair => (pair.First, Said: HarmClassifier.Severities(classifier.Score(pair.Second)))).Where(static pair => pair.First.Severities != pair.Said)
        .Select(static pair => $"  {pair.First.Text}  was {Show(pair.First.Severities)}, said {Show(pair.Said)}");

    private static string Show(FilterSeverities severities) => string.Join(',', Enum.GetValues<FilterCategory>()
        .Where(category => severities.Of(category) > FilterSeverity.Safe).Select(category => $"{EnumWords.Of(category)}:{EnumWords.Of(severities.Of(category))}").DefaultIfEmpty("-"));
}
