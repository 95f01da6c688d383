namespace Dogana.Insight;

/// <summary>What a party brought.</summary>
/// <param name="Party">Names the party: a counterparty, an end customer or a channel, whichever axis is looked at.</param>
/// <param name="Amount">Exact; below zero where more was given back than charged.</param>
public sealed record PartyAmount(string Party, Money Amount)
{
    /// <summary>Sums by family: those under common control count as one (ASC 280-10-50-42).</summary>
    /// <param name="amounts">Of one currency; a party may come more than once.</param>
    /// <param name="families">The family of a party; who is not in it, or a null map, stands for itself.</param>
    /// <returns>The largest first, equal ones by name, so that the order of what came in changes nothing.</returns>
    public static IReadOnlyList<PartyAmount> RollUp(IEnumerable<PartyAmount> amounts, IReadOnlyDictionary<string, string>? families = null) =>
    [
        .. amounts.GroupBy(amount => families?.GetValueOrDefault(amount.Party) ?? amount.Party, StringComparer.Ordinal)
            .Select(static family => new PartyAmount(family.Key, family.Select(static part => part.Amount).Aggregate(static (sum, next) => sum + next)))
            .OrderByDescending(static family => family.Amount.Amount).ThenBy(static family => family.Party, StringComparer.Ordinal),
    ];
}
