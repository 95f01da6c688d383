using System.Globalization;
using System.Text.Json;
using Dogana.Exports.Focus;

namespace Dogana.Tests.Exports;

/// <summary>What FOCUS 1.2 says of a row that a program can decide: each row is held against it, by the name of the column.</summary>
internal static class FocusRules
{
    private const string Variable = "DOGANA_FOCUS_COLUMNS";

    /// <summary>The columns as data, which are no part of the repository; null where they are absent.</summary>
    private static readonly Lazy<JsonElement[]?> Columns = new(static () =>
    {
        var path = Environment.GetEnvironmentVariable(Variable) ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data", "specs", "focus-1.2-columns.json"));
        return File.Exists(path) ? [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("columns").EnumerateArray()] : null;
    });

    /// <summary>Are the columns there as data?</summary>
    public static bool HasColumns => Columns.Value is not null;

    /// <summary>The rules that a row breaks.</summary>
    public static IReadOnlyList<string> Broken(FocusRow row) => [.. OfColumns(row).Concat(OfRow(row))];

    // Types, nulls and allowed values, as the data have them; of subcategories they have the categories only.
    private static IEnumerable<string> OfColumns(FocusRow row)
    {
        foreach (var column in Columns.Value ?? [])
        {
            var name = column.GetProperty("id").GetString()!;
            var cell = row[name];
            if (cell is null)
            {
                if (!column.GetProperty("nullable").GetBoolean())
                {
                    yield return $"{name} is null";
                }
            }
            else if (name != "ServiceSubcategory" && column.TryGetProperty("allowed", out var allowed) && allowed.EnumerateArray().All(value => value.GetString() != cell))
            {
                yield return $"{name} is '{cell}', which is not allowed";
            }
            else if (column.GetProperty("dataType").GetString() == "Decimal" && !decimal.TryParse(cell, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
            {
                yield return $"{name} is '{cell}', which is no number";
            }
        }
    }

    // What columns ask of each other.
    private static IEnumerable<string> OfRow(FocusRow row)
    {
        var (category, isCorrection) = (row["ChargeCategory"], row["ChargeClass"] == "Correction");
        foreach (var price in (string[])["ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "PricingUnit", "PricingCategory", "SkuPriceId"])
        {
            if (category is "Usage" or "Purchase" && !isCorrection ? row[price] is null : category == "Tax" && row[price] is not null)
            {
                yield return $"{price} of {category} is '{row[price]}'";
            }
        }

        foreach (var cost in (string[])["List", "Contracted"])
        {
            if (row[cost + "UnitPrice"] is { } price && row["PricingQuantity"] is { } quantity && !isCorrection)
            {
                if (Number(price) < 0 || Number(price) * Number(quantity) != Number(row[cost + "Cost"]!))
                {
                    yield return $"{price} × {quantity} is not {cost}Cost {row[cost + "Cost"]}";
                }
            }
        }

        if (category == "Purchase" && row["ChargeFrequency"] == "Usage-Based")
        {
            yield return "a purchase is Usage-Based";
        }

        if ((row["ConsumedQuantity"] is null) != (category != "Usage" || row["CommitmentDiscountStatus"] == "Unused") && !isCorrection)
        {
            yield return $"ConsumedQuantity of {category} {row["CommitmentDiscountStatus"]} is '{row["ConsumedQuantity"]}'";
        }

        foreach (var of in (string[])["Category", "Name", "Quantity", "Type", "Unit"])
        {
            if ((row["CommitmentDiscountId"] is null) != (row["CommitmentDiscount" + of] is null))
            {
                yield return $"CommitmentDiscount{of} is '{row["CommitmentDiscount" + of]}' for '{row["CommitmentDiscountId"]}'";
            }
        }

        if ((row["CommitmentDiscountStatus"] is null) != (row["CommitmentDiscountId"] is null) || row["CommitmentDiscountStatus"] is not null && row["PricingCategory"] != "Committed")
        {
            yield return $"CommitmentDiscountStatus is '{row["CommitmentDiscountStatus"]}', PricingCategory '{row["PricingCategory"]}'";
        }
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
