using Dogana.Parties;

namespace Dogana.Billing;

/// <summary>The tax rules, to be looked up. Immutable.</summary>
/// <param name="rules">All rules.</param>
public sealed class TaxTable(IReadOnlyList<TaxRule> rules)
{
    /// <summary>All rules.</summary>
    public IReadOnlyList<TaxRule> Rules { get; } = rules;

    /// <summary>
    /// What the seller charges the customer at an instant. Of the rules in force, one for the customer's country goes before one for all, then one that asks for a
    /// tax id (or for none) before one that does not, then the latest. Without a rule for the seller's country: outside of the scope, no tax.
    /// </summary>
    public TaxTreatment Of(Organisation seller, Organisation customer, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(seller);
        ArgumentNullException.ThrowIfNull(customer);
        var rule = Rules
            .Where(rule => rule.From <= at && rule.SellerCountry == seller.Country && (rule.CustomerCountry ?? customer.Country) == customer.Country
                && (rule.CustomerHasTaxId ?? customer.TaxId is not null) == customer.TaxId is not null)
            .OrderByDescending(static rule => rule.CustomerCountry is not null).ThenByDescending(static rule => rule.CustomerHasTaxId is not null)
            .ThenByDescending(static rule => rule.From).ThenBy(static rule => rule.Id, StringComparer.Ordinal)
            .FirstOrDefault();
        return rule is null ? TaxTreatment.None : TaxTreatment.Of(rule);
    }
}
