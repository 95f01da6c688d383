using Dogana.Catalog;
using Dogana.Client;
using Dogana.Conduct.Reaching;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct.Reports;

/// <summary>Measures and standing at one instant, in the admin API's records.</summary>
internal sealed class StandingReport
{
    private readonly PartyTable _parties;
    private readonly OwnershipView _ownership;
    private readonly IReadOnlyList<string> _modelOwners;
    private readonly IReadOnlyList<MeasureMember> _members;
    private readonly ILookup<string, MeasureDecision> _decisions;
    private readonly StandingTable _standing;

    private StandingReport(
        PartyTable parties, IReadOnlyList<string> modelOwners, IReadOnlyList<Measure> measures, IReadOnlyList<MeasureMember> members,
        IReadOnlyList<MeasureDecision> decisions, DateTimeOffset at)
    {
        (_parties, _modelOwners, _members, Measures, At) = (parties, modelOwners, members, measures, at);
        _ownership = parties.Ownership.At(at);
        _decisions = decisions.ToLookup(static item => item.Measure, StringComparer.Ordinal);
        _standing = new StandingTable(measures, members, decisions, parties, at);
    }

    /// <summary>The instant.</summary>
    public DateTimeOffset At { get; }

    /// <summary>All measures.</summary>
    public IReadOnlyList<Measure> Measures { get; }

    /// <summary>Reads what is committed.</summary>
    public static async Task<StandingReport> ReadAsync(StoreSession session, DateTimeOffset at) => new(
        await PartyRegister.ReadAsync(session),
        [.. (await CatalogRegister.ReadAsync(session)).Models.Values.Select(static model => model.Owner).Distinct(StringComparer.Ordinal)],
        await Conduct.Measures.ReadAsync(session), await Conduct.Measures.ReadMembersAsync(session), await Conduct.Measures.ReadDecisionsAsync(session), at);

    /// <summary>A measure.</summary>
    public MeasureRecord ToRecord(Measure item) => new(
        item.Id, _ownership.FamilyOf(item.Organisation), item.Owner, MeasureNames.Of(item.Level), item.Reason, item.ProposedBy, item.StartsAt, item.LiftedAt, item.LiftedBy)
    {
        Organisation = item.Organisation,
        State = MeasureNames.Of(item.StateAt(At)),
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
    };

    /// <summary>A member on record.</summary>
    public static MeasureMemberRecord ToRecord(MeasureMember member) => new(
        member.Organisation, member.ReleasedAt is null ? "yes" : "no", member.Basis, member.AddedAt, member.ReleasedAt, member.ReleasedBy, member.ReleaseReason);

    /// <summary>A decision.</summary>
    public static MeasureDecisionRecord ToRecord(MeasureDecision decision) =>
        new(decision.Channel, MeasureNames.Of(decision.Decision), decision.Reason, decision.DecidedBy, decision.DecidedAt);

    /// <summary>A measure with its members, channels and decisions.</summary>
    public MeasureDetail DetailOf(Measure measure)
    {
        var recorded = _members.Where(member => member.Measure == measure.Id).ToDictionary(static member => member.Organisation, static member => member, StringComparer.Ordinal);
        var live = measure.IsStandingAt(At) ? new Membership(_ownership, recorded.Values).Of(measure) : [];
        var members = live.Select(member => new MeasureMemberRecord(
                member.Organisation, MeasureNames.Of(member.Certainty), member.Basis, recorded.GetValueOrDefault(member.Organisation)?.AddedAt, null, null, null))
            .Concat(recorded.Values.Where(item => live.All(member => member.Organisation != item.Organisation)).Select(ToRecord))
            .OrderBy(static member => member.Organisation, StringComparer.Ordinal);
        return new MeasureDetail(ToRecord(measure), [.. members], ChannelsOf(_standing.Of(measure.Organisation).Where(item => item.Measure.Id == measure.Id)), DecisionsOn(measure));
    }

    /// <summary>How an organisation stands; null where there is no such organisation.</summary>
    public StandingRecord? StandingOf(string organisation)
    {
        if (!_parties.Organisations.ContainsKey(organisation))
        {
            return null;
        }

        var met = _standing.Of(organisation);
        var owners = met.Select(static item => item.Measure.Owner).Concat(_modelOwners).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(owner => new OwnerStandingRecord(
                owner,
                !met.Any(item => item.Measure.Owner == owner && item.Reach == MeasureReach.Holds && item.Measure.Level != MeasureLevel.Warn),
                [.. met.Where(item => item.Measure.Owner == owner).GroupBy(static item => item.Measure).Select(ToRecord)]))
            .ToArray();
        return new StandingRecord(organisation, At, owners.All(static owner => owner.InGoodStanding), owners);
    }

    private MetMeasureRecord ToRecord(IGrouping<Measure, StandingMeasure> met) => new(
        ToRecord(met.Key), MeasureNames.Of(met.First().Member), met.First().Basis, ChannelsOf(met), DecisionsOn(met.Key));

    private static MeasureChannelRecord[] ChannelsOf(IEnumerable<StandingMeasure> met) =>
        [.. met.OrderBy(static item => item.Channel, StringComparer.Ordinal).Select(static item => new MeasureChannelRecord(item.Channel, MeasureNames.Of(item.Reach), item.ReachChangesAt))];

    private MeasureDecisionRecord[] DecisionsOn(Measure measure) => [.. _decisions[measure.Id].Select(ToRecord)];
}
