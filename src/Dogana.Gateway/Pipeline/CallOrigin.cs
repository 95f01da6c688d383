using System.Net;
using Dogana.Access;
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
    /// <summary>The dialect that it is sent in, as scopes name it.</summary>
    public required string Dialect { get; init; }

    /// <summary>Was the credential sent as <c>Authorization: Bearer</c>? Only there it may be a token.</summary>
    public bool IsBearer { get; init; }

    /// <summary>Its address.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>How it marks its usage, as its header says, or null.</summary>
    public string? Tags { get; init; }

    /// <summary>The token in the place of a key, verified; null where there is none.</summary>
    public VerifiedToken? Token { get; init; }

    /// <summary>The id of the key that a call was left here by, whose text nobody has any more; null where a credential is sent.</summary>
    public string? KeyId { get; init; }

    public static CallOrigin Of(HttpContext http, Dialect dialect, AddressCountries countries) => KeptCall.Of(http)?.Origin ?? new CallOrigin(
        Dialects.Dialect.Credential(http.Request, out var isBearer),
        http.Request.Headers.TryGetValue(AdmissionTable.EndCustomerHeader, out var named) ? named.ToString() : null,
        countries.Find(http.Connection.RemoteIpAddress))
    {
        Dialect = dialect.Name,
        IsBearer = isBearer,
        Address = http.Connection.RemoteIpAddress,
        Tags = http.Request.Headers.TryGetValue(CallTags.Header, out var tags) ? tags.ToString() : null,
    };
}
