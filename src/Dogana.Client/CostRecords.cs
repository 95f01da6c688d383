namespace Dogana.Client;

/// <summary>What an upstream charges, or leaves uncharged, for a model's meter on a day.</summary>
/// <param name="Day">The UTC day.</param>
/// <param name="Upstream">The upstream; empty where none is known.</param>
/// <param name="Seller">In whose books it stands.</param>
/// <param name="Model">The model.</param>
/// <param name="Meter">The meter.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Amount">The exact cost as text; null where there is none.</param>
/// <param name="Currency">ISO 4217; null where there is no cost.</param>
/// <param name="Reason">Why there is no cost: <c>no_upstream</c>, <c>no_cost_book</c>, <c>no_price</c>, <c>provisioned</c> or <c>out_of_range</c>; null where there is one.</param>
public sealed record UpstreamCostRecord(
    DateOnly Day, string Upstream, string Seller, string Model, string Meter, long Quantity, string? Amount, string? Currency, string? Reason);

/// <summary>A provider's bill to compare with.</summary>
/// <param name="Bill">
/// CSV text: the columns <c>date</c>, <c>model</c>, <c>meter</c>, <c>quantity</c>, <c>amount</c> and perhaps <c>currency</c>; or FOCUS:
/// <c>ChargePeriodStart</c>, <c>ResourceName</c>, <c>SkuMeter</c>, <c>ConsumedQuantity</c>, <c>BilledCost</c>, <c>BillingCurrency</c>.
/// </param>
/// <param name="From">The first UTC day.</param>
/// <param name="To">The first UTC day after it.</param>
/// <param name="Tolerance">By how much an amount may differ in a row, in the bill's currency, as decimal text; nothing when left out.</param>
public sealed record ReconcileRequest(string Bill, DateOnly From, DateOnly To, string? Tolerance = null);

/// <summary>A day, model and meter: what was metered here and what the provider bills.</summary>
/// <param name="Day">The UTC day.</param>
/// <param name="Model">The model.</param>
/// <param name="Meter">The meter, or what the bill calls it where that is none of the meters here.</param>
/// <param name="OurQuantity">Units metered here, with and without a cost price.</param>
/// <param name="TheirQuantity">Units billed.</param>
/// <param name="QuantityDifference">Theirs less ours.</param>
/// <param name="OurAmount">Cost by the cost book.</param>
/// <param name="TheirAmount">Amount billed.</param>
/// <param name="AmountDifference">Theirs less ours.</param>
/// <param name="IsWithin">Are the quantities equal, and the amounts within the tolerance?</param>
public sealed record ReconciledRow(
    DateOnly Day, string Model, string Meter, long OurQuantity, long TheirQuantity, long QuantityDifference, string OurAmount, string TheirAmount,
    string AmountDifference, bool IsWithin);

/// <summary>A provider's bill beside what was metered.</summary>
/// <param name="Upstream">The upstream.</param>
/// <param name="From">The first UTC day.</param>
/// <param name="To">The first UTC day after it.</param>
/// <param name="Currency">ISO 4217 of all amounts.</param>
/// <param name="OurAmount">The cost here of all rows.</param>
/// <param name="TheirAmount">The bill of all rows.</param>
/// <param name="AmountDifference">Theirs less ours.</param>
/// <param name="Agrees">Is every row within the tolerance?</param>
/// <param name="Rows">By day, model and meter.</param>
public sealed record ReconciliationRecord(
    string Upstream, DateOnly From, DateOnly To, string Currency, string OurAmount, string TheirAmount, string AmountDifference, bool Agrees,
    IReadOnlyList<ReconciledRow> Rows);
