using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dogana.Tests.Access;

/// <summary>
/// A small issuer of tokens as Entra ID is a large one: discovery, keys, tokens. It signs by the framework's own cryptography, so that nothing of the library
/// that verifies is asked whether it is right.
/// </summary>
internal sealed class SmallIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, AsymmetricAlgorithm> _keys = new(StringComparer.Ordinal);
    private int _keyRequests;

    private SmallIssuer(WebApplication app) => _app = app;

    /// <summary>Its claim <c>iss</c>.</summary>
    public string Name => _app.Urls.Single() + "/tenant/v2.0";

    /// <summary>Where its keys are.</summary>
    public string KeysUrl => _app.Urls.Single() + "/keys";

    /// <summary>How often its keys were asked for.</summary>
    public int KeyRequests => Volatile.Read(ref _keyRequests);

    /// <summary>Does it answer with 503?</summary>
    public bool IsAway { get; set; }

    /// <summary>What it answers in the place of its keys, where that is not null.</summary>
    public string? Nonsense { get; set; }

    /// <summary>Waits before it answers.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public static async Task<SmallIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var issuer = new SmallIssuer(builder.Build());
        issuer._app.MapGet("/tenant/v2.0/.well-known/openid-configuration", () => issuer.IsAway
            ? Results.StatusCode(503)
            : Results.Json(new Dictionary<string, object>(StringComparer.Ordinal) { ["issuer"] = issuer.Name, ["jwks_uri"] = issuer.KeysUrl, ["response_types_supported"] = "id_token" }));
        issuer._app.MapGet("/keys", issuer.AnswerKeysAsync);
        await issuer._app.StartAsync();
        issuer.AddRsa("rsa-1");
        issuer._keys["ec-1"] = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return issuer;
    }

    /// <summary>Adds a key, as at the beginning of a rotation.</summary>
    public void AddRsa(string id, int bits = 2_048) => _keys[id] = RSA.Create(bits);

    /// <summary>Publishes a key no more.</summary>
    public void Remove(string id) => _keys.TryRemove(id, out _);

    /// <summary>A token; claims of null are left out.</summary>
    public string Token(DateTimeOffset now, string alg = "RS256", string? key = null, TimeSpan? life = null, params (string Name, object? Value)[] claims)
    {
        var all = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["iss"] = Name,
            ["aud"] = "api://dogana",
            ["sub"] = "subject-1",
            ["oid"] = "oid-1",
            ["azp"] = "app-0",
            ["nbf"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
            ["exp"] = (now + (life ?? TimeSpan.FromHours(1))).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in claims)
        {
            all[name] = value;
        }

        var id = key ?? (alg.StartsWith("ES", StringComparison.Ordinal) ? "ec-1" : "rsa-1");
        var head = Encode(JsonSerializer.SerializeToUtf8Bytes(new { alg, typ = "JWT", kid = id }));
        var body = Encode(JsonSerializer.SerializeToUtf8Bytes(all.Where(static pair => pair.Value is not null).ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal)));
        var signed = Encoding.ASCII.GetBytes($"{head}.{body}");
        return $"{head}.{body}.{Encode(Sign(alg, id, signed))}";
    }

    /// <summary>A key's public half as PEM: what somebody who knows it would sign by HMAC with.</summary>
    public byte[] PublicPem(string id) => Encoding.ASCII.GetBytes(((RSA)_keys[id]).ExportSubjectPublicKeyInfoPem());

    public async ValueTask DisposeAsync()
    {
        Hold?.TrySetResult();
        await _app.DisposeAsync();
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }
    }

    private byte[] Sign(string alg, string id, byte[] signed) => alg switch
    {
        "RS256" => ((RSA)_keys[id]).SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "RS512" => ((RSA)_keys[id]).SignData(signed, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        "PS256" => ((RSA)_keys[id]).SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        "ES256" => ((ECDsa)_keys[id]).SignData(signed, HashAlgorithmName.SHA256),
        "HS256" => HMACSHA256.HashData(PublicPem(id), signed),
        "none" => [],
        _ => throw new ArgumentOutOfRangeException(nameof(alg), alg, "no such algorithm"),
    };

    private async Task<IResult> AnswerKeysAsync()
    {
        Interlocked.Increment(ref _keyRequests);
        if (Hold is { } hold)
        {
            await hold.Task;
        }

        if (IsAway)
        {
            return Results.StatusCode(503);
        }

        return Nonsense is { } text ? Results.Text(text, "application/json") : Results.Json(new { keys = _keys.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => Jwk(pair.Key, pair.Value)) });
    }

    private static Dictionary<string, string> Jwk(string id, AsymmetricAlgorithm key)
    {
        var jwk = new Dictionary<string, string>(StringComparer.Ordinal) { ["kid"] = id, ["use"] = "sig" };
        if (key is RSA rsa)
        {
            var shown = rsa.ExportParameters(includePrivateParameters: false);
            (jwk["kty"], jwk["n"], jwk["e"]) = ("RSA", Encode(shown.Modulus!), Encode(shown.Exponent!));
        }
        else
        {
            var shown = ((ECDsa)key).ExportParameters(includePrivateParameters: false);
            (jwk["kty"], jwk["crv"], jwk["x"], jwk["y"]) = ("EC", "P-256", Encode(shown.Q.X!), Encode(shown.Q.Y!));
        }

        return jwk;
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
