using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Dogana.Access.Tokens;

/// <summary>Fetches an issuer's keys: five seconds for all of it, 1 MiB for each answer, and nowhere that a redirect points.</summary>
internal sealed class KeyDownload(TimeProvider time, TimeSpan limit) : IDisposable
{
    private const int AnswerBytesMax = 1024 * 1024;
    private const int RsaBitsMin = 2_048; // RFC 7518 §3.3

    /// <summary>How long the keys are waited for, in all.</summary>
    public static readonly TimeSpan LimitDefault = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a changed address is noticed
    })
    {
        MaxResponseContentBufferSize = AnswerBytesMax,
        Timeout = Timeout.InfiniteTimeSpan, // the limit covers both requests
    };

    /// <summary>The keys that tokens can be signed with, at least one.</summary>
    /// <exception cref="Exception">The issuer did not answer, or not with its keys; the message says it.</exception>
    public async Task<IReadOnlyList<JsonWebKey>> FetchAsync(TokenKeySource source)
    {
        using var ending = new CancellationTokenSource(limit, time);
        try
        {
            var url = source.IsDiscovery ? FindKeysUrl(await _http.GetByteArrayAsync(source.Url, ending.Token), source.Issuer) : source.Url;
            var keys = new JsonWebKeySet(await _http.GetStringAsync(url, ending.Token)).Keys.Where(IsUsable).ToArray();
            return keys.Length > 0 ? keys : throw new InvalidDataException("There is no key for signatures among them.");
        }
        catch (OperationCanceledException over)
        {
            throw new TimeoutException($"No answer within {limit.TotalSeconds:0} s.", over);
        }
    }

    public void Dispose() => _http.Dispose();

    // What a discovery document says holds for the issuer that it names (OpenID Connect Discovery 1.0 §4.3).
    private static string FindKeysUrl(byte[] discovery, string issuer)
    {
        using var document = JsonDocument.Parse(discovery);
        var root = document.RootElement;
        if (!(root.TryGetProperty("issuer", out var named) && named.ValueKind == JsonValueKind.String && named.GetString() == issuer))
        {
            throw new InvalidDataException("The discovery document is another issuer's.");
        }

        return root.TryGetProperty("jwks_uri", out var keys) && keys.ValueKind == JsonValueKind.String && keys.GetString() is { } url && TokenIssuer.FindUrlFault(url) is null
            ? url
            : throw new InvalidDataException("The discovery document names no jwks_uri that may be asked.");
    }

    private static bool IsUsable(JsonWebKey key) => key.Use is null or "" or "sig" && (key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve || (key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.KeySize >= RsaBitsMin));
}
