#pragma warning disable CS1591, CA1822
using Dogana.Parties;

namespace Dogana.Conduct;

public sealed record StandingMeasure(Measure Measure, Certainty Member, string Basis);

/// <summary>shim</summary>
public sealed class StandingTable(IReadOnlyList<Measure> measures, PartyTable parties, DateTimeOffset at)
{
    public IReadOnlyList<StandingMeasure> Find(string organisation, string owner, string model, string channel) =>
        [.. measures.Where(m => m.LiftedAt is null && m.StartsAt <= at && m.Owner == owner && m.Family == parties.Ownership.At(at).FamilyOf(organisation)
            && !(parties.AgreementOn(owner, channel) is { Measures: MeasureFlow.None } && parties.Channels[channel].Seller != owner))
            .Select(m => new StandingMeasure(m, Certainty.Yes, ""))];
}
