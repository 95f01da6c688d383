using System.Collections.Frozen;
using Dogana.Catalog;

namespace Dogana.Rating;

/// <summary>
/// All published prices at one moment, immutable and thread-safe: what calls are held and charged by. A version's window is
/// [effective_from, the next version's effective_from); outside every window there is no price.
/// </summary>
public sealed class PriceTable
{
    private readonly FrozenDictionary<Key, PriceInForce?[]> _timelines;
    private readonly FrozenDictionary<string, DateTimeOffset[]> _starts;

    /// <summary>Builds the table from what <see cref="PriceBooks"/> accepted.</summary>
    public PriceTable(IReadOnlyList<PriceBook> books, IReadOnlyList<PriceBookVersion> versions)
    {
        ArgumentNullException.ThrowIfNull(versions);
        Books = books.ToFrozenDictionary(static book => book.Id, StringComparer.Ordinal);
        var byBook = versions.GroupBy(static version => version.Book, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.OrderBy(static version => version.EffectiveFrom).ToArray(), StringComparer.Ordinal);
        _starts = byBook.ToFrozenDictionary(static pair => pair.Key, static pair => pair.Value.Select(static version => version.EffectiveFrom).ToArray(), StringComparer.Ordinal);
        var timelines = new Dictionary<Key, PriceInForce?[]>();
        foreach (var (book, ordered) in byBook)
        {
            var currency = Currency.Of(Books[book].Currency);
            for (var index = 0; index < ordered.Length; index++)
            {
                foreach (var price in ordered[index].Prices)
                {
                    var key = new Key(book, price.Model, price.Meter);
                    var timeline = timelines.TryGetValue(key, out var found) ? found : timelines[key] = new PriceInForce?[ordered.Length];
                    timeline[index] = new PriceInForce(price, ordered[index].EffectiveFrom, currency);
                }
            }
        }

        _timelines = timelines.ToFrozenDictionary();
    }

    /// <summary>Books by id.</summary>
    public IReadOnlyDictionary<string, PriceBook> Books { get; }

    /// <summary>
    /// The price in force at an instant, or null. Cached input costs what input costs, unless the version has a price for it.
    /// </summary>
    public PriceInForce? FindInForce(string book, string model, Meter meter, DateTimeOffset at)
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

        return version < 0 ? null
            : _timelines.GetValueOrDefault(new Key(book, model, meter))?[version]
                ?? (meter == Meter.CachedInputTokens ? _timelines.GetValueOrDefault(new Key(book, model, Meter.InputTokens))?[version] : null);
    }

    /// <summary>The price in force at an instant, or null; as <see cref="FindInForce"/>.</summary>
    public Price? Find(string book, string model, Meter meter, DateTimeOffset at) => FindInForce(book, model, meter, at)?.Price;

    /// <summary>The exact cost of a number of units, or <see cref="ProblemCode.PriceUnknown"/>.</summary>
    public Outcome<Money> Rate(string book, string model, Meter meter, long quantity, DateTimeOffset at)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantity);
        if (FindInForce(book, model, meter, at) is not { } found)
        {
            return new Problem(ProblemCode.PriceUnknown, $"Price book '{book}' has no price for {meter.ToName()} of '{model}' at {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}. "
                + "Add a version of the book that lists it.");
        }

        try
        {
            return found.Price.Of(quantity, found.Currency);
        }
        catch (OverflowException)
        {
            return new Problem(ProblemCode.InvalidRequest, $"{quantity} {meter.ToName()} of '{model}' cost more than an amount can hold.");
        }
    }

    /// <summary>The line for one meter of one call, or why it has no price.</summary>
    public Outcome<RatedLine> Rate(string usageSource, string usageId, string book, string model, Meter meter, long quantity, DateTimeOffset at) =>
        !Rate(book, model, meter, quantity, at).TryGet(out var amount, out var problem) ? problem
        : FindInForce(book, model, meter, at) is { } found ? new RatedLine(usageSource, usageId, meter, quantity, book, found.EffectiveFrom, found.Price, amount)
        : throw new InvalidOperationException("A rated amount has a price.");

    /// <summary>
    /// The most that a call can cost: its whole input at the dearer of the input and the cached input price, its whole output at the output price.
    /// Null when a price it needs is missing (output of 0 tokens needs none), or the amount is out of range: such a call is refused.
    /// </summary>
    public Money? UpperBound(string book, string model, DateTimeOffset at, long inputTokens, long outputTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);
        var output = FindInForce(book, model, Meter.OutputTokens, at);
        if (FindInForce(book, model, Meter.InputTokens, at) is not { } input || (output is null && outputTokens > 0))
        {
            return null;
        }

        var cached = FindInForce(book, model, Meter.CachedInputTokens, at) ?? input;
        var dearer = cached.Price.UnitAmount > input.Price.UnitAmount ? cached : input;
        try
        {
            var bound = dearer.Price.Of(inputTokens, input.Currency);
            return output is null ? bound : bound + output.Price.Of(outputTokens, input.Currency);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private readonly record struct Key(string Book, string Model, Meter Meter);
}
