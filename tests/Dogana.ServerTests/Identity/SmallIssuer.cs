using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Dogana.ServerTests.Identity;

/// <summary>An OpenID provider on a socket of its own, which signs whatever a test tells it to and checks PKCE.</summary>
internal sealed class SmallIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Challenge, string RedirectUri, Func<string> Token)> _codes = new(StringComparer.Ordinal);

    private SmallIssuer(WebApplication app) => _app = app;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public RsaSecurityKey Key { get; private set; } = NewKey("first");

    /// <summary>How often the keys were read.</summary>
    public int KeysRead { get; private set; }

    public static async Task<SmallIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var issuer = new SmallIssuer(app);
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = issuer.Address,
            authorization_endpoint = issuer.Address + "/authorize",
            token_endpoint = issuer.Address + "/token",
            jwks_uri = issuer.Address + "/keys",
        }));
        app.MapGet("/keys", () =>
        {
            issuer.KeysRead++;
            var parameters = issuer.Key.Rsa.ExportParameters(includePrivateParameters: false);
            return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = issuer.Key.KeyId, n = Base64Url.EncodeToString(parameters.Modulus), e = Base64Url.EncodeToString(parameters.Exponent) } } });
        });
        app.MapPost("/token", async (HttpContext http) =>
        {
            var form = await http.Request.ReadFormAsync();
            return issuer._codes.TryRemove(form["code"].ToString(), out var grant)
                && Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) == grant.Challenge
                && form["redirect_uri"] == grant.RedirectUri
                && http.Request.Headers.Authorization == "Basic " + Convert.ToBase64String("dogana:hush"u8.ToArray())
                ? Results.Json(new { access_token = "unused", token_type = "Bearer", id_token = grant.Token() })
                : Results.BadRequest();
        });
        await app.StartAsync();
        return issuer;
    }

    /// <summary>From now on another key signs.</summary>
    public void Rotate() => Key = NewKey("second");

    /// <summary>The user agrees at the page to which the browser was sent; gives the code.</summary>
    public string Agree(Uri page, Func<string> token)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(page.Query);
        query["code_challenge_method"].ToString().ShouldBe("S256");
        var code = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _codes[code] = (query["code_challenge"].ToString(), query["redirect_uri"].ToString(), token);
        return code;
    }

    /// <summary>An ID token.</summary>
    public string Sign(Dictionary<string, object> claims, DateTimeOffset now, string audience = "dogana", TimeSpan? life = null, string? issuer = null) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = issuer ?? Address,
        Audience = audience,
        Claims = claims,
        IssuedAt = now.UtcDateTime,
        Expires = (now + (life ?? TimeSpan.FromMinutes(5))).UtcDateTime,
        SigningCredentials = new SigningCredentials(Key, "RS256"),
    });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static RsaSecurityKey NewKey(string id) => new(RSA.Create(2048)) { KeyId = id };
}
