using System.Numerics;

namespace Dogana.Insight.Arithmetic;

/// <summary>Ratios of exact amounts: whole numbers until the one division, so that neither order nor cancellation shows.</summary>
internal static class ExactRatio
{
    // A quotient is cut at 10^-18: below the precision of a double near one.
    private static readonly BigInteger Digits = BigInteger.Pow(10, 18);

    /// <summary>An amount as a whole number of its smallest parts, 10⁻¹² of a unit.</summary>
    public static BigInteger Whole(Money amount) => new(amount.Amount * 1_000_000_000_000m);

    /// <summary>The same in 128 bits, which hold every amount and the sum of any number of them.</summary>
    public static Int128 Pico(Money amount) => (Int128)(amount.Amount * 1_000_000_000_000m);

    /// <summary>The amount of so many parts of 10⁻¹².</summary>
    public static Money Amount(Int128 pico, Currency currency) => new((decimal)pico / 1_000_000_000_000m, currency);

    /// <summary>A quotient; null where the divisor is zero.</summary>
    public static double? Of(BigInteger part, BigInteger whole) => whole.IsZero ? null : (double)(part * Digits / whole) / (double)Digits;

    /// <summary>A quotient of amounts of one currency; null where the divisor is zero.</summary>
    public static double? Of(Money part, Money whole) =>
        part.Currency == whole.Currency
            ? Of(Whole(part), Whole(whole))
            : throw new InvalidOperationException($"{part.Currency} and {whole.Currency} cannot be compared without an exchange rate.");
}
