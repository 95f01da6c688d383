using System.Collections.Frozen;
using Dogana.Catalog;

namespace Dogana.Rating;

/// <summary>
/// All published prices at one moment, immutable and thread-safe: what calls are held and charged by. A version's window is
/// [effective_from, the next version's effective_from); outside every window there is no price.
/// </summary>
public sealed partial class PriceTable
{
    private static readonly Meter[] PromptMeters = [Meter.InputTokens, Meter.CachedInputTokens, Meter.CacheWriteTokens];

    // For each book, model and meter the prices of each version: by service tier, the longest prompts first.
    private readonly FrozenDictionary<Key, PriceInForce[]?[]> _timelines;
    private readonly FrozenDictionary<string, DateTimeOffset[]> _starts;

    /// <summary>Builds the table from what <see cref="PriceBooks"/> accepted.</summary>
    public PriceTable(IReadOnlyList<PriceBook> books, IReadOnlyList<PriceBookVersion> versions)
    {
        ArgumentNullException.ThrowIfNull(versions);
        Books = books.ToFrozenDictionary(static book => book.Id, StringComparer.Ordinal);
        var byBook = versions.GroupBy(static version => version.Book, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.OrderBy(static version => version.EffectiveFrom).ToArray(), StringComparer.Ordinal);
        _starts = byBook.ToFrozenDictionary(static pair => pair.Key, static pair => pair.Value.Select(static version => version.EffectiveFrom).ToArray(), StringComparer.Ordinal);
        var timelines = new Dictionary<Key, PriceInForce[]?[]>();
        foreach (var (book, ordered) in byBook)
        {
            var currency = Currency.Of(Books[book].Currency);
            for (var index = 0; index < ordered.Length; index++)
            {
                foreach (var prices in ordered[index].Prices.GroupBy(static price => (price.Model, price.Meter)))
                {
                    var key = new Key(book, prices.Key.Model, prices.Key.Meter);
                    var timeline = timelines.TryGetValue(key, out var found) ? found : timelines[key] = new PriceInForce[]?[ordered.Length];
                    timeline[index] = [.. prices.OrderBy(static price => price.ServiceTier).ThenByDescending(static price => price.PromptAbove)
                        .Select(price => new PriceInForce(price, ordered[index].EffectiveFrom, currency, book)
                        {
                            EffectiveTo = index + 1 < ordered.Length ? ordered[index + 1].EffectiveFrom : null,
                            IsRetroactive = ordered[index].IsRetroactive,
                        })];
                }
            }
        }

        _timelines = timelines.ToFrozenDictionary();
        _images = timelines.Keys.Where(static key => key.Meter.IsOfImages).ToLookup(static key => (key.Book, key.Model), static key => key.Meter);
    }

    /// <summary>All published prices.</summary>
    public IEnumerable<PriceInForce> All => _timelines.Values.SelectMany(static versions => versions).OfType<PriceInForce[]>().SelectMany(static prices => prices);

    /// <summary>Books by id.</summary>
    public IReadOnlyDictionary<string, PriceBook> Books { get; }

    /// <summary>
    /// The price in force at an instant, or null. What the list's overrides have for a model and meter wins. Of the service tier's prices, or of the standard
    /// ones where that tier has none, the one of the longest prompt band that the prompt reaches. A meter without a price costs what the one does that it is priced as
    /// (<see cref="Meter.PricedAs"/>): cached input what input costs.
    /// </summary>
    /// <param name="list">The books.</param>
    /// <param name="model">The model.</param>
    /// <param name="meter">The meter.</param>
    /// <param name="at">The instant.</param>
    /// <param name="tier">The tier in which the call was served.</param>
    /// <param name="promptTokens">All tokens of the call's prompt, cached ones included.</param>
    public PriceInForce? FindInForce(PriceList list, string model, Meter meter, DateTimeOffset at, ServiceTier tier = ServiceTier.Standard, long promptTokens = 0) =>
        Pick(Listed(list, model, meter, at), tier, promptTokens);

    /// <summary>The price in force at an instant, or null; as <see cref="FindInForce"/>.</summary>
    public Price? Find(PriceList list, string model, Meter meter, DateTimeOffset at) => FindInForce(list, model, meter, at)?.Price;

    /// <summary>The price that a rated line names, or null when it is not published.</summary>
    /// <param name="book">The book.</param>
    /// <param name="effectiveFrom">Names the version.</param>
    /// <param name="model">The price's model.</param>
    /// <param name="meter">The price's meter.</param>
    /// <param name="key">Its <see cref="Price.Key"/>.</param>
    public PriceInForce? FindPublished(string book, DateTimeOffset effectiveFrom, string model, Meter meter, string key) =>
        _starts.TryGetValue(book, out var starts) && Array.IndexOf(starts, effectiveFrom) is >= 0 and var version
            && _timelines.GetValueOrDefault(new Key(book, model, meter))?[version] is { } prices
            ? Array.Find(prices, found => found.Price.Key == key) : null;

