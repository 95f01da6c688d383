using Dogana.Conduct.Signals;

namespace Dogana.Conduct;

/// <summary>Accounts that are linked and split one work between them.</summary>
/// <param name="Accounts">The accounts, the first to call first.</param>
/// <param name="LinkingFact">What links them, in a sentence.</param>
/// <param name="Merged">What they did together, under the first one's name.</param>
/// <param name="SlotOverlap">How much of what they put in any two of them share, 0 to 1: next to nothing where work is split.</param>
public sealed record AccountCluster(IReadOnlyList<ConductAccount> Accounts, string LinkingFact, AccountSketch Merged, double SlotOverlap)
{
    /// <summary>What is found in the cluster as a whole: that it is one, and what its accounts do together, of which none of them may do enough by itself.</summary>
    /// <param name="catalogue">The catalogue that the calls were read by.</param>
    /// <param name="calibration">What benign accounts are like; null to not compare with them.</param>
    /// <param name="now">The instant.</param>
    public IReadOnlyList<ConductFinding> Findings(SignatureCatalogue catalogue, ConductCalibration? calibration, DateTimeOffset now)
    {
        string[] linked = [.. Accounts.Skip(1).Select(static account => account.Party)];
        var found = Merged.Findings(catalogue, calibration, now);
        var strength = found.Any(static finding => finding.Strength == FindingStrength.Strong) ? FindingStrength.Strong : FindingStrength.Weak;
        var calls = Merged.Month.Sum(now).Calls;
        var cluster = new ConductFinding(
            Accounts[0], Detector.LinkedAccounts, "linked.split_work", SketchFindings.Version, strength, Merged.FirstAt ?? now, Merged.LastAt ?? now, calls, calls, Accounts.Count,
            $"{Accounts.Count} accounts use the same templates on different inputs and are linked.", "One customer's several organisations, or a reseller whose customers run its application.");
        return [.. new[] { cluster }.Concat(found).Select(finding => finding with { Linked = linked, LinkingFact = LinkingFact })];
    }
}

/// <summary>Finds accounts that split one work: the same templates, next to no inputs in common, and a fact that links them. A template alone links nobody (open-source applications have many users), nor does a network (many customers share an address).</summary>
public static class AccountClusters
{
    /// <summary>The fewest accounts of a cluster.</summary>
    public const int AccountsMin = 4;

    // Accounts that began within this time of each other began together.
    private static readonly TimeSpan Together = TimeSpan.FromHours(24);

    // A template is a long unit of at least every tenth call.
    private const int TemplateShare = 10;

    private const double OverlapMax = 0.2;

    /// <summary>The clusters among accounts; no account is in two.</summary>
    /// <param name="sketches">One sketch for each account.</param>
    /// <param name="now">The instant that they are looked at.</param>
    public static IReadOnlyList<AccountCluster> Find(IReadOnlyList<AccountSketch> sketches, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(sketches);
        var templates = sketches.Select(TemplatesOf).ToArray();
        var groups = new Groups(sketches.Count);
        foreach (var users in Enumerable.Range(0, sketches.Count).SelectMany(at => templates[at].Select(unit => (unit, at))).GroupBy(static use => use.unit, static use => use.at))
        {
            int[] same = [.. users];
            if (same.Length >= AccountsMin)
            {
                LinkByNetwork(same, sketches, groups);
                LinkByBirth(same, sketches, groups);
            }
        }

        return [.. groups.All().Where(static members => members.Count >= AccountsMin).Select(members => Of(members, sketches, now)).Where(static cluster => cluster.SlotOverlap <= OverlapMax)
            .OrderByDescending(static cluster => cluster.Accounts.Count)];
    }

    private static HashSet<ulong> TemplatesOf(AccountSketch sketch) =>
        [.. sketch.Units.Top.Where(place => UnitCounts.IsTelling(place.Unit) && place.Count >= 3 && place.Count * TemplateShare >= sketch.Units.Calls).Select(static place => place.Unit)];

    private static void LinkByNetwork(int[] same, IReadOnlyList<AccountSketch> sketches, Groups groups)
    {
        foreach (var network in same.SelectMany(at => sketches[at].Networks.Values.Select(network => (network, at))).GroupBy(static use => use.network, static use => use.at))
        {
            int[] shared = [.. network];
            groups.Join(shared, 0);
        }
    }

    // Same client, and four or more first calls within a day: customers of an open-source application begin over months.
    private static void LinkByBirth(int[] same, IReadOnlyList<AccountSketch> sketches, Groups groups)
    {
        foreach (var client in same.SelectMany(at => sketches[at].Clients.Values.Select(client => (client, at))).GroupBy(static use => use.client, static use => use.at))
        {
            int[] born = [.. client.OrderBy(at => sketches[at].FirstAt)];
            for (var first = 0; first + AccountsMin <= born.Length; first++)
            {
                if (sketches[born[first + AccountsMin - 1]].FirstAt - sketches[born[first]].FirstAt <= Together)
                {
                    groups.Join(born[first..(first + AccountsMin)], 1);
                }
            }
        }
    }

    private static AccountCluster Of(Linked members, IReadOnlyList<AccountSketch> sketches, DateTimeOffset now)
    {
        AccountSketch[] accounts = [.. members.Accounts.Select(at => sketches[at]).OrderBy(static sketch => sketch.FirstAt).ThenBy(static sketch => sketch.Account.Party, StringComparer.Ordinal)];
        var merged = new AccountSketch(accounts[0].Account);
        var distinct = 0.0;
        foreach (var sketch in accounts)
        {
            merged.Merge(sketch);
            distinct += sketch.Month.Sum(now).Items!.Count();
        }

        string[] facts = [.. new[] { members.ByNetwork ? "they call from the same networks" : null, members.ByBirth ? "with the same client they made their first calls within a day of each other" : null }.OfType<string>()];
        return new AccountCluster([.. accounts.Select(static sketch => sketch.Account)], $"The accounts have templates in common, and {string.Join("; ", facts)}.", merged, Math.Clamp(1 - (merged.Month.Sum(now).Items!.Count() / Math.Max(1, distinct)), 0, 1));
    }

    private sealed record Linked(IReadOnlyList<int> Accounts, bool ByNetwork, bool ByBirth)
    {
        public int Count => Accounts.Count;
    }

    // Union and find; each group remembers what joined it.
    private sealed class Groups(int count)
    {
        private readonly int[] _parent = [.. Enumerable.Range(0, count)];
        private readonly HashSet<(int Account, int Fact)> _facts = [];

        public void Join(int[] accounts, int fact)
        {
            if (accounts.Length < 2)
            {
                return;
            }

            foreach (var account in accounts)
            {
                _parent[Root(account)] = Root(accounts[0]);
                _facts.Add((account, fact));
            }
        }

        public IEnumerable<Linked> All() => Enumerable.Range(0, _parent.Length).GroupBy(Root).Select(members => new Linked(
            [.. members], members.Any(account => _facts.Contains((account, 0))), members.Any(account => _facts.Contains((account, 1)))));

        private int Root(int account)
        {
            while (_parent[account] != account)
            {
                account = _parent[account] = _parent[_parent[account]];
            }

            return account;
        }
    }
}
