using Dogana.Client;
using Dogana.Conduct.Reaching;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct.Reports;

/// <summary>Measures in the admin API's records, at one instant. Needs no more than the families' names.</summary>
internal sealed class MeasureRecords(PartyTable parties, DateTimeOffset at)
{
    private readonly OwnershipView _ownership = parties.Ownership.At(at);

    /// <summary>With what is committed.</summary>
    public static async Task<MeasureRecords> ReadAsync(StoreSession session, DateTimeOffset at) => new(await PartyRegister.ReadAsync(session), at);

    /// <summary>A measure.</summary>
    public MeasureRecord ToRecord(Measure item) => new(
        item.Id, _ownership.FamilyOf(item.Organisation), item.Owner, MeasureNames.Of(item.Level), item.Reason, item.ProposedBy, item.StartsAt, item.LiftedAt, item.LiftedBy)
    {
        Organisation = item.Organisation,
        State = MeasureNames.Of(item.StateAt(at)),
        Models = item.Models,
        Channels = item.Channels,
        RequestsPerMinute = item.RequestsPerMinute,
        TokensPerDay = item.TokensPerDay,
        ProposedAt = item.ProposedAt,
        ApprovedBy = item.ApprovedBy,
        ApprovedAt = item.ApprovedAt,
        Urgency = item.Urgency,
        EndsAt = item.EndsAt,
        LiftReason = item.LiftReason,
        RejectedAt = item.RejectedAt,
        RejectedBy = item.RejectedBy,
        Case = item.Case,
    };

    /// <summary>A member on record.</summary>
    public static MeasureMemberRecord ToRecord(MeasureMember member) => new(
        member.Organisation, member.ReleasedAt is null ? "yes" : "no", member.Basis, member.AddedAt, member.ReleasedAt, member.ReleasedBy, member.ReleaseReason);

    /// <summary>A decision.</summary>
    public static MeasureDecisionRecord ToRecord(MeasureDecision decision) =>
        new(decision.Channel, MeasureNames.Of(decision.Decision), decision.Reason, decision.DecidedBy, decision.DecidedAt);

    /// <summary>A measure with its members, channels and decisions.</summary>
    public MeasureDetail DetailOf(Measure measure, IReadOnlyList<MeasureMember> members, IReadOnlyList<MeasureDecision> decisions)
    {
        var recorded = members.ToDictionary(static member => member.Organisation, StringComparer.Ordinal);
        var isStanding = measure.IsStandingAt(at);
        var live = isStanding ? new Membership(_ownership, members).Of(measure) : new Dictionary<string, Member>(StringComparer.Ordinal);
        var shown = live.Values.Select(member => new MeasureMemberRecord(
                member.Organisation, MeasureNames.Of(member.Certainty), member.Basis(), recorded.GetValueOrDefault(member.Organisation)?.AddedAt, null, null, null))
            .Concat(members.Where(member => !live.ContainsKey(member.Organisation)).Select(ToRecord))
            .OrderBy(static member => member.Organisation, StringComparer.Ordinal);
        var decided = decisions.ToDictionary(static item => item.Channel, static item => (ChannelDecision?)item.Decision, StringComparer.Ordinal);
        var channels = ChannelReach.Of(measure, decided.GetValueOrDefault, parties, at).Where(_ => isStanding);
        return new MeasureDetail(ToRecord(measure), [.. shown], ToRecords(channels), [.. decisions.Select(ToRecord)]);
    }

    /// <summary>A measure on its channels.</summary>
    public static MeasureChannelRecord[] ToRecords(IEnumerable<StandingMeasure> met) =>
        [.. met.OrderBy(static item => item.Channel, StringComparer.Ordinal).Select(static item => new MeasureChannelRecord(item.Channel, MeasureNames.Of(item.Reach), item.ReachChangesAt))];
}
