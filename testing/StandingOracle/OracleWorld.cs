using Dogana.Admission;
using Dogana.Catalog;
using Dogana.Conduct;
using Dogana.Markets;
using Dogana.Parties;
using Dogana.Terms;

namespace Dogana.Testing.StandingOracle;

/// <summary>
/// A small world made of a seed: a graph of ownership, and on top of it channels, agreements, measures with members and decisions, and market rules, so that
/// whatever decides a call meets everything else.
/// </summary>
public sealed class OracleWorld
{
    private static readonly string[] Countries = ["SG", "FR", "CN"];

    internal static readonly string[] Regions = ["east", "west"];

    private readonly Random _random;

    private OracleWorld(int seed)
    {
        _random = new Random(seed);
        var graph = OracleGraph.Random(seed);

        // Everybody who sells, owns models or buys is one of the graph's parties: a customer may be its own model's owner, or its seller's parent.
        var organisations = graph.Organisations.Count == 0 ? [new Organisation("p0", "p0", "SG", "Asia/Singapore", null)] : graph.Organisations;
        Graph = graph with { Organisations = [.. organisations.Select(item => item with { Country = Pick(Countries) })] };
        string[] ids = [.. Graph.Organisations.Select(static item => item.Id)];
        string[] owners = [Pick(ids), Pick(ids)];
        Channel[] channels =
        [
            new("direct", "direct", ChannelKind.Direct, owners[0]), new("other", "other", ChannelKind.Direct, owners[1]), new("cloud", "cloud", ChannelKind.Reseller, Pick(ids)),
        ];
        Agreement[] agreements =
        [
            .. from owner in owners.Distinct(StringComparer.Ordinal)
               from channel in channels
               where _random.Next(4) > 0
               select MakeAgreement(owner, channel.Id),
        ];
        Project[] projects =
        [
            .. from organisation in ids
               from channel in channels
               select new Project($"{organisation}.{channel.Id}", organisation, channel.Id) { Country = Maybe(Countries), Resells = _random.Next(4) == 0 },
        ];
        Parties = new PartyTable(Graph.Organisations, channels, agreements, projects, Graph.ToGraph());
        Catalog = new CatalogTable(
            [
                new Model("m0", owners[0], ModelKind.Chat, 1_000, 100) { IsRestricted = _random.Next(2) == 0 },
                new Model("m1", owners[1], ModelKind.Chat, 1_000, 100) { IsRestricted = _random.Next(2) == 0 },
            ],
            [], [], [.. Countries.Where(_ => _random.Next(3) > 0).Select(country => new Market(country, _random.Next(2) == 0 ? ["*"] : ["m0"], _random.Next(2) == 0 ? ["*"] : ["cloud", "other"]))]);
        Measures = [.. Enumerable.Range(0, _random.Next(4)).Select(number => MakeMeasure($"measure-{number}", ids, owners))];
        Members = [.. Measures.SelectMany(measure => ids.Where(_ => _random.Next(4) == 0).Select(id => new MeasureMember(measure.Id, id, "oracle", Graph.Instants[0]) { ReleasedAt = Maybe(Graph.Instants) }))];
        Decisions =
        [
            .. from measure in Measures
               from channel in channels
               where _random.Next(3) == 0
               select new MeasureDecision(measure.Id, channel.Id, _random.Next(2) == 0 ? ChannelDecision.Adopt : ChannelDecision.Decline, "oracle", "oracle", Graph.Instants[0]),
        ];
        Rules = [.. Enumerable.Range(0, _random.Next(5)).Select(number => MakeRule($"rule-{number}", owners))];
    }

    internal OracleGraph Graph { get; }

    internal PartyTable Parties { get; }

    internal CatalogTable Catalog { get; }

    internal IReadOnlyList<Measure> Measures { get; }

    internal IReadOnlyList<MeasureMember> Members { get; }

    internal IReadOnlyList<MeasureDecision> Decisions { get; }

    internal IReadOnlyList<MarketRule> Rules { get; }

