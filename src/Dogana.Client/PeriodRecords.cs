namespace Dogana.Client;

/// <summary>What closing a month gave, or had given before.</summary>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="IsClosed">Is it closed? Else asking again goes on where it is.</param>
/// <param name="Documents">Documents that billing issued.</param>
/// <param name="Invoices">The month's invoices, where they are no more than 1,000.</param>
/// <param name="Statements">The month's partner statements.</param>
public sealed record PeriodCloseResult(string Month, bool IsClosed, long Documents, IReadOnlyList<InvoiceSummary> Invoices, IReadOnlyList<StatementSummary> Statements)
{
    /// <summary>The most invoices that it lists.</summary>
    public const int InvoicesMax = 1_000;
}

/// <summary>What stands open of a month.</summary>
/// <param name="Month">As <c>2026-01</c>.</param>
/// <param name="State"><c>open</c>, <c>closing</c> (the close has begun and can go on) or <c>closed</c>.</param>
/// <param name="Documents">Documents issued.</param>
/// <param name="Unaccrued">Usage records that are in the store and not rated yet.</param>
/// <param name="Unrated">Usage of any month that is not charged, with the reason.</param>
/// <param name="NodesBehind">Nodes that may still have calls of the month.</param>
public sealed record PeriodReport(
    string Month, string State, long Documents, long Unaccrued, IReadOnlyList<UnratedSum> Unrated, IReadOnlyList<NodeBehind> NodesBehind)
{
    /// <summary>Contracts that the close left open, and why: closing the month again bills those for which that no longer holds.</summary>
    public IReadOnlyList<WaitingContract> Waiting { get; init; } = [];
}

/// <summary>A contract that a close could not make a document of.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Code">As <c>exchange_rate_unknown</c>.</param>
/// <param name="Message">What is missing, and the remedy.</param>
public sealed record WaitingContract(string Contract, string Code, string Message);

/// <summary>Usage that is not charged.</summary>
/// <param name="Reason">As <c>no_price</c>, <c>no_contract</c>, <c>not_charged</c>; <c>no_retail_contract</c>, <c>no_retail_price</c> where a reseller is charged and its end customer is not.</param>
/// <param name="Meter">What was counted.</param>
/// <param name="Records">How many meters of usage.</param>
/// <param name="Quantity">Units.</param>
public sealed record UnratedSum(string Reason, string Meter, long Records, long Quantity);

/// <summary>A node that has not shipped all of its calls.</summary>
/// <param name="Node">The node.</param>
/// <param name="Until">Until when it has.</param>
public sealed record NodeBehind(string Node, DateTimeOffset Until);

/// <summary>A contract in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="PriceBook">The price book.</param>
/// <param name="Overrides">The book whose prices go before; null for none.</param>
/// <param name="From">The first instant it is in force.</param>
/// <param name="To">The first instant it no longer is; null while it has no end.</param>
/// <param name="Anchor"><c>calendar</c> or <c>anniversary</c>.</param>
/// <param name="PeriodMonths">Months in a billing period.</param>
/// <param name="TimeZone">IANA name of the zone of its periods.</param>
public sealed record ContractSummary(
    string Id, string Organisation, string Channel, string PriceBook, string? Overrides, DateTimeOffset From, DateTimeOffset? To, string Anchor, int PeriodMonths, string TimeZone);
