using Dogana.Billing.Invoicing;
using Dogana.Storage;

namespace Dogana.Billing;

/// <summary>A customer's prepaid credit that is granted and not ended, as documents left it.</summary>
/// <param name="Contract">The contract's id.</param>
/// <param name="Seller">Who owes the use of it.</param>
/// <param name="Organisation">Whose it is.</param>
/// <param name="Terms">What was bought or given.</param>
/// <param name="Left">What is left of it.</param>
public sealed record PrepaidBalance(string Contract, string Seller, string Organisation, Prepayment Terms, Money Left)
{
    /// <summary>A customer's credits, by contract and id.</summary>
    public static async Task<IReadOnlyList<PrepaidBalance>> ReadAsync(StoreSession session, string organisation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await PrepaidCredit.ReadAsync(session, "p.organisation = @organisation and p.ended_at is null", new { organisation });
        if (rows.Count == 0)
        {
            return [];
        }

        var contracts = await Contracts.ReadBesideAsync(session, [.. rows.Select(static row => row.Contract).Distinct(StringComparer.Ordinal)]);
        return [.. rows.Select(row => (row.Seller, row.Organisation, Credit: row.ToCredit(contracts))).Select(static item => new PrepaidBalance(
            item.Credit.Contract, item.Seller, item.Organisation, item.Credit.Terms, item.Credit.Left))];
    }
}
