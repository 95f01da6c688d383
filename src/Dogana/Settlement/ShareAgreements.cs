using Dogana.Catalog;
using Dogana.Parties;
using Dogana.Settlement.Legs;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>The agreements by which companies share what channels sell.</summary>
public static class ShareAgreements
{
    /// <summary>
    /// Adds agreements and legs, or changes them. A leg that has begun can only be ended: statements stand on the rest of it. Legs that an agreement does not name any
    /// more stay as they are.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="parties">The parties, as this transaction leaves them.</param>
    /// <param name="wanted">The agreements.</param>
    /// <param name="now">Now.</param>
    /// <exception cref="ProblemException">Something declared is invalid, overlaps or contradicts what is there; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, PartyTable parties, IReadOnlyList<ShareAgreement> wanted, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(parties);
        ArgumentNullException.ThrowIfNull(wanted);
        if (wanted.Count == 0)
        {
            return [];
        }

        var owners = await ReadOwnersAsync(session);
        var present = await LegRows.ReadAsync(session);
        foreach (var leg in wanted.SelectMany(static agreement => agreement.Legs))
        {
            LegRules.Check(leg, parties);
        }

        ShareLeg[] legs = [.. wanted.SelectMany(static agreement => agreement.Legs).Select(LegRows.AsStored)]; // an offset is no difference
        foreach (var leg in legs)
        {
            if (present.FirstOrDefault(other => other.Agreement == leg.Agreement && other.Id == leg.Id) is { } before && before.From <= now)
            {
                LegRules.CheckBegun(leg, before, await LegRows.FindLastServiceEndAsync(session, leg));
            }
        }

        LegRules.CheckOverlaps([.. present.Where(leg => legs.All(other => other.Name != leg.Name)), .. legs], owners);
        return await LegRows.DeclareAsync(session, present, legs);
    }

    /// <summary>All agreements, by id.</summary>
    public static async Task<IReadOnlyList<ShareAgreement>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return [.. (await LegRows.ReadAsync(session)).GroupBy(static leg => leg.Agreement, StringComparer.Ordinal).Select(static group => new ShareAgreement(group.Key, [.. group]))];
    }

    internal static async Task<IReadOnlyDictionary<string, string>> ReadOwnersAsync(StoreSession session) =>
        (await CatalogRegister.ReadAsync(session)).Models.ToDictionary(static model => model.Key, static model => model.Value.Owner, StringComparer.Ordinal);
}
