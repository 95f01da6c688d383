namespace FakeUpstream;

/// <summary>The key that a caller names, wherever its vendor puts it.</summary>
internal static class CallerKey
{
    private const string Bearer = "Bearer ";

    public static string? Of(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return authorization[Bearer.Length..];
        }

        var key = request.Headers["api-key"].ToString();
        key = key.Length > 0 ? key : request.Headers["x-api-key"].ToString();
        return key.Length > 0 ? key : null;
    }

    /// <summary>Does the caller name this key, in any of the places?</summary>
    public static bool Is(HttpRequest request, string key) =>
        Of(request) == key || request.Headers["api-key"] == key || request.Headers["x-api-key"] == key;
}
