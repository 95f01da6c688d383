using System.Globalization;
using Dogana.Catalog;

namespace Dogana.Costs.Bills;

/// <summary>What a provider bills for a model's meter on a day.</summary>
internal sealed record BillLine(DateOnly Day, string Model, string Meter, long Quantity, decimal Amount, string? Currency)
{
    // Each of our words and where it may stand in a bill, the bill's own form first, then FOCUS.
    private static readonly string[] Dates = ["date", "ChargePeriodStart"], Models = ["model", "ResourceName", "SkuId"], Meters = ["meter", "SkuMeter"],
        Quantities = ["quantity", "ConsumedQuantity"], Amounts = ["amount", "BilledCost"], Currencies = ["currency", "BillingCurrency"];

    /// <summary>Reads a bill; the first fault names its line and column.</summary>
    /// <param name="text">CSV text.</param>
    /// <param name="modelOf">Our name of a model that the provider names.</param>
    public static Outcome<IReadOnlyList<BillLine>> Read(string text, Func<string, string> modelOf)
    {
        if (!CsvTable.Read(text).TryGet(out var table, out var problem))
        {
            return problem;
        }

        foreach (var names in new[] { Dates, Models, Meters, Quantities, Amounts })
        {
            if (!names.Any(name => table.Columns.Contains(name, StringComparer.Ordinal)))
            {
                return new Problem(ProblemCode.InvalidRequest, $"Line 1: there is no column {string.Join(" or ", names)}. Send date, model, meter, quantity and amount, or an export in FOCUS form.", names[0]);
            }
        }

        var lines = new List<BillLine>();
        foreach (var row in table.Rows)
        {
            if (!Read(row, modelOf).TryGet(out var line, out problem))
            {
                return problem;
            }

            lines.Add(line);
        }

        return lines;
    }

    private static Outcome<BillLine> Read(CsvLine row, Func<string, string> modelOf)
    {
        var (date, model, meter) = (Column(row, Dates), Column(row, Models), Column(row, Meters));
        var (quantity, amount) = (Column(row, Quantities), Column(row, Amounts));
        if (!DateTimeOffset.TryParse(row.Find(date), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
        {
            return row.Fault(date, "is not a date. Write 2026-01-31.");
        }

        if (row.Find(model) is not { } named || row.Find(meter) is not { } counted)
        {
            return row.Fault(row.Find(model) is null ? model : meter, "is empty. Name it.");
        }

        if (!TryParse(row.Find(quantity), out var units) || !TryParse(row.Find("ConsumedUnit") is { } unit ? Multiple(unit) : "1", out var times)
            || decimal.Truncate(units * times) != units * times || units * times is < 0 or > long.MaxValue)
        {
            return row.Fault(quantity, "is not a whole number of units. Write digits without separators.");
        }

        return TryParse(row.Find(amount), out var billed)
            ? new BillLine(DateOnly.FromDateTime(at.UtcDateTime), modelOf(named), MeterOf(counted), (long)(units * times), billed, row.Find(Column(row, Currencies)))
            : row.Fault(amount, "is not an amount. Write digits and a point, without a currency.");
    }

    private static string Column(CsvLine row, string[] names) => names.FirstOrDefault(name => row.Columns.Contains(name, StringComparer.Ordinal)) ?? names[0];

    private static bool TryParse(string? text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && Math.Abs(number) <= 9_000_000_000_000_000_000m;

    // "1K Tokens", "1M Tokens"; anything else counts by one.
    private static string Multiple(string unit) => unit.StartsWith("1K ", StringComparison.OrdinalIgnoreCase) ? "1000" : unit.StartsWith("1M ", StringComparison.OrdinalIgnoreCase) ? "1000000" : "1";

    // "Input Tokens" is input_tokens; what is no meter here keeps its name, so that the difference shows.
    private static string MeterOf(string name)
    {
#pragma warning disable CA1308 // meters' names are lower-case
        var word = name.ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
#pragma warning restore CA1308
        return MeterNames.Find(word) is { } meter ? meter.ToName() : name;
    }
}
