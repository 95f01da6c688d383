using Dogana.Catalog;
using Dogana.Parties;

namespace Dogana.Markets;

/// <summary>What decides whether a model may be sold: one country at a time.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Organisation">The customer, or its end customer.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Model">The model.</param>
/// <param name="Uses">What the project declared that it uses models for.</param>
public sealed record MarketFacts(string Country, string Organisation, string Channel, Model Model, IReadOnlyList<string> Uses);

/// <summary>What the market rules say of a sale.</summary>
/// <param name="Verdict">May it be served?</param>
/// <param name="Findings">Each rule that matters, the decisive one first; never empty.</param>
/// <param name="Regions">The upstream regions in which it must run; null for any.</param>
/// <param name="Labels">The marks that its output must carry, such as <c>ai_generated</c>.</param>
public sealed record MarketDecision(Verdict Verdict, IReadOnlyList<Finding> Findings, IReadOnlyList<string>? Regions, IReadOnlyList<string> Labels);

/// <summary>All market rules in force at one instant, immutable.</summary>
public sealed class MarketTable(CatalogTable catalog, OwnershipView ownership)
{
    /// <summary>Decides.</summary>
    public MarketDecision Decide(MarketFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        _ = ownership;
        return catalog.IsSold(facts.Model.Id, facts.Country, facts.Channel)
            ? new MarketDecision(Verdict.Allow, [new Finding(Verdict.Allow, $"market {facts.Country}", $"'{facts.Model.Id}' is sold in {facts.Country} on the channel '{facts.Channel}'.")], null, [])
            : new MarketDecision(
                Verdict.Deny,
                [
                    new Finding(
                        Verdict.Deny, "markets",
                        $"Country, region, or territory not supported: '{facts.Model.Id}' is not sold in {facts.Country} on the channel '{facts.Channel}'.")
                    {
                        Code = ProblemCode.MarketNotSupported,
                    },
                ],
                null, []);
    }
}
