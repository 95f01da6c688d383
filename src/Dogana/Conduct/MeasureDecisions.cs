using Dogana.Conduct.Reaching;
using Dogana.Conduct.Register;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>What the sellers of channels say of measures.</summary>
public static class MeasureDecisions
{
    /// <summary>
    /// Records what a channel's seller decided. It may change its mind while it has time; after that it can only adopt: who objects then writes to the owner.
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="id">The measure.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="decision">Adopt or decline.</param>
    /// <param name="reason">Why, on one line, at most 500 characters.</param>
    /// <param name="actor">Who decides.</param>
    /// <param name="now">Now.</param>
    public static async Task<Outcome<MeasureDecision>> DecideAsync(
        StoreSession session, string id, string channel, ChannelDecision decision, string reason, string actor, DateTimeOffset now)
    {
        now = Measures.Stored(now);
        var parties = await PartyRegister.ReadAsync(session);
        if (!(await Measures.FindStandingAsync(session, id, now)).TryGet(out var measure, out var problem))
        {
            return problem;
        }

        if (parties.Channels.GetValueOrDefault(channel) is not { } where)
        {
            return new Problem(ProblemCode.NotFound, $"No channel has the id '{channel}'.", "channel");
        }

        if (ProposalRules.CheckText(reason, "reason", "A decision needs a reason of at most 500 characters on one line.") is { } wrong)
        {
            return wrong;
        }

        if (CheckDecision(where, measure, decision, parties, now) is { } conflict)
        {
            return conflict;
        }

        var made = new MeasureDecision(id, channel, decision, reason, actor, now);
        await MeasureRows.WriteAsync(session, made);
        await Measures.AuditAsync(session, measure, now, actor, "measure.decide", $"{id} on {channel}: {MeasureNames.Of(decision)}, {reason}");
        await (await Measures.NoticesAsync(session, measure, parties, now)).PostDecidedAsync(session, where, made);
        session.ChangesConfiguration();
        return made;
    }

    private static Problem? CheckDecision(Channel channel, Measure measure, ChannelDecision decision, PartyTable parties, DateTimeOffset now) =>
        !measure.Names(channel.Id) ? Measures.Conflict(measure, $"is not about the channel '{channel.Id}'", $"It is about {string.Join(", ", measure.Channels)}.")
        : channel.Seller == measure.Owner ? Measures.Conflict(measure, $"holds on the owner's own channel '{channel.Id}'", "There is nothing to decide.")
        : parties.AgreementOn(measure.Owner, channel.Id) is null
            ? Measures.Conflict(measure, $"holds on the channel '{channel.Id}': its seller has no agreement with '{measure.Owner}'", "There is nothing to decide.")
        : ChannelReach.FlowTo(channel, measure, parties) == MeasureFlow.Binding
            ? Measures.Conflict(measure, $"is binding on the channel '{channel.Id}' by the agreement", "There is nothing to decide.")
        : decision == ChannelDecision.Decline && ChannelReach.ReviewEnd(channel, measure, parties) is { } end && end <= now
            ? Measures.Conflict(measure, $"could be declined on the channel '{channel.Id}' until {end:u}", $"To object, write to '{measure.Owner}'.")
        : null;
}
