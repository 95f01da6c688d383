using System.Globalization;

namespace Dogana.Insight.Charts;

/// <summary>How the numbers of a picture are written.</summary>
/// <param name="Name">What stands at the axis: <c>million USD</c>; empty where the numbers say it themselves.</param>
/// <param name="Factor">By which values are divided.</param>
/// <param name="Suffix">What follows each number.</param>
/// <param name="Digits">After the point, in a value.</param>
internal sealed record Unit(string Name, double Factor, string Suffix, int Digits)
{
    /// <summary>Shares of one, in per cent; the sign stays on the line of its number.</summary>
    public static Unit Percent { get; } = new("", 0.01, "\u00a0%", 1);

    /// <summary>Plain numbers.</summary>
    public static Unit Plain(string name, int digits = 0) => new(name, 1, "", digits);

    /// <summary>An amount, in the thousand, million or billion that the largest of them asks for.</summary>
    /// <param name="unit">ISO 4217 code, or another word of a series.</param>
    /// <param name="largest">The largest of the picture.</param>
    public static Unit Amount(string unit, double largest) => Math.Abs(largest) switch
    {
        >= 1e9 => new Unit($"billion {unit}", 1e9, "", 2),
        >= 1e6 => new Unit($"million {unit}", 1e6, "", 1),
        >= 1e4 => new Unit($"thousand {unit}", 1e3, "", 1),
        _ => new Unit(unit, 1, "", Currency.Find(unit)?.MinorDigits ?? 1),
    };

    /// <summary>A number at a tick: as many digits as its step needs.</summary>
    public string Tick(double value, double step)
    {
        var (shown, by) = (value / Factor, step / Factor);
        var digits = 0;
        for (var rest = by; digits < 6 && Math.Abs(rest - Math.Round(rest)) > 1e-6; digits++)
        {
            rest *= 10;
        }

        return Write(shown, digits) + Suffix;
    }

    /// <summary>A number beside a mark.</summary>
    public string Value(double value) => Write(value / Factor, Digits) + Suffix;

    /// <summary>A number in a sentence, with its unit.</summary>
    public string Words(double value) => Name.Length == 0 ? Value(value) : $"{Value(value)} {Name}";

    private static string Write(double number, int digits)
    {
        var text = number.ToString("N" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.StartsWith('-') ? text.AsSpan(1).IndexOfAnyInRange('1', '9') < 0 ? text[1..] : "−" + text[1..] : text;
    }
}
