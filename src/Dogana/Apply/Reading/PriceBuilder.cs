using System.Globalization;
using Dogana.Catalog;
using Dogana.Rating;

namespace Dogana.Apply.Reading;

/// <summary>Makes price books and exchange rates of what was read.</summary>
internal sealed class PriceBuilder(FaultCollector faults)
{
    public DeclaredBook Book(ReadItem item) => new(
        new PriceBook(item.Get<string>("id"), item.Get<string>("name"), item.Get<string>("currency")) { Kind = EnumWords.Find<PriceBookKind>(item.FindText("kind")) ?? PriceBookKind.Sale },
        [.. item.Items("versions").Where(static version => version.IsWhole).Select(version => new Declared<PriceBookVersion>(Version(item.Get<string>("id"), version), version))]);

    public ExchangeRate Rate(ReadItem item)
    {
        var rate = new ExchangeRate(item.Get<string>("base"), item.Get<string>("quote"), item.Get<DateTimeOffset>("from"), item.Get<decimal>("rate"), item.Get<string>("source"));
        if (rate.Base == rate.Quote)
        {
            faults.Add(item.PlaceOf("quote"), $"{rate.Quote} in {rate.Base} is 1 always.", "Name two currencies.");
        }

        if (rate.Rate == 0)
        {
            faults.Add(item.PlaceOf("rate"), "A rate of 0 makes every amount nothing.", "Write a rate above 0.");
        }

        return rate;
    }

    private PriceBookVersion Version(string book, ReadItem item)
    {
        var items = item.Items("prices").Where(static price => price.IsWhole).ToArray();
        Price[] prices = [.. items.Select(Price)];
        var lines = new Dictionary<(string, Meter, ServiceTier, long), int>();
        foreach (var (price, source) in prices.Zip(items))
        {
            if (!lines.TryAdd((price.Model, price.Meter, price.ServiceTier, price.PromptAbove), source.PlaceOf("meter").Line))
            {
                var line = lines[(price.Model, price.Meter, price.ServiceTier, price.PromptAbove)];
                faults.Add(
                    source.PlaceOf("meter"), string.Create(CultureInfo.InvariantCulture,
                        $"There is a price with the {(source.Has("type") ? "type" : "model")} and meter {price.Model}, {price.Meter.ToName()}{(price.Key == "unit" ? "" : $" ({price.Key})")} on line {line} already."),
                    "Keep one, or give one a service_tier or prompt_above.");
            }
        }

        if (PriceRules.FindBandWithoutBase(prices) is { } band)
        {
            var (key, message, remedy) = PriceRules.BandWithoutBase;
            faults.Add(items[Array.IndexOf(prices, band)].PlaceOf(key), Sentence(message), remedy);
        }

        return new PriceBookVersion(book, item.Get<DateTimeOffset>("effective_from"), prices) { IsRetroactive = item.Find<bool>("retroactive") ?? false };
    }

    private Price Price(ReadItem item)
    {
        var price = new Price(item.FindText("model") ?? item.FindText("type") ?? item.Get<string>("meter"), Meter.Find(item.Get<string>("meter"))!, item.Find<decimal>("amount") ?? 0, item.Find<long>("per") ?? 1)
        {
            Kind = EnumWords.Find<PriceKind>(item.FindText("kind")) ?? PriceKind.Unit,
            Tiers = [.. item.Items("tiers").Where(static tier => tier.IsWhole).Select(static tier => new PriceTier(tier.Find<long>("up_to"), tier.Get<decimal>("amount"), tier.Find<decimal>("flat") ?? 0))],
            ServiceTier = EnumWords.Find<ServiceTier>(item.FindText("service_tier")) ?? ServiceTier.Standard,
            PromptAbove = item.Find<long>("prompt_above") ?? 0,
        };
        if (price.Meter.IsOfImages && !item.Has("model"))
        {
            faults.Add(item.PlaceOf("meter"), "Images are a model's.", "Add model.");
        }

        if (item.Items("tiers").All(static tier => tier.IsWhole) && PriceRules.FaultOf(price) is var (key, message, remedy))
        {
            faults.Add(item.PlaceOf(key), Sentence(message), remedy);
        }

        return price;
    }

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
