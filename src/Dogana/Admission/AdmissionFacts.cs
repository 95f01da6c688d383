using Dogana.Catalog;
using Dogana.Parties;

namespace Dogana.Admission;

/// <summary>What decides whether a call is served. Two calls with the same facts have the same decision.</summary>
/// <param name="Project">The project that calls.</param>
/// <param name="Channel">The channel that it buys on now (<see cref="Parties.Project.ChannelAt"/>).</param>
/// <param name="Model">The model that it calls.</param>
/// <param name="EndCustomer">For whom it calls, if it calls for another: an organisation's id, by the key or the header; null when it names nobody.</param>
/// <param name="Naming">By which of the two it is named; nothing when it is not.</param>
/// <param name="AddressCountry">The country that the operator's file gives the caller's address, ISO 3166-1 alpha-2; null where it gives none.</param>
public readonly record struct AdmissionFacts(Project Project, Channel Channel, Model Model, string? EndCustomer, EndCustomerNaming Naming, string? AddressCountry)
{
    internal AdmissionKey Key => new(Project.Id, Channel.Id, Model.Id, EndCustomer, Naming, AddressCountry);
}

/// <summary>The facts by their names: what decisions are kept by. Hashed and compared without allocation.</summary>
internal readonly record struct AdmissionKey(string Project, string Channel, string Model, string? EndCustomer, EndCustomerNaming Naming, string? AddressCountry);
