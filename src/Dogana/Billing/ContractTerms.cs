using System.Text.Json.Serialization;

namespace Dogana.Billing;

/// <summary>Where a contract's billing periods begin. Stored by name; grows by appending.</summary>
public enum PeriodAnchor
{
    /// <summary>With calendar months: a quarter in January, April, July or October.</summary>
    Calendar = 1,

    /// <summary>On the day of the month on which the contract began; on a month's last day where the month is shorter.</summary>
    Anniversary = 2,
}

/// <summary>For what time a minimum holds. Stored by name; grows by appending.</summary>
public enum MinimumCadence
{
    /// <summary>For each billing period.</summary>
    Period = 1,

    /// <summary>For the contract's whole term.</summary>
    Term = 2,
}

/// <summary>What a minimum is when the contract ends before its time. Stored by name; grows by appending.</summary>
public enum EarlyEnd
{
    /// <summary>The whole of it is owed.</summary>
    Full = 1,

    /// <summary>As much of it as time went by.</summary>
    Prorated = 2,
}

/// <summary>A fixed amount in each billing period, whatever is used.</summary>
/// <param name="Id">Within the contract.</param>
/// <param name="Name">As on an invoice.</param>
/// <param name="Amount">Above zero, in the price book's currency.</param>
/// <param name="IsProrated">Is it less in a period that the contract covers in part, by the time covered?</param>
public sealed record ContractFee(string Id, string Name, decimal Amount, bool IsProrated);

/// <summary>A part of what was used that is not charged.</summary>
/// <param name="Id">Within the contract.</param>
/// <param name="Name">As on an invoice.</param>
/// <param name="BasisPoints">Of the exact amount, in 1/100 of a per cent, 1 to 10,000.</param>
/// <param name="Models">The models that it is given on; empty for all.</param>
public sealed record ContractDiscount(string Id, string Name, int BasisPoints, IReadOnlyList<string> Models);

/// <summary>What is to be spent at least: what is left of it is charged.</summary>
/// <param name="Id">Within the contract.</param>
/// <param name="Amount">Without tax, after discounts; in the price book's currency.</param>
/// <param name="Cadence">For what time.</param>
/// <param name="EarlyEnd">What is owed when the contract ends before its time.</param>
public sealed record SpendMinimum(string Id, decimal Amount, MinimumCadence Cadence, EarlyEnd EarlyEnd);

/// <summary>Credit that the customer buys, or is given, and that later documents are paid with.</summary>
/// <param name="Id">Within the contract.</param>
/// <param name="Name">As on an invoice.</param>
/// <param name="Amount">Above zero, in the price book's currency.</param>
/// <param name="From">From when on it can be used; it is charged on the first document after it.</param>
/// <param name="Expires">From when on it can no longer be used, or null while it has no end.</param>
/// <param name="Priority">The lower, the earlier it is drawn on: 0 to 1,000.</param>
/// <param name="IsPromotional">Is it given, not bought? Drawn on before what was bought where priority and end are equal.</param>
public sealed record Prepayment(string Id, string Name, decimal Amount, DateTimeOffset From, DateTimeOffset? Expires, int Priority, bool IsPromotional);

/// <summary>What a contract says beside its price book. Never changes once the contract has begun.</summary>
public sealed record ContractTerms
{
    /// <summary>Calendar months, thirty days to pay, nothing fixed and nothing off.</summary>
    public static ContractTerms Standard { get; } = new();

    /// <summary>A price book of the same currency whose prices go before those of the contract's book; null for none.</summary>
    public string? Overrides { get; init; }

    /// <summary>Who sells, where it is not the channel's seller: an organisation that resells to its end customers.</summary>
    public string? Seller { get; init; }

    /// <summary>
    /// ISO 4217 code of the currency that documents are in and paid in; null where it is the price book's. All that the contract says is in the price book's currency:
    /// each document is converted at one rate, that of the end of its period.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BillingCurrency { get; init; }

    /// <summary>Where billing periods begin.</summary>
    public PeriodAnchor Anchor { get; init; } = PeriodAnchor.Calendar;

    /// <summary>Months in a billing period: 1, 2, 3, 4, 6 or 12.</summary>
    public int PeriodMonths { get; init; } = 1;

    /// <summary>IANA name of the zone whose days the periods are made of; null in a declaration for the customer's zone of that day, which then stays.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Days from a document's issue until it is to be paid, 0 to 365.</summary>
    public int PaymentDays { get; init; } = 30;

    /// <summary>Months from the contract's beginning for which a minimum of the term holds, 1 to 120; 0 where there is none.</summary>
    public int TermMonths { get; init; }

    /// <summary>Fixed amounts in each period.</summary>
    public IReadOnlyList<ContractFee> Fees { get; init; } = [];

    /// <summary>What is taken off.</summary>
    public IReadOnlyList<ContractDiscount> Discounts { get; init; } = [];

    /// <summary>What is to be spent at least; at most one for each cadence.</summary>
    public IReadOnlyList<SpendMinimum> Minimums { get; init; } = [];

    /// <summary>Credit that is bought or given.</summary>
    public IReadOnlyList<Prepayment> Prepayments { get; init; } = [];

    /// <summary>Is something charged in a period in which nothing was used?</summary>
    public bool IsFixed => Fees.Count + Minimums.Count + Prepayments.Count > 0;
}
