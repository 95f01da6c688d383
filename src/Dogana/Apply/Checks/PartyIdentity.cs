using Dogana.Apply.Reading;
using Dogana.Parties;
using Dogana.Storage;

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

    /// <summary>
    /// An organisation keeps its LEI while statements are about it by that LEI alone: without it they would be about a stranger, and a measure would no longer
    /// reach the family.
    /// </summary>
    public static async Task CheckLeisAsync(StoreSession session, World world, PartyTable present, DateTimeOffset now, FaultCollector faults)
    {
        foreach (var (organisation, source) in world.Organisations)
        {
            if (present.Organisations.GetValueOrDefault(organisation.Id)?.Lei is not { } lei || lei == organisation.Lei)
            {
                continue;
            }

            var statements = await PartyRegister.FindStatementsByLeiAsync(session, lei, now, [.. world.OwnershipStatements.Select(static item => item.Value)]);
            if (statements.Count > 0)
            {
                faults.Add(
                    source.PlaceOf("lei"), $"Imported statements are about '{organisation.Id}' by its LEI {lei} and would no longer be: {Shown.List(statements)}.",
                    $"Leave the LEI as it is, or declare these under ownership with '{organisation.Id}' itself as their party, or with an end.");
            }
        }
    }
}
