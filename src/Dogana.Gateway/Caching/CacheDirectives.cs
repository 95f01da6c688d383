using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Caching;

/// <summary>What a request's <c>Cache-Control</c> lets a response cache do. Source: RFC 9111, section 5.2.1; what is malformed or unknown says nothing, as it has it.</summary>
/// <param name="AgeMax">How old an answer may be: 0 with <c>no-cache</c>, which wants a new one; null for any age.</param>
/// <param name="Keeps">May the answer be kept? Not with <c>no-store</c>.</param>
internal readonly record struct CacheDirectives(TimeSpan? AgeMax, bool Keeps)
{
    public static CacheDirectives Of(HttpRequest request) =>
        request.Headers.CacheControl.Count > 0 && CacheControlHeaderValue.TryParse(request.Headers.CacheControl.ToString(), out var said)
            ? new CacheDirectives(said.NoCache ? TimeSpan.Zero : said.MaxAge, !said.NoStore)
            : new CacheDirectives(AgeMax: null, Keeps: true);
}
