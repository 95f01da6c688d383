using System.Collections.Frozen;
using Dogana.Parties;

namespace Dogana.Conduct;

/// <summary>Who stands how with whom, at one moment, immutable: one standing per corporate family and model owner, on every channel.</summary>
public sealed class StandingTable(IReadOnlyList<Measure> measures, PartyTable parties)
{
    private readonly FrozenDictionary<(string Family, string Owner), Measure> _standing = measures
        .Where(static measure => measure.LiftedAt is null)
        .GroupBy(static measure => (measure.Family, measure.Owner))
        .ToFrozenDictionary(static group => group.Key, static group => group.MinBy(static measure => measure.StartsAt)!);

    /// <summary>
    /// The measure that stops this call, or null. An owner's own channel obeys its measures always, a reseller's as the agreement between them says;
    /// a channel without an agreement obeys (what is not agreed is not allowed).
    /// </summary>
    public Measure? Find(string organisation, string owner, string channel, DateTimeOffset now)
    {
        if (_standing.Count == 0 || !_standing.TryGetValue((parties.Ownership.At(now).FamilyOf(organisation), owner), out var measure) || measure.StartsAt > now)
        {
            return null;
        }

        return parties.AgreementOn(owner, channel) is { Measures: MeasureFlow.None } && parties.Channels[channel].Seller != owner ? null : measure;
    }
}
