using Dogana.Apply.Reading;
using Dogana.Parties;

namespace Dogana.Apply.Checks;

/// <summary>Who is whose parent.</summary>
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

    /// <summary>Reports circles of parents that the file closes together with the store. Among statements circles are facts, and stay.</summary>
    public static void Check(World world, PartyTable present, FaultCollector faults)
    {
        var parents = present.Organisations.Values.ToDictionary(static item => item.Id, static item => item.Parent, StringComparer.Ordinal);
        foreach (var item in world.Organisations)
        {
            parents[item.Value.Id] = item.Value.Parent;
        }

        CheckCircles(parents, world.Organisations.ToDictionary(static item => item.Value.Id, StringComparer.Ordinal), faults);
    }

    private static void CheckCircles(Dictionary<string, string?> parents, Dictionary<string, Declared<Organisation>> declared, FaultCollector faults)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
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
            }

            done.UnionWith(path);
        }
    }
}
