using Dogana.Catalog;

namespace Dogana.Markets;

/// <summary>What a market rule does where it matches. Stored by name.</summary>
public enum MarketEffect
{
    /// <summary>It opens the market.</summary>
    Allow = 1,

    /// <summary>It closes the market, whatever is allowed.</summary>
    Deny = 2,

    /// <summary>It opens nothing; what is served anyway must meet its obligations.</summary>
    Require = 3,
}

/// <summary>A dated rule about what may be sold to whom. It matches where each of its conditions does; a condition that is null always does.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots; a country's code where the rule is a <see cref="Market"/>.</param>
/// <param name="Effect">What it does.</param>
/// <param name="From">From when it holds; null for always.</param>
/// <param name="To">The first instant it no longer does; null for no end.</param>
public sealed record MarketRule(string Id, MarketEffect Effect, DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>What findings call it: its kind and id.</summary>
    public string Name { get; private init; } = $"market_rule {Id}";

    /// <summary>The customers' countries, ISO 3166-1 alpha-2.</summary>
    public IReadOnlyList<string>? Countries { get; init; }

    /// <summary>Model ids.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Model owners.</summary>
    public IReadOnlyList<string>? Owners { get; init; }

    /// <summary>Channel ids.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>
    /// Declared uses. To allow, all that the project declared must be among them; to deny or require, one is enough. A project that declared none makes
    /// the match unknown.
    /// </summary>
    public IReadOnlyList<string>? Uses { get; init; }

    /// <summary>The countries of which an organisation, or several together, control the customer. An organisation of such a country counts itself.</summary>
    public IReadOnlyList<string>? OwnedFrom { get; init; }

    /// <summary>The rule of control for <see cref="OwnedFrom"/> and <see cref="OwnModel"/>; null for the default one. One that is not in force makes the match unknown.</summary>
    public string? ControlRule { get; init; }

    /// <summary>Must the model's owner be an affiliate of the customer, or must it be none?</summary>
    public bool? OwnModel { get; init; }

    /// <summary>The obligation to run in one of these upstream regions; null for any.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>The obligation to mark the output.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Why, in a sentence for the customer.</summary>
    public string? Reason { get; init; }

    /// <summary>Where it comes from, for people: a law and its date.</summary>
    public string? Source { get; init; }

    /// <summary>Does it hold at an instant?</summary>
    public bool IsInForce(DateTimeOffset at) => !(From > at) && !(To <= at);

    /// <summary>A country's market as the rule that it is: it allows, always.</summary>
    public static MarketRule Of(Market market)
    {
        ArgumentNullException.ThrowIfNull(market);
        return new MarketRule(market.Country, MarketEffect.Allow, null, null)
        {
            Name = $"market {market.Country}",
            Countries = [market.Country],
            Models = OrAll(market.Models),
            Channels = OrAll(market.Channels),
        };
    }

    private static IReadOnlyList<string>? OrAll(IReadOnlyList<string> names) => names.Contains("*", StringComparer.Ordinal) ? null : names;
}
