using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Dogana.Access;

/// <summary>What a key is good for beyond its project: each list that is not null must have what a call is. Immutable.</summary>
public sealed class KeyScope
{
    /// <summary>The most entries of each list.</summary>
    public const int EntriesMax = 100;

    private const string Any = "*";

    private readonly IPNetwork[] _networks = [];

    private KeyScope()
    {
    }

    /// <summary>Whatever the project may call.</summary>
    public static KeyScope All { get; } = new();

    /// <summary>The dialects that there are, as scopes name them.</summary>
    public static IReadOnlyList<string> DialectNames { get; } = ["openai", "azure", "anthropic"];

    /// <summary>The names of the deployments that it calls; null for all.</summary>
    public IReadOnlyList<string>? Models { get; private init; }

    /// <summary>The dialects that it speaks, of <see cref="DialectNames"/>; null for all.</summary>
    public IReadOnlyList<string>? Dialects { get; private init; }

    /// <summary>Where the caller's address must be, by the operator's file: ISO 3166-1 alpha-2; null for anywhere, also where that is not known.</summary>
    public IReadOnlyList<string>? Countries { get; private init; }

    /// <summary>The blocks (CIDR, IPv4 or IPv6) that the caller's address must be in; null for any.</summary>
    public IReadOnlyList<string>? Addresses
    {
        get;
        private init
        {
            field = value;
            _networks = [.. (value ?? []).Select(static block => IPNetwork.Parse(block))];
        }
    }

    /// <summary>
    /// A scope of these lists; null, an empty one and <c>*</c> alone are no restriction. <see cref="ProblemCode.InvalidRequest"/> names the list where an
    /// entry is wrong. Whether the deployments exist is not asked here.
    /// </summary>
    public static Outcome<KeyScope> Of(IReadOnlyList<string>? models, IReadOnlyList<string>? dialects, IReadOnlyList<string>? countries, IReadOnlyList<string>? addresses)
    {
        var (ofModels, ofDialects, ofCountries, blocks) = (Entries(models), Entries(dialects), Entries(countries), Entries(addresses)?.Select(Block).Distinct(StringComparer.Ordinal).ToArray());
        var wrong = Find(ofModels, "models", static name => name is { Length: > 0 and <= 64 } && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'), "the name of a deployment, such as clerk-1")
            ?? Find(ofDialects, "dialects", static name => DialectNames.Contains(name, StringComparer.Ordinal), "one of " + string.Join(", ", DialectNames))
            ?? Find(ofCountries, "countries", static code => code is { Length: 2 } && code.All(char.IsAsciiLetterUpper), "two capital letters of ISO 3166-1, such as FR")
            ?? Find(blocks, "addresses", static block => block is not null, "an address or a block without bits beyond its prefix, such as 10.0.0.0/8 or 2001:db8::/32");
        return wrong is not null ? wrong : new KeyScope { Models = ofModels, Dialects = ofDialects, Countries = ofCountries, Addresses = blocks! };
    }

    /// <summary>Why a call in this dialect from this address is not what the key is for; null where it is.</summary>
    /// <param name="dialect">Of <see cref="DialectNames"/>.</param>
    /// <param name="country">The address's country; null where it is not known, which no list of countries has.</param>
    /// <param name="address">The address.</param>
    public Problem? FindRefusal(string dialect, string? country, IPAddress? address)
    {
        if (Dialects?.Contains(dialect, StringComparer.Ordinal) == false)
        {
            return Refuse("dialects", $"this is {dialect}'s API, and the key speaks {string.Join(", ", Dialects)} only");
        }

        // Which places are right is not told: who found a key would know where to call from.
        if (_networks.Length > 0 && !Contains(address))
        {
            return Refuse("addresses", "the call's address is not among those that the key may be used from");
        }

        return Countries is not null && (country is null || !Countries.Contains(country, StringComparer.Ordinal))
            ? Refuse("countries", country is null ? "in which country the call's address is, is not known here" : "the call's address is not in a country that the key may be used from")
            : null;
    }

    /// <summary>Why this deployment is not what the key is for; null where it is.</summary>
    public Problem? FindRefusal(string deployment) => Models?.Contains(deployment, StringComparer.Ordinal) == false
        ? Refuse("models", "the key does not call what the request names; GET /v1/models lists what it calls")
        : null;

    private static Problem Refuse(string scope, string why) => new(
        ProblemCode.KeyScopeRefused,
        $"Outside of the key's scope '{scope}': {why}. Use another key ('dogana key create' makes one), or let whoever gave it to you widen this one ('dogana key update').");

    private static string[]? Entries(IReadOnlyList<string>? list) => list is null or [] or [Any] ? null : [.. list.Distinct(StringComparer.Ordinal)];

    private static Problem? Find(string?[]? list, string param, Func<string?, bool> isRight, string remedy) =>
        list?.Length > EntriesMax ? new Problem(ProblemCode.InvalidRequest, $"A key's {param} are at most {EntriesMax}. Name fewer.", param)
        : list?.All(isRight) == false ? new Problem(ProblemCode.InvalidRequest, $"Each of a key's {param} is {remedy}; '*' alone stands for all.", param)
        : null;

    // In one form, so that a mapped IPv4 block holds IPv4 addresses; null for what is none.
    private static string? Block(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (IsWhole(text, out var single))
        {
            return Plain(single) is var plain ? new IPNetwork(plain, plain.GetAddressBytes().Length * 8).ToString() : null;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !IPNetwork.TryParse(text, out var network) || !IsWhole(text[..slash], out var written) || !written.Equals(network.BaseAddress))
        {
            return null;
        }

        return network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= 96
            ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - 96).ToString()
            : network.ToString();
    }

    // Not the old short forms, in which 10.1 means 10.0.0.1, nor one of a certain interface.
    private static bool IsWhole(string text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && !text.Contains('%', StringComparison.Ordinal) && (address.AddressFamily != AddressFamily.InterNetwork || address.ToString() == text);

    // A dual socket shows IPv4 addresses mapped (RFC 4291 §2.5.5.2).
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private bool Contains(IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }

        var plain = Plain(address);
        foreach (var network in _networks)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }
}
