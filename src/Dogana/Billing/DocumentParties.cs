using Dogana.Client;
using Dogana.Parties;

namespace Dogana.Billing;

/// <summary>Puts organisations onto documents, as they are at that moment.</summary>
public static class DocumentParties
{
    /// <summary>The organisation as documents name it.</summary>
    public static DocumentParty Of(Organisation organisation)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        return new DocumentParty(organisation.Id, organisation.Name, organisation.Country)
        {
            TaxId = organisation.TaxId,
            Street = organisation.Street,
            PostalCode = organisation.PostalCode,
            City = organisation.City,
        };
    }
}
