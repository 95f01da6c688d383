using System.Globalization;

namespace Dogana.Insight.WhatIf;

/// <summary>Scenarios and what is taken to be so, in words.</summary>
internal static class WhatIfWords
{
    /// <summary>Changes in the order in which they are reckoned.</summary>
    public static IEnumerable<ScenarioChange> Ordered(IEnumerable<ScenarioChange> changes) => changes.OrderBy(static change => change switch
    {
        ScenarioChange.Moves => 1,
        ScenarioChange.Price => 2,
        ScenarioChange.Capacity => 3,
        ScenarioChange.Share => 4,
        _ => 0,
    });

    /// <summary>A change.</summary>
    public static string Of(ScenarioChange change) => change switch
    {
        ScenarioChange.Leaves leaves => $"{Who(leaves.Who)} leaves on {Day(leaves.On)}.",
        ScenarioChange.Banned banned => $"{Who(banned.Who)} is banned by {banned.By} on {Day(banned.On)}.",
        ScenarioChange.Declines declines => $"{Who(declines.Who)} uses {Number(declines.Percent)} % less, over {Number(declines.Months)} months from {Day(declines.From)} on.",
        ScenarioChange.Moves moves => $"{Who(moves.Who)} moves {Number(moves.Percent)} % of its calls to {moves.To ?? "a model of its own"} on {Day(moves.From)}.",
        ScenarioChange.ChannelEnds ends => $"The channel {ends.Channel} ends on {Day(ends.On)}.",
        ScenarioChange.Price price => $"Prices{Of("model", price.Model)}{Of("meter", price.Meter)}{Of("channel", price.Channel)} change by {Number(price.Percent)} % on {Day(price.From)}.",
        ScenarioChange.Share share => $"The leg {share.Agreement}/{share.Leg} gives {Number(share.Percent)} % from {Day(share.From)} on.",
        ScenarioChange.MarketCloses closes => $"The market {closes.Country} closes on {Day(closes.On)}.",
        ScenarioChange.Capacity capacity => $"What is freed of {capacity.Pool} is placed elsewhere after {Number(capacity.Months)} months, at {Number(capacity.Percent)} % of what it brought.",
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, null),
    };

    /// <summary>How the baseline was made.</summary>
    public static IReadOnlyList<string> OfBaseline(WhatIfModel model) =>
    [
        $"Families that scenarios name and the largest are forecast one by one, the other {Number(model.Forecast.Parts.FirstOrDefault(static part => part.Name is null)?.Series ?? 0)} as a block; nothing is expected below zero.",
        $"What each is expected to bring is split over customers, channels and models as in the last {Number(WhatIfReader.RecentMonths)} months.",
        $"Upstreams charge for a unit of each model what they did in these months; capital and running cost of capacity pools stay.{(model.UnitCosts.Count == 0 ? " No upstream's charges are known: cost is zero." : "")}",
        "Margin is before shares of partners. Minimum guarantees of share agreements are not in the shares.",
        "Probabilities are of 4,000 outcomes that are drawn together, and alike for the baseline and every scenario.",
    ];

    /// <summary>What a scenario takes to be so.</summary>
    public static IReadOnlyList<string> Assumptions(WhatIfModel model, IReadOnlyList<ScenarioChange> changes)
    {
        var said = new List<string>();
        Say(changes.OfType<ScenarioChange.Leaves>().Any(), "Who leaves stops using everything, and ends each contract as early as it can be ended.");
        foreach (var banned in changes.OfType<ScenarioChange.Banned>())
        {
            var channels = model.Sellers.Keys.Order(StringComparer.Ordinal).ToLookup(channel => model.Facts.BanReaches(banned.By, channel));
            said.Add($"A ban by {banned.By} takes its own models alone, on {Names(channels[true])}{(channels.Contains(false) ? $"; it does not reach {Names(channels[false])}, whose agreement has measures: none" : "")}. Where an agreement says review, silence lets it hold.");
        }

        Say(changes.Any(static change => change is ScenarioChange.Banned or ScenarioChange.ChannelEnds or ScenarioChange.MarketCloses),
            "What the seller's side cannot serve takes its part of a minimum away: no contract says otherwise. Nobody comes by another way.");
        Say(changes.OfType<ScenarioChange.Declines>().Any(), "Use falls in equal steps, the first one in the whole month named.");
        Say(changes.OfType<ScenarioChange.Moves>().Any(static moves => moves.To is not null), "What moves to another model uses as many units of it, at what a unit brought on that channel of late.");
        Say(changes.OfType<ScenarioChange.Moves>().Any(static moves => moves.To is null), "What moves to a model of the customer's own is used here no more.");
        Say(changes.OfType<ScenarioChange.Price>().Any(), "Other prices change no use.");
        Say(changes.OfType<ScenarioChange.Price>().Any(static price => price.Meter is not null), "A meter's part of a model's revenue is as usage was rated of late, before discounts.");
        Say(changes.OfType<ScenarioChange.MarketCloses>().Any(), "A customer is in the country of its projects on a channel; where they differ, in its own.");
        var pools = model.Pools.Where(pool => changes.OfType<ScenarioChange.Capacity>().All(change => change.Pool != pool.Id)).Select(static pool => pool.Id).ToArray();
        Say(pools.Length > 0 && changes.Count > 0, $"What is freed of {Names(pools)} stays idle.");
        Say(changes.OfType<ScenarioChange.Capacity>().Any(), "What is placed elsewhere is in revenue and in the series total; in no share, and no family's.");
        return said;

        void Say(bool isSo, string sentence)
        {
            if (isSo)
            {
                said.Add(sentence);
            }
        }
    }

    private static string Who(ScenarioParty party) => party.IsFamily ? $"The family {party.Id}" : party.Id;

    private static string Of(string kind, string? id) => id is null ? "" : $" of the {kind} {id}";

    private static string Names(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } some ? some : "no channel";

    private static string Day(DateTimeOffset at) => InstantText.Format(at) is var text && text.EndsWith("T00:00:00Z", StringComparison.Ordinal) ? text[..10] : text;

    private static string Number(decimal number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
