using System.Globalization;
using Dogana.Client;

namespace Dogana.Insight.Board;

/// <summary>Figures of reports as a sentence or a table has them.</summary>
internal static class BoardText
{
    private const int MonthDigits = 7;

    /// <summary>An amount or another decimal of a report, to draw it.</summary>
    public static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>A share in per cent; a dash where there is none.</summary>
    public static string Percent(double? share) => share is { } known ? Charts.Unit.Percent.Value(known) : "–";

    /// <summary>A number with so many digits; a dash where there is none.</summary>
    public static string Plain(double? number, int digits = 1) => number is { } known ? Charts.Unit.Plain("", digits).Value(known) : "–";

    /// <summary>A count.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>An amount in a sentence: <c>83.2 million USD</c>.</summary>
    public static string Amount(string text, string unit) => Charts.Unit.Amount(unit, Number(text)).Words(Number(text));

    /// <summary>An amount in a table: all of it, to the minor unit.</summary>
    public static string Exact(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("N2", CultureInfo.InvariantCulture);

    /// <summary><c>2024-06</c> as June 2024, <c>2024Q2</c> as it is.</summary>
    public static string Month(string month) => month.Length == MonthDigits && DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day.ToString("MMMM yyyy", CultureInfo.InvariantCulture) : month;

    /// <summary>The same at an axis: Jun 2024.</summary>
    public static string ShortMonth(string month) => month.Length == MonthDigits && DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day.ToString("MMM yyyy", CultureInfo.InvariantCulture) : month;

    /// <summary>A name that a report gives, or the id.</summary>
    public static string Party(PartyShareRecord party) => party.Name ?? (party.Party.Length == 0 ? "no model" : party.Party);

    /// <summary>The plural of an axis.</summary>
    public static string Plural(string axis) => axis switch
    {
        "family" => "families",
        "counterparty" => "counterparties",
        _ => axis + "s",
    };

    /// <summary>What a figure counts: the sentence below each picture.</summary>
    public static string Basis(InsightBasis basis) =>
        $"{(basis.Months == "service" ? "Months of use" : "Invoiced months")} {Month(basis.From)} to {Month(basis.To)}, sold by {string.Join(", ", basis.Sellers)}, in {basis.Currency} "
        + (basis.Rates == "month_end" ? "at month-end rates" : $"at the rates of {basis.Rates}")
        + Only("channel", basis.Channel) + Only("models of", basis.Owner) + Only("model", basis.Model) + ".";

    /// <summary>The options with which a verb counts the same.</summary>
    public static string Options(InsightBasis basis, int? months = null)
    {
        var count = (int.Parse(basis.To.AsSpan(0, 4), CultureInfo.InvariantCulture) - int.Parse(basis.From.AsSpan(0, 4), CultureInfo.InvariantCulture)) * 12
            + int.Parse(basis.To.AsSpan(5), CultureInfo.InvariantCulture) - int.Parse(basis.From.AsSpan(5), CultureInfo.InvariantCulture) + 1;
        return $" --through {basis.To} --months {Count(months ?? count)} --currency {basis.Currency}" + Given("channel", basis.Channel) + Given("owner", basis.Owner) + Given("model", basis.Model)
            + (basis.Months == "service" ? " --basis service" : "") + (basis.Rates == "month_end" ? "" : $" --rates {basis.Rates}");
    }

    private static string Given(string option, string? value) => value is null ? "" : $" --{option} {value}";

    private static string Only(string what, string? id) => id is null ? "" : $", only {what} {id}";
}
