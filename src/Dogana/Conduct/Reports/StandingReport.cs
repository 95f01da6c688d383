using Dogana.Catalog;
using Dogana.Client;
using Dogana.Conduct.Reaching;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct.Reports;

/// <summary>How an organisation stands with every model owner at one instant, in the admin API's records.</summary>
internal static class StandingReport
{
    /// <summary>From what is committed; null where there is no such organisation.</summary>
    public static async Task<StandingRecord?> ReadAsync(StoreSession session, string organisation, DateTimeOffset at)
    {
        var parties = await PartyRegister.ReadAsync(session);
        if (!parties.Organisations.ContainsKey(organisation))
        {
            return null;
        }

        var modelOwners = (await CatalogRegister.ReadAsync(session)).Models.Values.Select(static model => model.Owner);
        var (measures, members) = (await Measures.ReadAsync(session), await Measures.ReadMembersAsync(session));
        var decisions = await Measures.ReadDecisionsAsync(session);
        var met = new StandingTable(measures, members, decisions, parties, at).Of(organisation);
        var (records, membership) = (new MeasureRecords(parties, at), new Membership(parties.Ownership.At(at), members));
        var owners = met.Select(static item => item.Measure.Owner).Concat(modelOwners).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(owner => new OwnerStandingRecord(
                owner,
                !met.Any(item => item.Measure.Owner == owner && item.Reach == MeasureReach.Holds && item.Measure.Level != MeasureLevel.Warn),
                [.. met.Where(item => item.Measure.Owner == owner).GroupBy(static item => item.Measure).Select(ToRecord)]))
            .ToArray();
        return new StandingRecord(organisation, at, owners.All(static owner => owner.InGoodStanding), owners);

        MetMeasureRecord ToRecord(IGrouping<Measure, StandingMeasure> item) => new(
            records.ToRecord(item.Key), MeasureNames.Of(item.First().Member), membership.Of(item.Key)[organisation].Basis(), MeasureRecords.ToRecords(item),
            [.. decisions.Where(decision => decision.Measure == item.Key.Id).Select(MeasureRecords.ToRecord)]);
    }
}
