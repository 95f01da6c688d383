using Dogana.Apply.Reading;
using Dogana.Parties;

namespace Dogana.Apply.Checks;

/// <summary>One id and one LEI mean one party, whether it is an organisation or known from statements only.</summary>
internal static class PartyIdentity
{
    public static void Check(World world, PartyTable present, FaultCollector faults)
    {
        var organisations = present.Organisations.Keys.Concat(world.Organisations.Select(static item => item.Value.Id)).ToHashSet(StringComparer.Ordinal);
        foreach (var (party, source) in world.OwnershipParties.Where(item => organisations.Contains(item.Value.Id)))
        {
            faults.Add(source.PlaceOf("id"), $"'{party.Id}' is an organisation.", "An organisation needs no ownership party: name the organisation in the statements.");
        }

        var stored = present.OwnershipParties.Select(static item => item.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (organisation, source) in world.Organisations.Where(item => stored.Contains(item.Value.Id)))
        {
            faults.Add(source.PlaceOf("id"), $"'{organisation.Id}' is an ownership party already.", "Give the organisation another id; with its lei, imports know that they are one.");
        }

        var declared = world.Organisations.Select(static item => item.Value.Id).ToHashSet(StringComparer.Ordinal);
        var owners = present.Organisations.Values.Where(item => item.Lei is not null && !declared.Contains(item.Id))
            .GroupBy(static item => item.Lei!, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.First().Id, StringComparer.Ordinal);
        foreach (var (organisation, source) in world.Organisations.Where(static item => item.Value.Lei is not null))
        {
            if (!owners.TryAdd(organisation.Lei!, organisation.Id))
            {
                faults.Add(source.PlaceOf("lei"), $"'{owners[organisation.Lei!]}' has this LEI.", "One LEI is one legal entity: correct one of the two.");
            }
        }
    }
}
