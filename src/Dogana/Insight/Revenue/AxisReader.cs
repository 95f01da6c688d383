using Dogana.Billing;
using Dogana.Parties;

namespace Dogana.Insight.Revenue;

/// <summary>What each party of an axis brought.</summary>
internal sealed class AxisReader(RevenueReader reader, InsightAxis axis)
{
    private OwnershipGraph? _ownership;

    /// <summary>The amounts of some months, each party once.</summary>
    public async Task<IReadOnlyList<PartyAmount>> ReadAsync(BillingMonth from, BillingMonth to)
    {
        var sums = await reader.SumAsync(from, to, axis switch
        {
            InsightAxis.Channel => RevenueAxes.Channel,
            InsightAxis.Model or InsightAxis.Owner => RevenueAxes.Model,
            _ => RevenueAxes.Organisation,
        });
        var amounts = sums.Select(sum => new PartyAmount(
            axis switch
            {
                InsightAxis.Channel => sum.Channel,
                InsightAxis.Model => sum.Model,
                InsightAxis.Owner => reader.Scope.OwnerOf(sum.Model),
                _ => sum.Organisation,
            }, sum.Amount)).ToArray();
        return axis is InsightAxis.Family or InsightAxis.Owner ? PartyAmount.RollUp(amounts, await FamiliesAsync(amounts.Select(static amount => amount.Party))) : amounts;
    }

    /// <summary>The family of each customer that has another name than its own, at the end of the scope's last month; none on other axes.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FamiliesAsync(IEnumerable<string> organisations)
    {
        if (axis != InsightAxis.Family)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        _ownership ??= await PartyRegister.ReadOwnershipAsync(reader.Session);
        var view = _ownership.At(reader.Scope.To.LastInstant());
        var families = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var organisation in organisations)
        {
            if (view.FamilyOf(organisation) is var family && family != organisation)
            {
                families[organisation] = family;
            }
        }

        return families;
    }

    /// <summary>The names of parties, where they have one.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(IEnumerable<string> parties) => axis switch
    {
        InsightAxis.Channel => reader.Scope.Parties.Channels.Values.ToDictionary(static channel => channel.Id, static channel => channel.Name, StringComparer.Ordinal),
        InsightAxis.Model => new Dictionary<string, string>(StringComparer.Ordinal),
        _ => (await PartyRegister.ReadOfAsync(reader.Session, parties)).Organisations.Values.ToDictionary(static organisation => organisation.Id, static organisation => organisation.Name, StringComparer.Ordinal),
    };
}
