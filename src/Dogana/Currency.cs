using System.Collections.Frozen;

namespace Dogana;

/// <summary>A currency by its ISO 4217 code, with its number of minor-unit digits.</summary>
/// <param name="Code">Three capital letters, for example <c>EUR</c>.</param>
/// <param name="MinorDigits">Digits after the point on a document: 2 for EUR, 0 for JPY, 3 for KWD (ISO 4217, list one).</param>
public readonly record struct Currency(string Code, int MinorDigits)
{
    // Only what ISO 4217 gives other than two digits needs a number here; the rest is two.
    private static readonly FrozenDictionary<string, int> Known = Table();

    /// <summary>The currency with this code, or null when ISO 4217 has none such (or Dogana does not know it).</summary>
    public static Currency? Find(string? code) =>
        code is not null && Known.TryGetValue(code, out var digits) ? new Currency(code, digits) : null;

    /// <summary>The currency with this code.</summary>
    /// <exception cref="ArgumentException">The code is unknown.</exception>
    public static Currency Of(string code) =>
        Find(code) ?? throw new ArgumentException($"'{code}' is not a currency code of ISO 4217 that Dogana knows.", nameof(code));

    /// <summary>The code.</summary>
    public override string ToString() => Code;

    private static FrozenDictionary<string, int> Table()
    {
        var digits = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var code in ("AED ARS AUD BGN BRL CAD CHF CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR KES MAD MXN MYR NGN NOK NZD "
                + "PEN PHP PKR PLN QAR RON RSD SAR SEK SGD THB TRY TWD UAH USD UYU ZAR").Split(' '))
        {
            digits[code] = 2;
        }

        foreach (var code in "CLP ISK JPY KRW PYG UGX VND XAF XOF".Split(' '))
        {
            digits[code] = 0;
        }

        foreach (var code in "BHD JOD KWD OMR TND".Split(' '))
        {
            digits[code] = 3;
        }

        return digits.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
