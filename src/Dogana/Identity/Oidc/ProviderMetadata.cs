using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;

namespace Dogana.Identity.Oidc;

/// <summary>What a provider says of itself (OpenID Connect Discovery 1.0), and its keys.</summary>
internal sealed record ProviderMetadata(Uri Authorization, Uri Token, IReadOnlyList<SecurityKey> Keys, DateTimeOffset ReadAt);

/// <summary>Speaks to providers: discovery, keys, the exchange of codes. Keys are read anew after an hour, and when a token is signed by one that is not among them.</summary>
internal sealed class ProviderClient(TimeProvider time) : IDisposable
{
    private const int BytesMax = 1024 * 1024;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, ProviderMetadata> _read = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = BytesMax,
    };

    /// <summary>The provider's metadata, at most an hour old, or new.</summary>
    public async Task<Outcome<ProviderMetadata>> MetadataAsync(IdentityProvider provider, bool anew, CancellationToken cancellation)
    {
        if (!anew && _read.TryGetValue(provider.Issuer, out var known) && known.ReadAt + Kept > time.GetUtcNow())
        {
            return known;
        }

        var found = await AskAsync(provider, "its discovery document", async () =>
        {
            var document = await ReadAsync<Discovery>(new Uri(provider.Issuer.TrimEnd('/') + "/.well-known/openid-configuration"), cancellation);
            if (document is null || document.Issuer != provider.Issuer)
            {
                throw new JsonException($"it says that its issuer is '{document?.Issuer}'");
            }

            var keys = new JsonWebKeySet(await _http.GetStringAsync(Address(document.JwksUri), cancellation)).GetSigningKeys();
            return new ProviderMetadata(Address(document.AuthorizationEndpoint), Address(document.TokenEndpoint), [.. keys], time.GetUtcNow());
        });
        if (found.TryGet(out var metadata, out _))
        {
            _read[provider.Issuer] = metadata;
        }

        return found;
    }

    /// <summary>The ID token for a code (RFC 6749 §4.1.3, with RFC 7636's verifier).</summary>
    public Task<Outcome<string>> ExchangeAsync(IdentityProvider provider, ProviderMetadata metadata, string code, string verifier, string redirectUri, CancellationToken cancellation) =>
        AskAsync(provider, "its tokens", async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, metadata.Token)
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["grant_type"] = "authorization_code",
                    ["code"] = code,
                    ["redirect_uri"] = redirectUri,
                    ["client_id"] = provider.ClientId,
                    ["code_verifier"] = verifier,
                }),
            };
            if (provider.SecretEnv is { } variable)
            {
                var secret = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : throw new JsonException($"the environment variable {variable} is not set here");
                var pair = $"{Uri.EscapeDataString(provider.ClientId)}:{Uri.EscapeDataString(secret)}";
                request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(pair)));
            }

            using var response = await _http.SendAsync(request, cancellation);
            response.EnsureSuccessStatusCode();
            return JsonSerializer.Deserialize<Tokens>(await response.Content.ReadAsStringAsync(cancellation))?.IdToken ?? throw new JsonException("it gave no ID token");
        });

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static Uri Address(string? address) => address is not null && IdentityProvider.FindAddressFault(address.Split('?')[0]) is null
        ? new Uri(address)
        : throw new JsonException($"it names the address '{address}', which is not https");

    private static async Task<Outcome<T>> AskAsync<T>(IdentityProvider provider, string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or ArgumentException or TaskCanceledException { InnerException: TimeoutException })
        {
            return new Problem(ProblemCode.IdentityProviderFailed, $"The identity provider '{provider.Id}' did not give {what}: {fault.Message}");
        }
    }

    private async Task<T?> ReadAsync<T>(Uri address, CancellationToken cancellation) => JsonSerializer.Deserialize<T>(await _http.GetStringAsync(address, cancellation));

    private sealed record Discovery(
        [property: JsonPropertyName("issuer")] string? Issuer, [property: JsonPropertyName("authorization_endpoint")] string? AuthorizationEndpoint,
        [property: JsonPropertyName("token_endpoint")] string? TokenEndpoint, [property: JsonPropertyName("jwks_uri")] string? JwksUri);

    private sealed record Tokens([property: JsonPropertyName("id_token")] string? IdToken);
}
