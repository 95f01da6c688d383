namespace Dogana.Client;

/// <summary>What a party brings and costs.</summary>
/// <param name="Party">The model, owner, customer, family or channel; empty for lines about no model, and for all together.</param>
/// <param name="Revenue">Decimal text.</param>
/// <param name="Cost">What upstreams charge.</param>
/// <param name="Margin">Revenue less cost.</param>
/// <param name="MarginRate">Margin over revenue; null without revenue.</param>
public sealed record MarginRowRecord(string Party, string Revenue, string Cost, string Margin, double? MarginRate);

/// <summary>Margins before shares of partners and capital.</summary>
/// <param name="Basis">Which months; costs are of use in the same calendar months, UTC.</param>
/// <param name="Axis">By what.</param>
/// <param name="All">All together.</param>
/// <param name="Unallocated">Cost that no row bears: of use that was not invoiced in these months.</param>
/// <param name="Rows">The rows, the largest revenue first, as many as were asked for.</param>
public sealed record MarginRecord(InsightBasis Basis, string Axis, MarginRowRecord All, string Unallocated, IReadOnlyList<MarginRowRecord> Rows)
{
    /// <summary>Whoever has no row, together; null where everybody has one.</summary>
    public MarginRowRecord? Others { get; init; }
}

/// <summary>A capacity pool.</summary>
/// <param name="Pool">Its id.</param>
/// <param name="Months">For how many of the report's months it was there.</param>
/// <param name="Tokens">What it served.</param>
/// <param name="Utilisation">Tokens over what it can serve, 0 to 1; null where that is not known.</param>
/// <param name="Revenue">What its part of its models' tokens brought, as decimal text.</param>
/// <param name="CapitalCost">The months' equal parts of its capital.</param>
/// <param name="RunningCost">What it cost besides.</param>
/// <param name="Margin">Revenue less both.</param>
/// <param name="MarginRate">Over revenue; null without any.</param>
/// <param name="MarginBeforeCapital">Revenue less running cost: is at least the computing paid?</param>
/// <param name="CostPerMillionTokens">Both costs; null where nothing was served.</param>
/// <param name="RevenuePerMillionTokens">Likewise.</param>
/// <param name="Capital">What was spent to have it.</param>
/// <param name="KnownMonths">How many months of its life are over; the others are taken to be as the last three.</param>
/// <param name="NetPresentValue">Of its life, with what it is worth at the end.</param>
/// <param name="PaybackMonth">The month by whose end the capital is back and stays so; null where not within its life.</param>
/// <param name="DiscountedPaybackMonth">The same of discounted flows.</param>
public sealed record PoolRecord(
    string Pool, int Months, long Tokens, double? Utilisation, string Revenue, string CapitalCost, string RunningCost, string Margin, double? MarginRate, string MarginBeforeCapital,
    string? CostPerMillionTokens, string? RevenuePerMillionTokens, string Capital, int KnownMonths, string NetPresentValue, int? PaybackMonth, int? DiscountedPaybackMonth);

/// <summary>What capacity brings and costs.</summary>
/// <param name="Basis">Which months.</param>
/// <param name="AnnualRate">The year's discount rate.</param>
/// <param name="Pools">The pools.</param>
public sealed record PoolsRecord(InsightBasis Basis, decimal AnnualRate, IReadOnlyList<PoolRecord> Pools);

/// <summary>What a customer spent on a model on a channel.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Model">The model; empty for fees, minimums and corrections.</param>
/// <param name="Owner">The model's owner.</param>
/// <param name="Amount">Decimal text.</param>
/// <param name="Units">Units of all meters together.</param>
public sealed record CustomerSpendRecord(string Channel, string Model, string Owner, string Amount, long Units);

/// <summary>Prepaid credit.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Id">The credit's id in it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Granted">What was bought or given, as decimal text.</param>
/// <param name="Left">What documents left of it.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="MonthsLeft">How long it lasts at what was spent in the last three months; null where that was nothing.</param>
public sealed record CustomerCreditRecord(string Contract, string Id, string Name, string Currency, string Granted, string Left, DateTimeOffset? Expires, double? MonthsLeft);

/// <summary>What the last month's use of a channel would cost by another contract of the customer's.</summary>
/// <param name="Channel">Where it was bought.</param>
/// <param name="Elsewhere">Where it could be.</param>
/// <param name="Contract">By which contract.</param>
/// <param name="Paid">What was charged for what has a price there, as decimal text.</param>
/// <param name="WouldCost">What it would be there.</param>
/// <param name="Unpriced">Models and meters that have no price there, and are in neither sum.</param>
public sealed record ElsewhereRecord(string Channel, string Elsewhere, string Contract, string Paid, string WouldCost, IReadOnlyList<string> Unpriced);

/// <summary>A customer's own view.</summary>
/// <param name="Basis">Which months.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Total">What it spent, as decimal text.</param>
/// <param name="Spend">By channel and model, the largest first.</param>
/// <param name="Months">By month.</param>
/// <param name="Commitments">What its contracts have it pay in any case.</param>
/// <param name="Credits">Prepaid credit.</param>
/// <param name="Elsewhere">What the last month would cost elsewhere.</param>
/// <param name="OutsideBills">Bills of other providers that were taken in, where the caller may see everything.</param>
public sealed record CustomerRecord(
    InsightBasis Basis, string Organisation, string Total, IReadOnlyList<CustomerSpendRecord> Spend, IReadOnlyList<MonthAmountRecord> Months,
    IReadOnlyList<ContractCommitmentRecord> Commitments, IReadOnlyList<CustomerCreditRecord> Credits, IReadOnlyList<ElsewhereRecord> Elsewhere, IReadOnlyList<ImportedSum> OutsideBills);
