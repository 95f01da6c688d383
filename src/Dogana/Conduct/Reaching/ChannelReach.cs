using Dogana.Parties;

namespace Dogana.Conduct.Reaching;

/// <summary>How a measure reaches a channel: what the owner and the channel's seller agreed, and what the seller decided, in one place.</summary>
internal static class ChannelReach
{
    /// <summary>The flow between a measure's owner and a channel. The owner's own channel is bound; so is one without an agreement: what is not agreed is not allowed.</summary>
    public static MeasureFlow FlowTo(Channel channel, Measure measure, PartyTable parties) =>
        channel.Seller == measure.Owner ? MeasureFlow.Binding : parties.AgreementOn(measure.Owner, channel.Id)?.Measures ?? MeasureFlow.Binding;

    /// <summary>When the seller's time to decide is over and silence lets the measure hold; null where nothing is reviewed.</summary>
    public static DateTimeOffset? ReviewEnd(Channel channel, Measure measure, PartyTable parties) =>
        FlowTo(channel, measure, parties) == MeasureFlow.Review ? Later(measure.StartsAt, parties.AgreementOn(measure.Owner, channel.Id)!.ReviewTime ?? TimeSpan.Zero) : null;

    /// <summary>A standing measure on each channel that it names, as its certain members meet it.</summary>
    public static IEnumerable<StandingMeasure> Of(Measure measure, Func<string, ChannelDecision?> decision, PartyTable parties, DateTimeOffset at) =>
        parties.Channels.Values.Where(channel => measure.Names(channel.Id)).Select(channel =>
        {
            var (reach, changesAt) = Of(channel, measure, decision(channel.Id), parties, at);
            return new StandingMeasure(measure, Certainty.Yes, reach, changesAt, channel.Id);
        });

    /// <summary>The reach of a standing measure (<see cref="Measure.IsStandingAt"/>) on a channel that it names, and when that changes by itself.</summary>
    public static (MeasureReach Reach, DateTimeOffset? ChangesAt) Of(Channel channel, Measure measure, ChannelDecision? decision, PartyTable parties, DateTimeOffset at)
    {
        var flow = FlowTo(channel, measure, parties);
        if (flow != MeasureFlow.Binding && decision == ChannelDecision.Decline)
        {
            return (MeasureReach.Declined, null);
        }

        if (flow == MeasureFlow.None && decision is null)
        {
            return (MeasureReach.NotCarried, null);
        }

        if (measure.StartsAt > at)
        {
            return (MeasureReach.NotYet, measure.StartsAt);
        }

        return decision is null && ReviewEnd(channel, measure, parties) is { } end && end > at
            ? (MeasureReach.UnderReview, measure.EndsAt < end ? measure.EndsAt : end)
            : (MeasureReach.Holds, measure.EndsAt);
    }

    // What is stored may be older than the bounds of today: no row may keep a node from its table.
    private static DateTimeOffset Later(DateTimeOffset instant, TimeSpan time) => time < DateTimeOffset.MaxValue - instant ? instant + time : DateTimeOffset.MaxValue;
}
