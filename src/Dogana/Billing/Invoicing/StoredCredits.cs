using Dogana.Storage;

namespace Dogana.Billing.Invoicing;

/// <summary>The prepaid credits of some customers, as they stand when a batch of documents is begun: read once for all of them. Immutable.</summary>
internal sealed class StoredCredits
{
    private readonly HashSet<(string Contract, string Id)> _granted;
    private readonly ILookup<(string Seller, string Organisation, string Currency), Credit> _open;

    private StoredCredits(IReadOnlyList<PrepaidCredit.StoredRow> rows, ContractTable contracts)
    {
        _granted = [.. rows.Select(static row => (row.Contract, row.Id))];
        _open = rows.Where(static row => row.EndedAt is null).ToLookup(static row => (row.Seller, row.Organisation, row.Currency), row => row.ToCredit(contracts));
    }

    /// <summary>Those of the customers whose contracts these are, all of each.</summary>
    public static async Task<StoredCredits> ReadAsync(StoreSession session, ContractTable contracts)
    {
        // What is granted stays in the contract: customers without any in theirs have none.
        string[] customers =
            [.. contracts.Contracts.Where(static contract => contract.Terms.Prepayments.Count > 0).Select(static contract => contract.Organisation).Distinct(StringComparer.Ordinal)];
        return new(customers.Length == 0 ? [] : await PrepaidCredit.ReadAsync(session, session.IsOneOf("p.organisation", "customers"), new { customers = session.List(customers) }), contracts);
    }

    /// <summary>Which of a contract's credits are not granted yet and begin before an instant.</summary>
    public IReadOnlyList<Prepayment> Due(Contract contract, DateTimeOffset before) =>
        [.. contract.Terms.Prepayments.Where(item => item.From < before && !_granted.Contains((contract.Id, item.Id)))];

    /// <summary>A customer's credits with a seller that are not ended, and what is left of them.</summary>
    public IEnumerable<Credit> Of(string seller, string organisation, Currency currency) => _open[(seller, organisation, currency.Code)];
}
