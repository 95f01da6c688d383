using Dogana.Authority;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Conduct.Reaching;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct.Reports;

/// <summary>How an organisation stands with every model owner at one instant, in the admin API's records.</summary>
internal static class StandingReport
{
    /// <summary>
    /// From what is committed; null where there is no such organisation in the reach. A tenant sees the channels that the organisation buys on, or its own
    /// channels, and nothing of who else belongs to the family or who works for the platform.
    /// </summary>
    public static async Task<StandingRecord?> ReadAsync(StoreSession session, string organisation, DateTimeOffset at, Reach reach)
    {
        var parties = await PartyRegister.ReadAsync(session);
        if (!parties.IsIn(organisation, reach, at))
        {
            return null;
        }

        var modelOwners = (await CatalogRegister.ReadAsync(session)).Models.Values.Select(static model => model.Owner);
        var (measures, members) = (await Measures.ReadAsync(session), await Measures.ReadMembersAsync(session));
        var decisions = await Measures.ReadDecisionsAsync(session);
        var channels = parties.Projects.Values.Where(project => project.Organisation == organisation).Select(project => project.ChannelAt(at)).ToHashSet(StringComparer.Ordinal);
        StandingMeasure[] met = [.. new StandingTable(measures, members, decisions, parties, at).Of(organisation).Where(item => IsShown(item.Channel))];
        var (records, membership) = (new MeasureRecords(parties, at), new Membership(parties.Ownership.At(at), members));
        var owners = met.Select(static item => item.Measure.Owner).Concat(modelOwners).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(owner => new OwnerStandingRecord(
                owner,
                !met.Any(item => item.Measure.Owner == owner && item.Reach == MeasureReach.Holds && item.Measure.Level != MeasureLevel.Warn),
                [.. met.Where(item => item.Measure.Owner == owner).GroupBy(static item => item.Measure).Select(ToRecord)]))
            .ToArray();
        return new StandingRecord(organisation, at, owners.All(static owner => owner.InGoodStanding), owners);

        MetMeasureRecord ToRecord(IGrouping<Measure, StandingMeasure> item) => new(
            Shown(records.ToRecord(item.Key)), MeasureNames.Of(item.First().Member), reach.IsAll ? membership.Of(item.Key)[organisation].Basis() : "", MeasureRecords.ToRecords(item),
            [.. decisions.Where(decision => decision.Measure == item.Key.Id && IsShown(decision.Channel)).Select(MeasureRecords.ToRecord).Select(made => reach.IsAll ? made : made with { DecidedBy = "" })]);

        bool IsShown(string channel) => reach.HasOrganisation(organisation) ? reach.IsAll || channels.Contains(channel) : reach.HasChannel(channel);

        MeasureRecord Shown(MeasureRecord record) => reach.IsAll ? record : record with
        {
            Family = "",
            Organisation = record.Organisation == organisation ? organisation : "",
            ProposedBy = "",
            ApprovedBy = null,
            LiftedBy = null,
            RejectedBy = null,
            Urgency = null,
            Case = record.Organisation == organisation ? record.Case : null,
            Channels = record.Channels[0] == Measure.All ? record.Channels : [.. record.Channels.Where(IsShown)],
        };
    }
}
