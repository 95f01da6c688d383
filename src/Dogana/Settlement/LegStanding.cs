using Dogana.Settlement.Legs;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>How a leg stands by all statements so far, in the currency of its tiers and its cap.</summary>
/// <param name="Leg">The leg.</param>
/// <param name="Position">Null where the leg has no currency of its own: then it has neither tiers nor a cap.</param>
public sealed record LegStanding(ShareLeg Leg, LegPosition? Position)
{
    /// <summary>All legs, by agreement and id.</summary>
    public static async Task<IReadOnlyList<LegStanding>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var history = await LegHistory.ReadAsync(session);
        return
        [
            .. (await LegRows.ReadAsync(session)).OrderBy(static leg => leg.Agreement, StringComparer.Ordinal).ThenBy(static leg => leg.Id, StringComparer.Ordinal)
                .Select(leg => new LegStanding(leg, leg.Currency is { } currency ? history.Of(leg, currency) : null)),
        ];
    }
}
