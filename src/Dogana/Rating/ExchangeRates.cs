using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using Dogana.Rating.Books;
using Dogana.Storage;

namespace Dogana.Rating;

/// <summary>
/// All published exchange rates at one moment, immutable and thread-safe. A pair's other direction counts only where it is declared: the inverse of a rate
/// is another rate, and rarely exact.
/// </summary>
public sealed class ExchangeRates
{
    private static readonly BigInteger PicoPerUnit = BigInteger.Pow(10, Money.Scale);

    private readonly FrozenDictionary<(string, string), ExchangeRate[]> _byPair;
    private readonly FrozenDictionary<ExchangeRate, long> _publishedAfter;

    /// <summary>Builds the table.</summary>
    public ExchangeRates(IReadOnlyList<ExchangeRate> rates)
        : this([.. rates.Select(static rate => (rate, (long?)null))])
    {
    }

    private ExchangeRates(IReadOnlyList<(ExchangeRate Rate, long? PublishedAfter)> published)
    {
        var rates = published.Select(static item => item.Rate);
        _publishedAfter = published.Where(static item => item.PublishedAfter is not null).ToFrozenDictionary(static item => item.Rate, static item => item.PublishedAfter!.Value);
        _byPair = rates.GroupBy(static rate => (rate.Base, rate.Quote))
            .ToFrozenDictionary(static group => group.Key, static group => group.OrderByDescending(static rate => rate.From).ToArray());
        All = [.. _byPair.OrderBy(static pair => pair.Key).SelectMany(static pair => pair.Value)];
    }

    /// <summary>All rates by pair, the latest first.</summary>
    public IReadOnlyList<ExchangeRate> All { get; }

    /// <summary>The rate of a pair that is in force at an instant, or null.</summary>
    public ExchangeRate? Find(string from, string to, DateTimeOffset at) =>
        _byPair.TryGetValue((from, to), out var rates) ? Array.Find(rates, rate => rate.From <= at) : null;

    /// <summary>
    /// A rate of the same pair that goes before the given one at an instant and was published when a ledger entry was posted, so that the entry had to stand on it; or null.
    /// Of rates that were published before that was recorded it is not known.
    /// </summary>
    /// <param name="rate">The rate that was used.</param>
    /// <param name="at">The instant whose rate counts.</param>
    /// <param name="entry">The entry's number.</param>
    public ExchangeRate? FindNewer(ExchangeRate rate, DateTimeOffset at, long entry)
    {
        ArgumentNullException.ThrowIfNull(rate);
        return _byPair.TryGetValue((rate.Base, rate.Quote), out var rates)
            ? Array.Find(rates, other => other.From > rate.From && other.From <= at && _publishedAfter.TryGetValue(other, out var after) && after < entry) : null;
    }

    /// <summary>An amount in another currency: the exact product, rounded half away from zero to 10⁻¹²; or why there is none.</summary>
    /// <param name="amount">The amount.</param>
    /// <param name="to">The currency wanted; the amount itself where it is in that already.</param>
    /// <param name="at">Whose rate counts.</param>
    public Outcome<Money> Convert(Money amount, Currency to, DateTimeOffset at)
    {
        if (amount.Currency == to)
        {
            return amount;
        }

        if (Find(amount.Currency.Code, to.Code, at) is not { } rate)
        {
            return new Problem(
                ProblemCode.ExchangeRateUnknown,
                $"No exchange rate from {amount.Currency} to {to} is in force at {InstantText.Format(at)}. Declare one under exchange_rates of a world file; the other direction does not count.");
        }

        return Convert(amount, rate);
    }

    /// <summary>An amount at a rate of its currency: the exact product, rounded half away from zero to 10⁻¹²; or why it cannot be held.</summary>
    public static Outcome<Money> Convert(Money amount, ExchangeRate rate)
    {
        ArgumentNullException.ThrowIfNull(rate);
        var to = Currency.Of(rate.Quote);

        // Both factors in pico-units, whole numbers: a product of decimals would be cut at 28 digits, and rounded twice.
        var product = Pico(amount.Amount) * Pico(rate.Rate);
        var (whole, rest) = BigInteger.DivRem(BigInteger.Abs(product), PicoPerUnit);
        var pico = (whole + (rest * 2 >= PicoPerUnit ? 1 : 0)) * product.Sign;
        try
        {
            return new Money((decimal)pico / (decimal)PicoPerUnit, to);
        }
        catch (OverflowException)
        {
            return new Problem(ProblemCode.InvalidRequest, $"{amount} at {rate.Rate.ToString(CultureInfo.InvariantCulture)} is more {to} than an amount can hold.");
        }
    }

    /// <summary>Publishes rates. A published rate never changes, and none is put before a pair's latest one.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="rates">New rates, or known ones as they were published.</param>
    /// <param name="now">The time of publishing.</param>
    /// <exception cref="ProblemException">Something declared is invalid, or contradicts what is published; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<ExchangeRate> rates, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(rates);
        var published = await ReadAsync(session);
        var changes = new List<Change>();
        foreach (var rate in rates.OrderBy(static rate => rate.From))
        {
            var name = NameOf(rate);
            var latest = published.All.FirstOrDefault(known => (known.Base, known.Quote) == (rate.Base, rate.Quote));
            var before = published.All.FirstOrDefault(known => NameOf(known) == name);
            if (FaultOf(rate) is { } fault)
            {
                throw new ProblemException(new Problem(ProblemCode.InvalidRequest, $"Exchange rate {name}: {fault}", "exchange_rates"));
            }

            if (before is not null ? (before.Rate, before.Source) != (rate.Rate, rate.Source) : latest?.From > rate.From)
            {
                throw new ProblemException(new Problem(
                    ProblemCode.Conflict,
                    before is not null ? $"Exchange rate {name} is published and cannot change. Add a rate with a later from."
                        : $"Exchange rate {name} would come before one that is published, {NameOf(latest!)}, and change what was converted by it. Add a rate with a later from.",
                    "exchange_rates"));
            }

            changes.Add(new Change(before is null ? ChangeKind.Created : ChangeKind.Unchanged, "exchange_rate", name));
            if (before is null)
            {
                await ExchangeRateRows.PublishAsync(session, rate, now);
                session.ChangesConfiguration();
            }
        }

        return changes;
    }

    /// <summary>All published rates.</summary>
    public static async Task<ExchangeRates> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new ExchangeRates(await ExchangeRateRows.ReadAsync(session));
    }

    /// <summary>A rate as messages and changes name it: <c>USD/INR@2026-01-01T00:00:00Z</c>.</summary>
    public static string NameOf(ExchangeRate rate)
    {
        ArgumentNullException.ThrowIfNull(rate);
        return $"{rate.Base}/{rate.Quote}@{InstantText.Format(rate.From)}";
    }

    private static string? FaultOf(ExchangeRate rate) => Currency.Find(rate.Base) is null || Currency.Find(rate.Quote) is null ? "one of the two is no currency that Dogana knows. Write codes of ISO 4217."
        : rate.Base == rate.Quote ? "the two are the same. Name two currencies."
        : rate.Rate is <= 0 or > 1_000_000_000 ? "the rate is not above 0 and at most 1000000000. Write one in that range."
        : decimal.Round(rate.Rate, Money.Scale) != rate.Rate ? $"the rate has digits beyond 10^-{Money.Scale}. Write fewer."
        : null;

    private static BigInteger Pico(decimal value)
    {
        var whole = decimal.Truncate(value);
        return new BigInteger(whole) * PicoPerUnit + new BigInteger((value - whole) * (decimal)PicoPerUnit);
    }
}
