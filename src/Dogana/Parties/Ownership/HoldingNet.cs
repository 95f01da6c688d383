namespace Dogana.Parties.Ownership;

/// <summary>
/// The direct interests at one instant, for the rules that count the same links; immutable. Parties are numbered in the order of their ids, so that a
/// lower number is the ordinally smaller id.
/// </summary>
/// <remarks>
/// Of several statements of one kind about the same two parties the one that began last counts (at the same instant the ordinally larger id).
/// Shareholding and votes of the same two are one range: the larger of the lower bounds to the larger of the upper ones. What nobody known holds counts
/// once: of the unknown holders' shares of the capital and of the votes the larger sum. Nobody holds shares in itself.
/// </remarks>
internal sealed class HoldingNet
{
    private readonly Dictionary<string, int> _numbers;
    private readonly long[] _statedMin;

    public HoldingNet(IEnumerable<Organisation> organisations, IReadOnlyList<OwnershipStatement> statements, IReadOnlyList<InterestKind> links)
    {
        var parents = organisations.Where(static item => item.Parent is not null && item.Parent != item.Id).ToArray();
        Parties = [.. organisations.Select(static item => item.Id).Concat(parents.Select(static item => item.Parent!))
            .Concat(statements.Select(static item => item.Subject)).Concat(statements.Where(static item => item.InterestedParty is not null).Select(static item => item.InterestedParty!))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _numbers = Parties.Index().ToDictionary(static item => item.Item, static item => item.Index, StringComparer.Ordinal);
        _statedMin = new long[Parties.Count];

        var stakes = Newest(statements).GroupBy(static item => (Holder: item.InterestedParty!, item.Subject))
            .ToDictionary(static group => group.Key, group => ToStake(group.Key.Holder, group.Key.Subject, [.. group.OrderBy(static item => item.Id, StringComparer.Ordinal)], links));
        foreach (var child in parents)
        {
            var key = (child.Parent!, child.Id);
            var stated = stakes.GetValueOrDefault(key) ?? new Stake(_numbers[child.Parent!], _numbers[child.Id], default, null, false, []);
            stakes[key] = stated with { Share = ShareRange.All, IsParent = true };
        }

        var counted = stakes.Values.Where(static stake => stake.Link is not null || stake.Share.Max > 0).ToArray();
        Holders = Group(counted, static stake => stake.Subject, static stake => stake.Holder);
        Holdings = Group(counted, static stake => stake.Holder, static stake => stake.Subject);
        foreach (var stake in counted)
        {
            _statedMin[stake.Subject] += stake.Share.Min;
        }

        foreach (var unknown in statements.Where(static item => item.InterestedParty is null && IsShare(item)).GroupBy(static item => item.Subject, StringComparer.Ordinal))
        {
            _statedMin[_numbers[unknown.Key]] += unknown.GroupBy(static item => item.Interest).Max(static kind => kind.Sum(static item => item.Share.Min));
        }
    }

    /// <summary>The ids of all parties, ordinally.</summary>
    public IReadOnlyList<string> Parties { get; }

    /// <summary>Who holds something in a party, by holder.</summary>
    public IReadOnlyList<Stake>[] Holders { get; }

    /// <summary>What a party holds, by subject.</summary>
    public IReadOnlyList<Stake>[] Holdings { get; }

    /// <summary>A party's number, or -1 where nothing is stated about it.</summary>
    public int Find(string party) => _numbers.GetValueOrDefault(party, -1);

    /// <summary>
    /// The most that a set of holders can have together in a subject: not what others have at least, however wide the stated ranges; never less than what
    /// they have at least themselves.
    /// </summary>
    /// <param name="subject">The subject.</param>
    /// <param name="min">The sum of their lower bounds.</param>
    /// <param name="max">The sum of their upper bounds.</param>
    public long Upper(int subject, long min, long max) => Math.Max(min, Math.Min(max, ShareRange.Whole - (_statedMin[subject] - min)));

    /// <summary>The most that a stake can be worth alone.</summary>
    public long Upper(Stake stake) => stake.Link is null ? Upper(stake.Subject, stake.Share.Min, stake.Share.Max) : ShareRange.Whole;

    private static bool IsShare(OwnershipStatement statement) => statement.Interest is InterestKind.Shareholding or InterestKind.VotingRights;

    private static IEnumerable<OwnershipStatement> Newest(IReadOnlyList<OwnershipStatement> statements) => statements
        .Where(static item => item.InterestedParty is not null && item.InterestedParty != item.Subject)
        .GroupBy(static item => (item.InterestedParty, item.Subject, item.Interest))
        .Select(static group => group.OrderBy(static item => item.From ?? DateTimeOffset.MinValue).ThenBy(static item => item.Id, StringComparer.Ordinal).Last());

    private Stake ToStake(string holder, string subject, OwnershipStatement[] statements, IReadOnlyList<InterestKind> links)
    {
        var shares = statements.Where(IsShare).ToArray();
        var share = shares.Length == 0 ? default : new ShareRange(shares.Max(static item => item.Share.Min), shares.Max(static item => item.Share.Max));
        var link = statements.Where(item => !IsShare(item) && links.Contains(item.Interest)).Select(static item => (InterestKind?)item.Interest).Min();
        return new Stake(_numbers[holder], _numbers[subject], share, link, false, [.. statements.Where(item => link is null ? IsShare(item) : item.Interest == link)]);
    }

    private IReadOnlyList<Stake>[] Group(IEnumerable<Stake> stakes, Func<Stake, int> by, Func<Stake, int> then)
    {
        var groups = new IReadOnlyList<Stake>[Parties.Count];
        Array.Fill(groups, []);
        foreach (var group in stakes.GroupBy(by))
        {
            groups[group.Key] = [.. group.OrderBy(then)];
        }

        return groups;
    }
}
