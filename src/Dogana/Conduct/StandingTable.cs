using Dogana.Conduct.Reaching;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>
/// Who stands how with whom, at one instant, immutable: which measures meet an organisation, on which channel, and whether they hold. Looked up by every
/// call, so all answers are made beforehand.
/// </summary>
public sealed class StandingTable
{
    private readonly Dictionary<string, Dictionary<(string Owner, string Channel), ByModel>> _holding = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<StandingMeasure>> _all = new(StringComparer.Ordinal);

    /// <summary>Builds the table.</summary>
    /// <param name="measures">All measures; those that do not stand are passed over.</param>
    /// <param name="members">Their members on record.</param>
    /// <param name="decisions">The sellers' decisions.</param>
    /// <param name="parties">Channels, agreements and ownership.</param>
    /// <param name="at">The instant.</param>
    public StandingTable(
        IReadOnlyList<Measure> measures, IReadOnlyList<MeasureMember> members, IReadOnlyList<MeasureDecision> decisions, PartyTable parties, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(parties);
        Measure[] standing = [.. measures.Where(measure => measure.IsStandingAt(at))];
        if (standing.Length == 0)
        {
            return;
        }

        var decided = decisions.ToDictionary(static item => (item.Measure, item.Channel), static item => (ChannelDecision?)item.Decision);
        var membership = new Membership(parties.Ownership.At(at), members);
        var met = new List<(string Organisation, StandingMeasure Item)>();
        foreach (var measure in standing)
        {
            var reaches = parties.Channels.Values.Where(channel => measure.Names(channel.Id))
                .Select(channel => (channel.Id, At: ChannelReach.Of(channel, measure, decided.GetValueOrDefault((measure.Id, channel.Id)), parties, at))).ToArray();
            met.AddRange(
                from member in membership.Of(measure)
                from reach in reaches
                select (member.Organisation, new StandingMeasure(measure, member.Certainty, member.Basis, reach.At.Reach, reach.At.ChangesAt, reach.Id)));

            // Its own start and end count even where it reaches no channel.
            DateTimeOffset?[] changes = [NextChange, measure.StartsAt > at ? measure.StartsAt : null, measure.EndsAt, .. reaches.Select(static reach => reach.At.ChangesAt)];
            NextChange = changes.Min();
        }

        foreach (var group in met.GroupBy(static item => item.Organisation, static item => item.Item, StringComparer.Ordinal))
        {
            StandingMeasure[] sorted = [.. HardestFirst(group)];
            _all.Add(group.Key, sorted);
            var holding = sorted.Where(static item => item.Reach == MeasureReach.Holds).GroupBy(static item => (item.Measure.Owner, item.Channel))
                .ToDictionary(static held => held.Key, static held => new ByModel([.. held]));
            if (holding.Count > 0)
            {
                _holding.Add(group.Key, holding);
            }
        }
    }

    /// <summary>The first instant after the table's own at which it no longer tells the truth: a measure begins or ends, or a review is over. Ownership's own dates are asked elsewhere.</summary>
    public DateTimeOffset? NextChange { get; }

    /// <summary>The table as committed, at an instant.</summary>
    public static async Task<StandingTable> ReadAsync(StoreSession session, PartyTable parties, DateTimeOffset at) =>
        new(await Measures.ReadAsync(session), await Measures.ReadMembersAsync(session), await Measures.ReadDecisionsAsync(session), parties, at);

    /// <summary>
    /// The measures that hold for a call, hardest first; empty for most. One whose <see cref="StandingMeasure.Member"/> is unknown holds too: what follows
    /// is the caller's to decide.
    /// </summary>
    public IReadOnlyList<StandingMeasure> Find(string organisation, string owner, string model, string channel) =>
        _holding.TryGetValue(organisation, out var held) && held.TryGetValue((owner, channel), out var measures) ? measures.On(model) : [];

    /// <summary>All measures that meet an organisation, once for each channel that they name, whether they hold there or not; hardest first.</summary>
    public IReadOnlyList<StandingMeasure> Of(string organisation) => _all.GetValueOrDefault(organisation, []);

    private static IOrderedEnumerable<StandingMeasure> HardestFirst(IEnumerable<StandingMeasure> items) => items
        .OrderByDescending(static item => item.Measure.Hardness)
        .ThenByDescending(static item => item.Member)
        .ThenBy(static item => item.Measure.StartsAt)
        .ThenBy(static item => item.Measure.Id, StringComparer.Ordinal)
        .ThenBy(static item => item.Channel, StringComparer.Ordinal);

    /// <summary>What holds for one organisation, owner and channel: for any model, and for those that a measure names.</summary>
    private sealed class ByModel
    {
        private readonly IReadOnlyList<StandingMeasure> _any;
        private readonly Dictionary<string, IReadOnlyList<StandingMeasure>> _named;

        public ByModel(IReadOnlyList<StandingMeasure> measures)
        {
            _any = [.. measures.Where(static item => item.Measure.Models[0] == Measure.All)];
            _named = measures.SelectMany(static item => item.Measure.Models).Where(static model => model != Measure.All).Distinct(StringComparer.Ordinal).ToDictionary(
                static model => model,
                model => (IReadOnlyList<StandingMeasure>)[.. measures.Where(item => item.Measure.Models[0] == Measure.All || item.Measure.Models.Contains(model, StringComparer.Ordinal))],
                StringComparer.Ordinal);
        }

        public IReadOnlyList<StandingMeasure> On(string model) => _named.GetValueOrDefault(model, _any);
    }
}
