using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Parties;

/// <summary>The parties in the admin API. They are changed by applying a world file.</summary>
public static class PartyEndpoints
{
    /// <summary>Maps <c>GET /organisations</c> and what is below <see cref="OwnershipEndpoints"/>.</summary>
    public static RouteGroupBuilder MapParties(this RouteGroupBuilder admin)
    {
        admin.MapGet("/organisations", ListAsync).Produces<IReadOnlyList<OrganisationRecord>>().WithSummary("The organisations, each with its family");
        return admin.MapOwnership();
    }

    private static async Task<IResult> ListAsync(Store store, TimeProvider time, CancellationToken cancellation)
    {
        var parties = await store.ReadAsync(PartyRegister.ReadAsync, cancellation);
        var ownership = parties.Ownership.At(time.GetUtcNow());
        return Results.Json(parties.Organisations.Values
            .OrderBy(static organisation => organisation.Id, StringComparer.Ordinal)
            .Select(organisation => new OrganisationRecord(
                organisation.Id, organisation.Name, organisation.Country, organisation.TimeZone, organisation.Parent, ownership.FamilyOf(organisation.Id))));
    }
}
