using System.Globalization;

namespace Dogana;

/// <summary>
/// An exact amount in one currency, to 10⁻¹² of its major unit. Every operation is checked: it gives the exact result or throws
/// <see cref="OverflowException"/>; nothing rounds but <see cref="Round"/>. Thread-safe by being immutable.
/// </summary>
/// <remarks>
/// Stored as two 64-bit columns, micro-units and the pico remainder, that are summed apart (SQLite's sum of text would be floating point).
/// The range is ±9.2·10¹² major units, which 64 bits of micro-units hold.
/// </remarks>
public readonly record struct Money : IComparable<Money>
{
    /// <summary>Digits after the point: 12.</summary>
    public const int Scale = 12;

    private const decimal MicroPerUnit = 1_000_000m;
    private const decimal PicoPerMicro = 1_000_000m;

    /// <summary>An amount in a currency.</summary>
    /// <exception cref="ArgumentException">The amount has digits beyond 10⁻¹²: it must be rounded by a rule first.</exception>
    /// <exception cref="OverflowException">The amount is beyond ±9.2·10¹².</exception>
    public Money(decimal amount, Currency currency)
    {
        if (decimal.Round(amount, Scale) != amount)
        {
            throw new ArgumentException($"{amount.ToString(CultureInfo.InvariantCulture)} has digits beyond 10^-{Scale}.", nameof(amount));
        }

        _ = checked((long)decimal.Truncate(amount * MicroPerUnit));
        Amount = amount;
        Currency = currency;
    }

    /// <summary>The amount in major units.</summary>
    public decimal Amount { get; }

    /// <summary>The currency.</summary>
    public Currency Currency { get; }

    /// <summary>Whole micro-units (10⁻⁶), truncated towards zero: the first stored column.</summary>
    public long Micro => checked((long)decimal.Truncate(Amount * MicroPerUnit));

    /// <summary>What <see cref="Micro"/> leaves, in pico-units (10⁻¹²), with the amount's sign: the second stored column.</summary>
    public long Pico => checked((long)((Amount * MicroPerUnit - Micro) * PicoPerMicro));

    /// <summary>Is the amount zero?</summary>
    public bool IsZero => Amount == 0m;

    /// <summary>Nothing, in a currency.</summary>
    public static Money Zero(Currency currency) => new(0m, currency);

    /// <summary>From the two stored columns, or from their sums over many rows.</summary>
    public static Money FromParts(long micro, long pico, Currency currency) =>
        new(micro / MicroPerUnit + pico / MicroPerUnit / PicoPerMicro, currency);

    /// <summary>The sum of amounts that are all in <paramref name="currency"/>.</summary>
    public static Money Sum(IEnumerable<Money> amounts, Currency currency) =>
        amounts.Aggregate(Zero(currency), static (sum, next) => sum + next);

    /// <summary>Rounded to the currency's minor unit, half away from zero, so that a reversal mirrors its original.</summary>
    public Money Round() => new(decimal.Round(Amount, Currency.MinorDigits, MidpointRounding.AwayFromZero), Currency);

    /// <summary>
    /// A share of this amount in basis points (1/100 of a per cent), exact to 10⁻¹² (truncated beyond).
    /// </summary>
    public Money BasisPoints(int basisPoints) => new(Truncate(Amount * basisPoints / 10_000m), Currency);

    /// <summary>
    /// Splits a rounded amount by whole weights without losing or making a minor unit (largest remainder; ties go to the earlier part).
    /// Splitting −x gives the negated parts of splitting x.
    /// </summary>
    /// <exception cref="ArgumentException">A weight is negative, all are zero, or this amount is not a whole number of minor units.</exception>
    public IReadOnlyList<Money> Split(IReadOnlyList<long> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var total = weights.Sum();
        if (total <= 0 || weights.Any(static weight => weight < 0) || Round() != this)
        {
            throw new ArgumentException("A split needs weights of zero or more that sum above zero, and an amount in whole minor units.", nameof(weights));
        }

        // 1. Whole minor units, rounded down, in whole numbers: a quotient of decimals would be cut at 28 digits.
        // 2. The units left over go to the largest remainders.
        var unit = MinorUnit(Currency);
        var units = (Int128)(Math.Abs(Amount) / unit);
        var floors = weights.Select(weight => units * weight / total).ToArray();
        var left = units - floors.Aggregate(Int128.Zero, static (sum, part) => sum + part);
        foreach (var index in Enumerable.Range(0, floors.Length).OrderByDescending(i => units * weights[i] % total).ThenBy(i => i).Take((int)left))
        {
            floors[index]++;
        }

        var (currency, sign) = (Currency, Math.Sign(Amount));
        return [.. floors.Select(part => new Money((decimal)part * unit * sign, currency))];
    }

    /// <inheritdoc/>
    public int CompareTo(Money other) => Amount.CompareTo(Same(this, other).Amount);

    /// <summary>The exact amount and the code, for example <c>1.234500000001 EUR</c>; trailing zeros beyond the minor unit are left out.</summary>
    public override string ToString() => ToAmountText() + " " + Currency.Code;

    /// <summary>The exact amount without the code, as documents and the wire have it: <c>1.234500000001</c>, <c>7.00</c>.</summary>
    public string ToAmountText()
    {
        var format = "0." + new string('0', Currency.MinorDigits) + new string('#', Scale - Currency.MinorDigits);
        return Amount.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>The sum.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator +(Money left, Money right) => new(left.Amount + Same(left, right).Amount, left.Currency);

    /// <summary>The difference.</summary>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    public static Money operator -(Money left, Money right) => new(left.Amount - Same(left, right).Amount, left.Currency);

    /// <summary>The opposite amount.</summary>
    public static Money operator -(Money value) => new(-value.Amount, value.Currency);

    /// <summary>A whole multiple.</summary>
    public static Money operator *(Money left, long times) => new(left.Amount * times, left.Currency);

    /// <summary>Is the left amount smaller?</summary>
    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    /// <summary>Is the left amount larger?</summary>
    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    /// <summary>Is the left amount smaller or equal?</summary>
    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    /// <summary>Is the left amount larger or equal?</summary>
    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    private static decimal MinorUnit(Currency currency) => new(1, 0, 0, isNegative: false, scale: (byte)currency.MinorDigits);

    private static decimal Truncate(decimal amount) => decimal.Round(amount, Scale, MidpointRounding.ToZero);

    private static Money Same(Money left, Money right) => left.Currency == right.Currency
        ? right
        : throw new InvalidOperationException($"{left.Currency} and {right.Currency} cannot be joined without an exchange rate.");
}
