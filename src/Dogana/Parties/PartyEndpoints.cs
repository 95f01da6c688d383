using Dogana.Authority;
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
        admin.MapGet("/organisations", ListAsync).Produces<IReadOnlyList<OrganisationRecord>>().WithSummary("The organisations, each with its family").NeedsInReach(Permission.OrganisationRead);
        return admin.MapOwnership();
    }

    private static async Task<IResult> ListAsync(Store store, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        var parties = await store.ReadAsync(PartyRegister.ReadAsync, cancellation);
        var (now, reach) = (time.GetUtcNow(), http.GetReach());
        var ownership = parties.Ownership.At(now);
        return Results.Json(parties.Organisations.Values
            .Where(organisation => parties.IsIn(organisation.Id, reach, now))
            .OrderBy(static organisation => organisation.Id, StringComparer.Ordinal)
            .Select(organisation => new OrganisationRecord(
                organisation.Id, organisation.Name, organisation.Country, organisation.TimeZone, Shown(organisation.Parent),
                Shown(ownership.FamilyOf(organisation.Id)) ?? organisation.Id)));

        // Who stands behind a customer is not for those to know who cannot see it.
        string? Shown(string? id) => id is not null && (reach.IsAll || parties.IsIn(id, reach, now)) ? id : null;
    }
}
