using Microsoft.AspNetCore.Http;

namespace Dogana.Identity;

/// <summary>The session of a browser, in a cookie that no script reads and no other site sends.</summary>
public static class SessionCookie
{
    /// <summary>Its name; the prefix binds it to this host (RFC 6265bis §4.1.3).</summary>
    public const string Name = "__Host-dogana";

    /// <summary>What a request that changes something carries beside the cookie: another site's page cannot set it.</summary>
    public const string CsrfHeader = "X-Dogana-Csrf";

    private const string AttemptName = "__Host-dogana-oidc";

    /// <summary>The session's text, or null.</summary>
    public static string? Find(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Cookies[Name] is { Length: > 0 } text ? text : null;
    }

    /// <summary>Why a request that is let in by the cookie alone may not change anything, or null.</summary>
    public static Problem? FindForgery(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || request.Headers[CsrfHeader] == "1" || request.Headers["Sec-Fetch-Site"] == "same-origin"
            ? null
            : new Problem(ProblemCode.Forbidden, $"A change by a browser's session carries the header {CsrfHeader}: 1, so that no other site can make it.", CsrfHeader);
    }

    internal static void Set(HttpContext http, NewSession session) => http.Response.Cookies.Append(Name, session.Text, Options(http, SameSiteMode.Strict));

    internal static void Delete(HttpContext http) => http.Response.Cookies.Delete(Name, Options(http, SameSiteMode.Strict));

    // Lax: the provider sends the browser back from its own site.
    internal static void SetAttempt(HttpContext http, string state)
    {
        var options = Options(http, SameSiteMode.Lax);
        options.MaxAge = OidcSignIn.AttemptLife;
        http.Response.Cookies.Append(AttemptName, state, options);
    }

    internal static string? TakeAttempt(HttpContext http)
    {
        var state = http.Request.Cookies[AttemptName];
        http.Response.Cookies.Delete(AttemptName, Options(http, SameSiteMode.Lax));
        return state;
    }

    private static CookieOptions Options(HttpContext http, SameSiteMode sameSite) =>
        new() { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = sameSite, Path = "/", IsEssential = true };
}
