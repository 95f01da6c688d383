using System.Globalization;

namespace Dogana.Billing;

/// <summary>The codes of tax categories (UNTDID 5305, those that EN 16931 admits and Dogana has use for). Stored and sent as they are.</summary>
public static class TaxCategory
{
    /// <summary>Standard rate.</summary>
    public const string Standard = "S";

    /// <summary>Zero rate.</summary>
    public const string Zero = "Z";

    /// <summary>Exempt.</summary>
    public const string Exempt = "E";

    /// <summary>The customer owes the tax.</summary>
    public const string ReverseCharge = "AE";

    /// <summary>Free export.</summary>
    public const string Export = "G";

    /// <summary>Outside of the tax's scope.</summary>
    public const string Outside = "O";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Standard, Zero, Exempt, ReverseCharge, Export, Outside];

    /// <summary>What is said of a category where no rule says it better; null where nothing need be said (EN 16931, BR-S-10 and BR-Z-10).</summary>
    public static string? ReasonOf(string category) => category switch
    {
        Standard or Zero => null,
        Exempt => "Exempt from tax",
        ReverseCharge => "Reverse charge",
        Export => "Export",
        _ => "Not subject to tax",
    };
}

/// <summary>What tax a seller in one country charges some customers, from an instant on until a later rule for the same customers.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="SellerCountry">ISO 3166-1 alpha-2.</param>
/// <param name="Category">One of <see cref="TaxCategory"/>.</param>
/// <param name="From">The first instant it is in force.</param>
public sealed record TaxRule(string Id, string SellerCountry, string Category, DateTimeOffset From)
{
    /// <summary>The most digits after the point of a rate.</summary>
    public const int PercentDigits = 4;

    /// <summary>The customer's country; null for every country that has no rule of its own.</summary>
    public string? CustomerCountry { get; init; }

    /// <summary>Only for customers with or without a tax id; null for both.</summary>
    public bool? CustomerHasTaxId { get; init; }

    /// <summary>The rate in per cent, 0 to 100, with at most 4 digits after the point; 0 for all categories but the standard one.</summary>
    public decimal Percent { get; init; }

    /// <summary>Why none is charged; null for the standard and zero rates.</summary>
    public string? Reason { get; init; }
}

/// <summary>How the lines of a document are taxed.</summary>
/// <param name="Category">One of <see cref="TaxCategory"/>.</param>
/// <param name="Percent">The rate as documents have it: <c>19</c>, <c>5.5</c>.</param>
/// <param name="Reason">Why none is charged; null for the standard and zero rates.</param>
public sealed record TaxTreatment(string Category, string Percent, string? Reason)
{
    /// <summary>What a seller charges for whose country there is no rule.</summary>
    public static TaxTreatment None { get; } = new(TaxCategory.Outside, "0", TaxCategory.ReasonOf(TaxCategory.Outside));

    /// <summary>The treatment by a rule.</summary>
    public static TaxTreatment Of(TaxRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new TaxTreatment(rule.Category, rule.Percent.ToString("0.####", CultureInfo.InvariantCulture), rule.Reason ?? TaxCategory.ReasonOf(rule.Category));
    }
}
