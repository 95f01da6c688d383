using Dogana.Apply.Reading;
using Dogana.Conduct;
using Dogana.Parties;

namespace Dogana.Apply.Checks;

/// <summary>Who owns whom, and what may not come of changing it.</summary>
internal static class Ownership
{
    /// <summary>The organisations with each parent before its children; those in a circle are reported and come last.</summary>
    public static IReadOnlyList<Declared<Organisation>> ParentsFirst(IReadOnlyList<Declared<Organisation>> organisations, FaultCollector faults)
    {
        // A doubled id is reported by the reader; here the first one counts.
        var byId = organisations.DistinctBy(static item => item.Value.Id, StringComparer.Ordinal).ToDictionary(static item => item.Value.Id, StringComparer.Ordinal);
        CheckCircles(byId.Values.ToDictionary(static item => item.Value.Id, static item => item.Value.Parent, StringComparer.Ordinal), byId, faults);

        var ordered = new List<Declared<Organisation>>();
        var placed = new HashSet<string>(StringComparer.Ordinal);
        var chain = new Stack<Declared<Organisation>>();
        foreach (var start in organisations)
        {
            // Up to the first ancestor that is placed or not in the file, then down again: no recursion, however long the chain.
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (var item = start; item is not null && !placed.Contains(item.Value.Id) && seen.Add(item.Value.Id);)
            {
                chain.Push(item);
                item = item.Value.Parent is { } parent ? byId.GetValueOrDefault(parent) : null;
            }

            while (chain.TryPop(out var next))
            {
                placed.Add(next.Value.Id);
                ordered.Add(next);
            }
        }

        return ordered;
    }

    /// <summary>Reports circles that the file closes together with the store, and families that would slip from a standing measure.</summary>
    public static void Check(World world, PartyTable present, IReadOnlyList<Measure> measures, FaultCollector faults)
    {
        var parents = present.Organisations.Values.ToDictionary(static item => item.Id, static item => item.Parent, StringComparer.Ordinal);
        var declared = world.Organisations.ToDictionary(static item => item.Value.Id, StringComparer.Ordinal);
        var before = new Dictionary<string, string?>(parents, StringComparer.Ordinal);
        foreach (var item in world.Organisations)
        {
            parents[item.Value.Id] = item.Value.Parent;
        }

        if (CheckCircles(parents, declared, faults))
        {
            return;
        }

        // A measure names a family by the organisation at its top: another top would end it unseen.
        foreach (var measure in measures.Where(static measure => measure.ApprovedAt is not null && measure.LiftedAt is null).DistinctBy(static measure => measure.Organisation, StringComparer.Ordinal))
        {
            var family = Top(measure.Organisation, before);
            foreach (var organisation in world.Organisations.Where(item => present.Organisations.ContainsKey(item.Value.Id)))
            {
                if (Top(organisation.Value.Id, before) == family && Top(organisation.Value.Id, parents) != family)
                {
                    faults.Add(
                        organisation.Source.PlaceOf("parent"), $"'{measure.Owner}' suspended the family '{family}'; by this ownership '{organisation.Value.Id}' would leave it.",
                        "Lift the measure first, or leave the ownership as it is.");
                }
            }
        }
    }

    private static string Top(string id, Dictionary<string, string?> parents)
    {
        while (parents.GetValueOrDefault(id) is { } parent)
        {
            id = parent;
        }

        return id;
    }

    private static bool CheckCircles(Dictionary<string, string?> parents, Dictionary<string, Declared<Organisation>> declared, FaultCollector faults)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var found = false;
        foreach (var start in declared.Keys)
        {
            var path = new List<string>();
            var onPath = new HashSet<string>(StringComparer.Ordinal);
            var id = start;
            while (id is not null && !done.Contains(id) && onPath.Add(id))
            {
                path.Add(id);
                id = parents.GetValueOrDefault(id);
            }

            if (id is not null && onPath.Contains(id))
            {
                var circle = path[path.IndexOf(id)..];
                var at = circle.Where(declared.ContainsKey).Select(name => declared[name].Source.PlaceOf("parent")).MinBy(static place => place.Line);
                var shown = string.Join(" → ", circle.Take(5).Append(circle.Count > 5 ? "…" : id));
                faults.Add(at, $"The ownership runs in a circle: {shown}.", "Leave out one of these parents.");
                found = true;
            }

            done.UnionWith(path);
        }

        return found;
    }
}
