using System.Globalization;

namespace Dogana.Bench.Figures;

/// <summary>Writes numbers so that they can be compared at a glance: three or four digits that count.</summary>
internal static class Number
{
    public static string Show(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
