using Dogana.Admission;
using Dogana.Gateway.Dialects;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Pipeline;

/// <summary>What a request says of who sends it, and from where.</summary>
/// <param name="Credential">The key's text, or null.</param>
/// <param name="EndCustomer">Whom it is for, as its header says, or null.</param>
/// <param name="Country">The country of its address by the operator's file, or null.</param>
internal readonly record struct CallOrigin(string? Credential, string? EndCustomer, string? Country)
{
    public static CallOrigin Of(HttpContext http, AddressCountries countries) => new(
        Dialect.Credential(http.Request),
        http.Request.Headers.TryGetValue(AdmissionTable.EndCustomerHeader, out var named) ? named.ToString() : null,
        countries.Find(http.Connection.RemoteIpAddress));
}
