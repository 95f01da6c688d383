using Dogana.Apply.Shapes;
using Dogana.Markets;

namespace Dogana.Apply.Reading;

/// <summary>Makes market rules of what was read.</summary>
internal sealed class MarketBuilder(FaultCollector faults)
{
    public MarketRule Rule(ReadItem item)
    {
        var rule = new MarketRule(
            item.Get<string>("id"),
            item.Get<string>("effect") switch { "allow" => MarketEffect.Allow, "deny" => MarketEffect.Deny, _ => MarketEffect.Require },
            item.Find<DateTimeOffset>("from"), item.Find<DateTimeOffset>("to"))
        {
            Countries = Names(item, "countries"),
            Models = Names(item, "models"),
            Owners = Names(item, "owners"),
            Channels = Names(item, "channels"),
            Uses = Names(item, "uses"),
            OwnedFrom = Names(item, "owned_from"),
            ControlRule = item.FindText("control_rule"),
            OwnModel = item.Find<bool>("own_model"),
            Regions = Names(item, "upstream_regions"),
            Labels = Names(item, "labels") ?? [],
            Reason = item.FindText("reason"),
            Source = item.FindText("source"),
        };
        if (rule.To <= (rule.From ?? DateTimeOffset.MinValue))
        {
            faults.Add(item.PlaceOf("to"), "It ends before it begins.", "Write a 'to' after 'from', or delete it: then there is no end.");
        }

        if (rule.Effect == MarketEffect.Require && rule.Regions is null && rule.Labels.Count == 0)
        {
            faults.Add(item.PlaceOf("effect"), "A rule that requires nothing.", "Write upstream_regions or labels.");
        }

        if (rule.ControlRule is not null && rule.OwnedFrom is null && rule.OwnModel is null)
        {
            faults.Add(item.PlaceOf("control_rule"), "Nothing here asks for control.", "Write owned_from or own_model, or delete the key.");
        }

        return rule;
    }

    /// <summary>The names of a list; null for all: the list was left out, or is <c>*</c>.</summary>
    public IReadOnlyList<string>? Names(ReadItem item, string key)
    {
        var names = item.Has(key) ? item.Get<IReadOnlyList<string>>(key) : null;
        if (names?.Contains(NamesShape.All, StringComparer.Ordinal) != true)
        {
            return names;
        }

        if (names.Count > 1)
        {
            faults.Add(item.PlaceOf(key), "'*' stands for all, and others stand beside it.", "Write [\"*\"] alone, or leave it out.");
        }

        return null;
    }
}
