using Dogana.Catalog;
using Dogana.Client;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Limits.Capacity;

/// <summary>How much of a deployment's capacity calls used, minute by minute, from the usage records.</summary>
internal static class UtilisationReport
{
    /// <summary>The minutes of a time in which calls were accepted; null where the deployment has no capacity of its own.</summary>
    public static async Task<IReadOnlyList<CapacityMinute>?> ReadAsync(StoreSession session, string name, DateTimeOffset from, DateTimeOffset to, int limit)
    {
        var catalog = await CatalogRegister.ReadAsync(session);
        if (catalog.Deployments.GetValueOrDefault(name) is not { } deployment || catalog.Models[deployment.Model].OfferOf(deployment.Type) is not { } offer)
        {
            return null;
        }

        var spans = (await CapacityRegister.ReadSpansAsync(session, from.AddMinutes(-1), to)).Where(span => span.Deployment == name).ToArray();
        return [.. (await UsageRecords.SumByMinuteAsync(session, name, from, to, limit)).Select(minute =>
        {
            var end = minute.At.AddMinutes(1);
            var units = spans.Where(span => span.From < end && !(span.To <= minute.At)).Select(static span => span.Units).DefaultIfEmpty(deployment.Units).Max();
            var used = ProvisionedCapacity.Weigh(offer, minute.InputTokens, minute.OutputTokens);
            return new CapacityMinute(minute.At, minute.Calls, Tokens(used), units, Percent(used, ProvisionedCapacity.PerMinute(offer, units)));
        })];
    }

    /// <summary>Parts as tokens.</summary>
    public static decimal Tokens(Int128 parts) => (decimal)parts / Limit.PartsPerUnit;

    /// <summary>To two digits.</summary>
    public static decimal Percent(Int128 used, Int128 perMinute) => decimal.Round((decimal)used * 100 / (decimal)perMinute, 2);
}