    /// <summary>
    /// Makes the world of a seed and compares every decision of the product with the oracle's, at several instants.
    /// </summary>
    /// <returns>How many were compared, and the first that differ, in words.</returns>
    public static (int Compared, IReadOnlyList<string> Differences) Compare(int seed)
    {
        var world = new OracleWorld(seed);
        var (compared, differences) = (0, new List<string>());
        foreach (var at in world.Graph.Instants)
        {
            var ownership = world.Parties.Ownership.At(at);
            var table = new AdmissionTable(
                world.Parties, ownership, new StandingTable(world.Measures, world.Members, world.Decisions, world.Parties, at),
                new MarketTable(world.Catalog, world.Rules, ownership, world.Graph.Organisations, at), new TermsTable(new TermsOnRecord([], [], [], []), at), new ReleaseTable(world.Catalog, ownership, at), null);
            var judge = new OracleJudge(world, at);
            foreach (var facts in world.Facts())
            {
                compared++;
                var (decision, expected) = (table.Find(facts), judge.Judge(facts));
                var found = (decision.Verdict, decision.Refusal is not null, string.Join(' ', decision.Measures.Select(static item => item.Measure.Id).Order(StringComparer.Ordinal)));
                if (found != expected && differences.Count < 10)
                {
                    differences.Add($"seed {seed}, {at:u}, {facts}: {found} instead of {expected}");
                }
            }
        }

        return (compared, differences);
    }

    private IEnumerable<AdmissionFacts> Facts()
    {
        foreach (var project in Parties.Projects.Values.OrderBy(static item => item.Id, StringComparer.Ordinal))
        {
            foreach (var model in Catalog.Models.Values.OrderBy(static item => item.Id, StringComparer.Ordinal))
            {
                string[] ends = [.. Graph.Statements.Where(item => item.Interest == InterestKind.EndCustomerOf && item.InterestedParty == project.Organisation).Select(static item => item.Subject)];
                var named = _random.Next(4) == 0 ? "nobody" : ends.Length > 0 && _random.Next(3) > 0 ? Pick(ends) : Pick([.. Parties.Organisations.Keys.Order(StringComparer.Ordinal)]);
                yield return new AdmissionFacts(project, Parties.Channels[project.Channel], model, null, default, Maybe(Countries));
                yield return new AdmissionFacts(project, Parties.Channels[project.Channel], model, named, (EndCustomerNaming)_random.Next(1, 3), Maybe(Countries));
            }
        }
    }

    private Agreement MakeAgreement(string owner, string channel)
    {
        var flow = (MeasureFlow)_random.Next(1, 4);
        return new Agreement($"{owner}-{channel}", owner, channel, flow)
        {
            ReviewTime = flow == MeasureFlow.Review ? TimeSpan.FromDays(_random.Next(1, 40)) : null,
            EndCustomers = (EndCustomerNaming)_random.Next(1, 4),
        };
    }

    private Measure MakeMeasure(string id, string[] ids, string[] owners)
    {
        var starts = Pick(Graph.Instants).AddDays(_random.Next(-20, 20));
        return new Measure(id, Pick(ids), Pick(owners), (MeasureLevel)_random.Next(1, 6), "oracle", "one", starts, starts)
        {
            Models = _random.Next(2) == 0 ? [Measure.All] : ["m0"],
            Channels = _random.Next(2) == 0 ? [Measure.All] : [Pick(["direct", "other", "cloud"])],
            ApprovedAt = _random.Next(5) == 0 ? null : starts,
            EndsAt = _random.Next(3) == 0 ? starts.AddDays(_random.Next(1, 40)) : null,
            LiftedAt = _random.Next(6) == 0 ? starts : null,
            RejectedAt = _random.Next(10) == 0 ? starts : null,
        };
    }

    private MarketRule MakeRule(string id, string[] owners)
    {
        DateTimeOffset? from = Maybe(Graph.Instants);
        return new MarketRule(id, (MarketEffect)_random.Next(1, 4), from, _random.Next(3) == 0 ? (from ?? Graph.Instants[0]).AddDays(_random.Next(1, 40)) : null)
        {
            Countries = MaybeList(Countries),
            Models = MaybeList(["m0"]),
            Owners = MaybeList([Pick(owners)]),
            Channels = MaybeList([Pick(["direct", "other", "cloud"])]),
            Uses = _random.Next(8) == 0 ? ["search"] : null,
            OwnedFrom = MaybeList(Countries),
            ControlRule = Maybe(["r0", "r1", "gone"]),
            OwnModel = _random.Next(3) switch { 0 => true, 1 => false, _ => null },
            Regions = MaybeList(Regions),
        };
    }

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private string? Maybe(string[] items) => _random.Next(2) == 0 ? null : Pick(items);

    private DateTimeOffset? Maybe(IReadOnlyList<DateTimeOffset> items) => _random.Next(2) == 0 ? null : Pick(items);

    private string[]? MaybeList(string[] items) => _random.Next(2) == 0 ? null : [.. items.Where(_ => _random.Next(3) > 0).DefaultIfEmpty(items[0])];
}
