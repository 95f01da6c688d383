namespace Dogana.Client;

/// <summary>How far what is expected is contracted for.</summary>
/// <param name="Party">The customer; null for all together.</param>
/// <param name="RemainingMinimum">What is still to be paid in any case, as decimal text.</param>
/// <param name="Expected">What the next twelve months are expected to bring; 0 where the customer's months are too few to say.</param>
/// <param name="Coverage">What of these months is contracted, over what is expected of them; null where nothing is expected.</param>
/// <param name="MonthsOfProtection">For how many months of what is expected all that is contracted would stand.</param>
/// <param name="MonthsCommitted">Months until the last one with a minimum.</param>
public sealed record CoverageRecord(string? Party, string RemainingMinimum, string Expected, double? Coverage, double? MonthsOfProtection, int MonthsCommitted);

/// <summary>What a contract has its customer pay whatever it uses.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Seller">Who sells.</param>
/// <param name="Channel">The channel.</param>
/// <param name="BindsUntil">The first instant at which it no longer does.</param>
/// <param name="Months">Months until then, this one included.</param>
/// <param name="Monthly">In each of them, as decimal text.</param>
/// <param name="Remaining">In all.</param>
public sealed record ContractCommitmentRecord(
    string Contract, string Organisation, string Seller, string Channel, DateTimeOffset BindsUntil, int Months, string Monthly, string Remaining);

/// <summary>What is contracted, beside what is expected.</summary>
/// <param name="Basis">The months that expectations are made of.</param>
/// <param name="All">All customers with commitments together.</param>
/// <param name="Customers">Those with the ten largest commitments, the best protected first.</param>
/// <param name="Contracts">Their contracts.</param>
public sealed record CommitmentsRecord(InsightBasis Basis, CoverageRecord All, IReadOnlyList<CoverageRecord> Customers, IReadOnlyList<ContractCommitmentRecord> Contracts)
{
    /// <summary>The other customers with commitments together, whose months are forecast as one series; null where there are none.</summary>
    public CoverageRecord? Others { get; init; }
}

/// <summary>What both sides of a share agreement depend on each other for.</summary>
/// <param name="Agreement">The agreement.</param>
/// <param name="Payer">Who sells and owes.</param>
/// <param name="Payee">Whom it owes.</param>
/// <param name="Basis">What the payer sold under it, as decimal text.</param>
/// <param name="Share">What it owes of that; true-ups of minimums and rents are not in it.</param>
/// <param name="PayerInvoiced">All that the payer invoices.</param>
/// <param name="PayerDependence">The basis over it; null where it is zero or below.</param>
/// <param name="PayeeEarned">All that the payee invoices, and what it is owed by all agreements.</param>
/// <param name="PayeeDependence">The share over it; null likewise.</param>
public sealed record AgreementDependenceRecord(
    string Agreement, string Payer, string Payee, string Basis, string Share, string PayerInvoiced, double? PayerDependence, string PayeeEarned, double? PayeeDependence);

/// <summary>Dependence both ways.</summary>
/// <param name="Basis">Which months.</param>
/// <param name="Agreements">The agreements that gave something in them.</param>
public sealed record DependenceRecord(InsightBasis Basis, IReadOnlyList<AgreementDependenceRecord> Agreements);
