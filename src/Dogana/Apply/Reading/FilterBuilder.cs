using Dogana.Filtering;

namespace Dogana.Apply.Reading;

/// <summary>Makes filter policies, block lists and providers of what was read.</summary>
internal sealed class FilterBuilder(FaultCollector faults)
{
    private const long UsualTimeLimit = 2_000;

    public FilterPolicy Policy(ReadItem item) => new(
        item.Get<string>("id"), EnumWords.Find<FilterMode>(item.FindText("mode")) ?? FilterMode.Buffered, EnumWords.Find<FilterFailure>(item.FindText("on_failure")) ?? FilterFailure.Open)
    {
        AnnotatesAlways = item.FindText("annotate") == "always",
        Provider = item.FindText("provider"),
        Rules = Rules(item),
        BlockLists = [.. item.Items("block_lists").Where(static use => use.IsWhole).SelectMany(static use => Sources(use)
            .Select(source => new FilterListUse(use.Get<string>("list"), source, use.Find<bool>("blocking") ?? true)))],
    };

    public static FilterProvider Provider(ReadItem item) => new(
        item.Get<string>("id"), item.Get<string>("url"), item.FindText("secret_env"), TimeSpan.FromMilliseconds(item.Find<long>("time_limit_ms") ?? UsualTimeLimit));

    public BlockList List(ReadItem item)
    {
        if (!item.Has("terms") && !item.Has("patterns"))
        {
            faults.Add(item.Place, "The list has nothing in it.", "Write terms or patterns.");
        }

        return new BlockList(item.Get<string>("id"), Texts("terms"), Texts("patterns"));

        IReadOnlyList<string> Texts(string key) => item.Has(key) ? item.Get<IReadOnlyList<string>>(key) : [];
    }

    private List<FilterRule> Rules(ReadItem item)
    {
        var rules = new List<FilterRule>();
        foreach (var rule in item.Items("rules").Where(static rule => rule.IsWhole))
        {
            var category = EnumWords.Find<FilterCategory>(rule.Get<string>("category"))!.Value;
            foreach (var source in Sources(rule))
            {
                if (rules.Exists(other => other.Category == category && other.Source == source))
                {
                    faults.Add(rule.PlaceOf("category"), $"There is a rule for {EnumWords.Of(category)} in the {EnumWords.Of(source)} already.", "Delete one of them.");
                    continue;
                }

                rules.Add(new FilterRule(category, source, EnumWords.Find<FilterSeverity>(rule.FindText("threshold")) ?? FilterSeverity.Medium, rule.Find<bool>("blocking") ?? true));
            }
        }

        return rules;
    }

    private static FilterSource[] Sources(ReadItem item) => EnumWords.Find<FilterSource>(item.FindText("source")) is { } one ? [one] : [FilterSource.Prompt, FilterSource.Completion];
}
