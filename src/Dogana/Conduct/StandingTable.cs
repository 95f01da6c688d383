using Dogana.Conduct.Reaching;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>
/// Who stands how with whom, at one instant, immutable: which measures meet an organisation, on which channel, and whether they hold. Looked up by every
/// call. Reach belongs to a measure and a channel, membership to a measure and an organisation: neither is kept for all three.
/// </summary>
public sealed class StandingTable
{
    private readonly Dictionary<string, MetMeasures> _met = new(StringComparer.Ordinal);

    /// <summary>Builds the table: it costs as much as there are members, and measures times channels.</summary>
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
        foreach (var measure in membership.Ordered(standing))
        {
            StandingMeasure[] channels = [.. ChannelReach.Of(measure, channel => decided.GetValueOrDefault((measure.Id, channel)), parties, at)];
            Add(membership.Of(measure).Values, channels);

            // Its own start and end count even where it reaches no channel.
            DateTimeOffset?[] changes = [NextChange, measure.StartsAt > at ? measure.StartsAt : null, measure.EndsAt, .. channels.Select(static item => item.ReachChangesAt)];
            NextChange = changes.Min();
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
        _met.TryGetValue(organisation, out var met) ? met.Find(owner, model, channel) : [];

    /// <summary>All measures that meet an organisation, once for each channel that they name, whether they hold there or not; hardest first. Made when it is asked for.</summary>
    public IReadOnlyList<StandingMeasure> Of(string organisation) => _met.TryGetValue(organisation, out var met) ? met.All() : [];

    // Whoever was under the same measures, and is as certainly under this one, is under the same measures again.
    private void Add(IEnumerable<Member> members, StandingMeasure[] channels)
    {
        if (channels.Length == 0)
        {
            return;
        }

        StandingMeasure[]? uncertain = null;
        var first = new MetMeasures?[2];
        var next = new Dictionary<(MetMeasures, bool), MetMeasures>();
        foreach (var member in members)
        {
            var isCertain = member.Certainty == Certainty.Yes;
            var met = isCertain ? channels : uncertain ??= [.. channels.Select(item => item with { Member = Certainty.Unknown })];
            if (!_met.TryGetValue(member.Organisation, out var before))
            {
                _met.Add(member.Organisation, first[isCertain ? 1 : 0] ??= new MetMeasures(null, met));
            }
            else if (next.TryGetValue((before, isCertain), out var same))
            {
                _met[member.Organisation] = same;
            }
            else
            {
                _met[member.Organisation] = next[(before, isCertain)] = new MetMeasures(before, met);
            }
        }
    }
}