    /// <summary>The exact cost of a number of units, as if a billing period had no others, or <see cref="ProblemCode.PriceUnknown"/>.</summary>
    public Outcome<Money> Rate(
        PriceList list, string model, Meter meter, long quantity, DateTimeOffset at, ServiceTier tier = ServiceTier.Standard, long promptTokens = 0) =>
        Amount(list, model, meter, quantity, at, FindInForce(list, model, meter, at, tier, promptTokens), isBound: false);

    /// <summary>The most that a number of units adds to a billing period's cost (<see cref="Price.MostOf"/>), or <see cref="ProblemCode.PriceUnknown"/>.</summary>
    public Outcome<Money> RateAtMost(
        PriceList list, string model, Meter meter, long quantity, DateTimeOffset at, ServiceTier tier = ServiceTier.Standard, long promptTokens = 0) =>
        Amount(list, model, meter, quantity, at, FindInForce(list, model, meter, at, tier, promptTokens), isBound: true);

    /// <summary>
    /// The most that a call can add to what is charged: its whole prompt at the dearest price that it can reach, whether it is cached, written to a cache or
    /// neither, and however short it proves to be; its whole output likewise. Null when a price it needs is missing (output of 0 tokens needs none), or the
    /// amount is out of range: such a call is refused.
    /// </summary>
    public Money? UpperBound(
        PriceList list, string model, DateTimeOffset at, long inputTokens, long outputTokens, ServiceTier tier = ServiceTier.Standard)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);
        if (FindInForce(list, model, Meter.InputTokens, at, tier) is not { } input || (outputTokens > 0 && FindInForce(list, model, Meter.OutputTokens, at, tier) is null))
        {
            return null;
        }

        try
        {
            // A prompt is one meter's or is shared by several. Linear prices: the dearest one bounds any sharing. The others: each meter may start its own package.
            var (linear, others) = (Money.Zero(input.Currency), Money.Zero(input.Currency));
            foreach (var meter in PromptMeters)
            {
                var (most, isLinear) = MostOf(Listed(list, model, meter, at), tier, inputTokens, inputTokens, input.Currency);
                (linear, others) = isLinear ? (most > linear ? most : linear, others) : (linear, others + most);
            }

            return linear + others + (outputTokens == 0 ? Money.Zero(input.Currency)
                : MostOf(Listed(list, model, Meter.OutputTokens, at), tier, inputTokens, outputTokens, input.Currency).Most);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static Outcome<Money> Amount(PriceList list, string model, Meter meter, long quantity, DateTimeOffset at, PriceInForce? found, bool isBound)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        if (found is null)
        {
            return new Problem(ProblemCode.PriceUnknown, $"Price book '{list}' has no price for {meter.ToName()} of '{model}' at {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}. "
                + "Add a version of the book that lists it.");
        }

        try
        {
            return isBound ? found.Price.MostOf(quantity, found.Currency) : found.Price.CostOf(quantity, found.Currency);
        }
        catch (OverflowException)
        {
            return new Problem(ProblemCode.InvalidRequest, $"{quantity} {meter.ToName()} of '{model}' cost more than an amount can hold.");
        }
    }

    // The dearest of a tier's prices that prompts up to a length reach.
    private static (Money Most, bool IsLinear) MostOf(PriceInForce[]? prices, ServiceTier tier, long promptTokens, long quantity, Currency currency)
    {
        var (most, isLinear) = (Money.Zero(currency), true);
        var charged = Pick(prices, tier, promptTokens)?.Price.ServiceTier;
        foreach (var found in prices ?? [])
        {
            if (found.Price.ServiceTier == charged && Reaches(found.Price, promptTokens))
            {
                var amount = found.Price.MostOf(quantity, currency);
                most = amount > most ? amount : most;
                isLinear &= found.Price.IsLinear;
            }
        }

        return (most, isLinear);
    }

    private static PriceInForce? Pick(PriceInForce[]? prices, ServiceTier tier, long promptTokens)
    {
        if (prices is null)
        {
            return null;
        }

        foreach (var found in prices)
        {
            if (found.Price.ServiceTier == tier && Reaches(found.Price, promptTokens))
            {
                return found;
            }
        }

        return tier == ServiceTier.Standard ? null : Pick(prices, ServiceTier.Standard, promptTokens);
    }

    private static bool Reaches(Price price, long promptTokens) => price.PromptAbove == 0 || promptTokens > price.PromptAbove;

    private PriceInForce[]? Listed(PriceList list, string model, Meter meter, DateTimeOffset at) =>
        (list.Overrides is null ? null : Listed(list.Overrides, model, meter, at)) ?? Listed(list.Book, model, meter, at)
            ?? (meter.PricedAs is { } other ? Listed(list, model, other, at) : null);

    private PriceInForce[]? Listed(string book, string model, Meter meter, DateTimeOffset at)
    {
        if (!_starts.TryGetValue(book, out var starts))
        {
            return null;
        }

        var version = starts.Length - 1;
        while (version >= 0 && starts[version] > at)
        {
            version--;
        }

        return version < 0 ? null : _timelines.GetValueOrDefault(new Key(book, model, meter))?[version];
    }

    private readonly record struct Key(string Book, string Model, Meter Meter);
}
