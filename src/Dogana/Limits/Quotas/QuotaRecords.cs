using Dogana.Catalog;
using Dogana.Client;
using Dogana.Storage;

namespace Dogana.Limits.Quotas;

/// <summary>Quotas as the admin API tells them, with what they refused.</summary>
internal sealed class QuotaRecords
{
    private readonly CatalogTable _catalog;
    private readonly Dictionary<(string Quota, bool IsObserved), long> _counts;

    private QuotaRecords(CatalogTable catalog, Dictionary<(string Quota, bool IsObserved), long> counts) => (_catalog, _counts) = (catalog, counts);

    public static async Task<QuotaRecords> ReadAsync(StoreSession session)
    {
        var counts = (await RefusalLog.CountAsync(session)).Select(static item => (Parts: item.Limit.Split('/'), item.IsObserved, item.Count))
            .Where(static item => item.Parts[0] == "quota").GroupBy(static item => (item.Parts[1], item.IsObserved))
            .ToDictionary(static group => group.Key, static group => group.Sum(static item => item.Count));
        return new QuotaRecords(await CatalogRegister.ReadAsync(session), counts);
    }

    public QuotaRecord Of(Quota quota) => new(
        quota.Id, quota.Organisation, quota.Model, quota.Region, quota.TokensPerMinute,
        _catalog.Models.GetValueOrDefault(quota.Model)?.RequestsPerThousandTokens is { } ratio ? quota.TokensPerMinute * ratio / 1000m : null,
        quota.Unallotted, EnumWords.Of(quota.Window), quota.RequestSliceSeconds, EnumWords.Of(quota.Mode),
        [.. quota.Allotments.Select(static part => new QuotaAllotmentRecord(part.Deployment, part.Project, part.TokensPerMinute))],
        _counts.GetValueOrDefault((quota.Id, false)), _counts.GetValueOrDefault((quota.Id, true)));
}
