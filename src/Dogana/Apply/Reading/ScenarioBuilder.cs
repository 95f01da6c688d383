using Dogana.Apply.Shapes;
using Dogana.Insight;

namespace Dogana.Apply.Reading;

/// <summary>Makes a scenario of what was read, and says what contradicts itself without a store.</summary>
internal sealed class ScenarioBuilder(FaultCollector faults)
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    /// <summary>The changes, each with its kind's keys where they stand.</summary>
    public IReadOnlyList<Declared<ScenarioChange>> Changes(ReadItem root)
    {
        var changes = new List<Declared<ScenarioChange>>();
        var items = root.Items("changes");
        if (items.Count > ScenarioShapes.Max)
        {
            faults.Add(root.PlaceOf("changes"), $"A scenario has at most {ScenarioShapes.Max} changes.", "Write several scenarios; they are compared side by side.");
        }

        foreach (var item in items)
        {
            var kinds = ScenarioShapes.Kinds.Where(item.Has).ToArray();
            if (kinds.Length != 1)
            {
                if (item.IsWhole || kinds.Length > 1)
                {
                    faults.Add(item.Place, kinds.Length == 0 ? "A change says nothing." : $"A change is of one kind, and this has {string.Join(", ", kinds)}.",
                        $"Write one of {string.Join(", ", ScenarioShapes.Kinds)}, and a '- ' before each.");
                }

                continue;
            }

            var keys = item.FindItem(kinds[0])!;
            if (keys.IsWhole && Read(kinds[0], keys) is { } change)
            {
                changes.Add(new Declared<ScenarioChange>(change, keys));
            }
        }

        return changes;
    }

    private ScenarioChange? Read(string kind, ReadItem item)
    {
        switch (kind)
        {
            case "leaves" when Party(kind, item) is { } who:
                return new ScenarioChange.Leaves(who, At(item, "on"));
            case "banned" when Party(kind, item, item.FindText("by")) is { } who:
                return new ScenarioChange.Banned(who, item.Get<string>("by"), At(item, "on"));
            case "declines" when Party(kind, item) is { } who:
                return new ScenarioChange.Declines(who, item.Get<decimal>("percent"), (int)item.Get<long>("months"), At(item, "from"));
            case "moves" when Party(kind, item) is { } who:
                return new ScenarioChange.Moves(who, item.Get<decimal>("percent"), At(item, "from"), item.Get<string>("to") is "own" ? null : item.Get<string>("to"));
            case "channel_ends" when IsFirst(kind, item, item.Get<string>("channel")):
                return new ScenarioChange.ChannelEnds(item.Get<string>("channel"), At(item, "on"));
            case "price":
                return Price(kind, item);
            case "share" when IsFirst(kind, item, item.Get<string>("agreement"), item.Get<string>("leg"), InstantText.Format(At(item, "from"))):
                return new ScenarioChange.Share(item.Get<string>("agreement"), item.Get<string>("leg"), item.Get<decimal>("rate"), At(item, "from"));
            case "market_closes" when IsFirst(kind, item, item.Get<string>("country")):
                return new ScenarioChange.MarketCloses(item.Get<string>("country"), At(item, "on"));
            case "capacity" when IsFirst(kind, item, item.Get<string>("pool")):
                return new ScenarioChange.Capacity(item.Get<string>("pool"), (int)item.Get<long>("months"), item.Get<decimal>("percent"));
            default:
                return null;
        }
    }

    private ScenarioChange.Price? Price(string kind, ReadItem item)
    {
        var (model, meter, channel) = (item.FindText("model"), item.FindText("meter"), item.FindText("channel"));
        if (model is null && meter is null && channel is null)
        {
            faults.Add(item.Place, "It is not said which price changes.", "Write model, meter, channel or several of them.");
            return null;
        }

        return IsFirst(kind, item, model ?? "", meter ?? "", channel ?? "", InstantText.Format(At(item, "from")))
            ? new ScenarioChange.Price(model, meter, channel, item.Get<decimal>("percent"), At(item, "from")) : null;
    }

    private ScenarioParty? Party(string kind, ReadItem item, string? more = null)
    {
        var (family, organisation) = (item.FindText("family"), item.FindText("organisation"));
        if (family is null == organisation is null)
        {
            faults.Add(item.Place, family is null ? "It is not said who." : "It is about a family and an organisation.", "Write family or organisation, one of the two.");
            return null;
        }

        return IsFirst(kind, item, family ?? organisation!, more ?? "") ? new ScenarioParty(family ?? organisation!, family is not null) : null;
    }

    private bool IsFirst(string kind, ReadItem item, params string[] subject)
    {
        if (_lines.TryAdd($"{kind} {string.Join(' ', subject)}", item.Place.Line))
        {
            return true;
        }

        faults.Add(item.Place, $"There is '{kind}' of the same on line {_lines[$"{kind} {string.Join(' ', subject)}"]} already.", "Keep one of the two.");
        return false;
    }

    private static DateTimeOffset At(ReadItem item, string key) => item.Get<DateTimeOffset>(key);
}
