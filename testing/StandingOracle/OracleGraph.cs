using Dogana.Parties;

namespace Dogana.Testing.StandingOracle;

/// <summary>A small graph of ownership with all that makes control hard, made of a seed.</summary>
/// <param name="Organisations">Some of the parties; the others are known from statements only.</param>
/// <param name="Parties">The ids of all parties.</param>
/// <param name="Statements">Shares, ranges, links, unknown holders, dates, circles, corrections.</param>
/// <param name="Rules">Rules of all kinds, some with an owner; all in force always, so that each can be asked for.</param>
/// <param name="Instants">Instants at which different statements are in force.</param>
public sealed record OracleGraph(
    IReadOnlyList<Organisation> Organisations, IReadOnlyList<string> Parties, IReadOnlyList<OwnershipStatement> Statements, IReadOnlyList<ControlRule> Rules,
    IReadOnlyList<DateTimeOffset> Instants)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Round shares meet thresholds exactly; odd ones test the edges beside them.
    private static readonly long[] Shares = [0, 1, 100_000, 200_000, 250_000, 300_000, 333_333, 400_000, 499_999, 500_000, 500_001, 600_000, 750_000, 1_000_000];

    private static readonly long[] Thresholds = [1, 250_000, 360_000, 500_000, 500_001, 750_000, 1_000_000];

    private static readonly InterestKind[] LinkKinds = [InterestKind.Control, InterestKind.Agent, InterestKind.ResellerOfRecord, InterestKind.EndCustomerOf];

    /// <summary>The product's graph of the same facts.</summary>
    public OwnershipGraph ToGraph() => new(Organisations, Statements, Rules);

    /// <summary>The graph of a seed: 2 to 8 parties. The same on every machine.</summary>
    public static OracleGraph Random(int seed)
    {
        var random = new Random(seed);
        string[] parties = [.. Enumerable.Range(0, random.Next(2, 9)).Select(static number => $"p{number}")];
        var organisations = Organise(random, [.. parties.Where(_ => random.Next(4) > 0)]);
        OwnershipStatement[] statements = [.. Enumerable.Range(0, random.Next(1, 3 * parties.Length + 1)).Select(number => State(random, parties, number))];
        ControlRule[] rules = [.. Enumerable.Range(0, 3).Select(number => MakeRule(random, number, organisations))];
        return new OracleGraph(organisations, parties, statements, rules, [Start.AddDays(-1), Start, Start.AddDays(15), Start.AddDays(45)]);
    }

    // Parents in a chain or tree, never in a circle.
    private static Organisation[] Organise(Random random, string[] ids) =>
        [.. ids.Select((id, place) => new Organisation(id, id, "SG", "Asia/Singapore", place > 0 && random.Next(4) == 0 ? ids[random.Next(place)] : null))];

    private static OwnershipStatement State(Random random, string[] parties, int number)
    {
        var interest = random.Next(10) switch
        {
            < 5 => InterestKind.Shareholding,
            < 8 => InterestKind.VotingRights,
            _ => LinkKinds[random.Next(LinkKinds.Length)],
        };
        var subject = parties[random.Next(parties.Length)];
        var holder = random.Next(9) == 0 ? null : parties[random.Next(parties.Length)]; // itself, sometimes
        var (one, other) = (Shares[random.Next(Shares.Length)], Shares[random.Next(Shares.Length)]);
        var share = random.Next(3) == 0 ? new ShareRange(Math.Min(one, other), Math.Max(one, other)) : new ShareRange(one, one);
        DateTimeOffset? from = random.Next(2) == 0 ? null : Start.AddDays(random.Next(4) * 10);
        DateTimeOffset? to = random.Next(4) > 0 ? null : (from ?? Start).AddDays(random.Next(1, 4) * 10);
        return new OwnershipStatement($"s{number}", subject, holder, interest, interest is InterestKind.Shareholding or InterestKind.VotingRights ? share : ShareRange.All, from, to, "oracle");
    }

    private static ControlRule MakeRule(Random random, int number, Organisation[] organisations) => new(
        $"r{number}", organisations.Length > 0 && random.Next(2) == 0 ? organisations[random.Next(organisations.Length)].Id : null,
        Thresholds[random.Next(Thresholds.Length)], random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0 ? ControlChain.Cascade : ControlChain.Product,
        (UnknownControl)random.Next(1, 4), [.. LinkKinds.Where(_ => random.Next(2) == 0)], null, null);
}
