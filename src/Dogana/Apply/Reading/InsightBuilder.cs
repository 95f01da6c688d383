using Dogana.Insight;

namespace Dogana.Apply.Reading;

/// <summary>Makes capacity pools and alerts of what was read.</summary>
internal sealed class InsightBuilder(FaultCollector faults)
{
    public CapacityPool Pool(ReadItem item)
    {
        if (!item.Has("upstreams") && !item.Has("models"))
        {
            faults.Add(item.Place.Key("models"), "A pool without upstreams and models serves nothing.", "Name upstreams, models or both.");
        }

        if (item.Find<decimal>("residual") > item.Get<decimal>("capital"))
        {
            faults.Add(item.PlaceOf("residual"), "It would be worth more at the end than it cost.", "Write a residual of at most the capital.");
        }

        var currency = Currency.Of(item.Get<string>("currency"));
        return new CapacityPool(
            item.Get<string>("id"), new Money(item.Get<decimal>("capital"), currency), new Money(item.Find<decimal>("residual") ?? 0m, currency), (int)item.Get<long>("life_months"),
            new Money(item.Find<decimal>("running_cost") ?? 0m, currency), item.Find<long>("tokens_month") ?? 0, item.Get<DateTimeOffset>("from"), Texts(item, "upstreams"), Texts(item, "models"));
    }

    public static InsightAlert Alert(ReadItem item) => new(
        item.Get<string>("id"), EnumWords.Find<AlertMeasure>(item.Get<string>("measure"))!.Value, EnumWords.Find<AlertComparison>(item.Get<string>("comparison"))!.Value,
        item.Get<decimal>("threshold"), item.Get<string>("tells"))
    {
        Axis = EnumWords.Find<InsightAxis>(item.FindText("axis")) ?? InsightAxis.Family,
        Months = (int)(item.Find<long>("months") ?? 3),
        Currency = item.FindText("currency"),
        Seller = item.FindText("seller"),
        Channel = item.FindText("channel"),
        Owner = item.FindText("owner"),
        Series = item.FindText("series"),
    };

    private static IReadOnlyList<string> Texts(ReadItem item, string key) =>
        item.Has(key) ? [.. item.Get<IReadOnlyList<string>>(key).Order(StringComparer.Ordinal)] : [];
}
