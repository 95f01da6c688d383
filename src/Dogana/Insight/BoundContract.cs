using Dogana.Billing;
using Dogana.Client;

namespace Dogana.Insight;

/// <summary>A minimum of a contract's whole term.</summary>
/// <param name="Amount">What is to be spent in it.</param>
/// <param name="Spent">What documents have of it.</param>
/// <param name="EarlyEnd">What is owed where the contract ends before.</param>
internal sealed record TermMinimum(Money Amount, Money Spent, EarlyEnd EarlyEnd);

/// <summary>A contract, and what it has its customer pay in each month to come until it no longer binds; amounts in a report's currency.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Seller">Who sells.</param>
/// <param name="End">The first instant at which it no longer binds.</param>
/// <param name="Months">Whole months from the one that runs on.</param>
/// <param name="Floor">Of each of them what its fees or its minimum of a period have the customer pay, whichever is more.</param>
/// <param name="Term">The minimum of its term; null without one.</param>
internal sealed record BoundContract(Contract Contract, string Seller, DateTimeOffset End, IReadOnlyList<Money> Months, Money Floor, TermMinimum? Term)
{
    /// <summary>All of it.</summary>
    public Money Remaining => Money.Sum(Months, Floor.Currency);

    /// <summary>The first instant after its term.</summary>
    public DateTimeOffset TermEnd => Contract.From.AddMonths(Contract.Terms.TermMonths);

    /// <summary>Until when a contract binds a customer that would end it at an instant.</summary>
    public static DateTimeOffset BindsUntil(Contract contract, DateTimeOffset at)
    {
        var term = contract.Terms.TermMonths == 0 ? (DateTimeOffset?)null : contract.From.AddMonths(contract.Terms.TermMonths);
        return contract.To ?? (term > at ? term.Value : contract.Calendar.Of(at).End);
    }

    /// <summary>As reports have it.</summary>
    public ContractCommitmentRecord ToRecord() => new(
        Contract.Id, Contract.Organisation, Seller, Contract.Channel, End, Months.Count, Months.Count == 0 ? "0" : Months[0].ToAmountText(), Months.Count == 0 ? "0" : Remaining.ToAmountText());
}
