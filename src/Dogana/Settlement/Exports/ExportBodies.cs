using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dogana.Settlement.Exports;

/// <summary>Hours as request bodies of the marketplaces. The same hour gives the same record whenever it is written: both take an identical one as the same.</summary>
internal static class ExportBodies
{
    private const int RecordsMax = 25; // AWS BatchMeterUsage; Azure batchUsageEvent

    public static IReadOnlyList<JsonElement> Of(ExportFormat format, IReadOnlyList<(ChannelExport Export, ExportedHour Hour)> hours) =>
    [
        .. hours.GroupBy(static item => item.Export.Product, StringComparer.Ordinal).SelectMany(group => group.Chunk(RecordsMax)
            .Select(chunk => format == ExportFormat.Aws ? Aws(group.Key, chunk) : Azure(chunk))),
    ];

    private static JsonElement Aws(string? product, (ChannelExport Export, ExportedHour Hour)[] hours)
    {
        var body = new JsonObject();
        if (product is not null)
        {
            body["ProductCode"] = product;
        }

        body["UsageRecords"] = new JsonArray([.. hours.Select(static item => (JsonNode)new JsonObject
        {
            ["Timestamp"] = item.Hour.Hour.ToUnixTimeSeconds(),
            ["CustomerAWSAccountId"] = item.Export.Customer,
            ["LicenseArn"] = item.Hour.Resource,
            ["Dimension"] = item.Hour.Dimension,
            ["Quantity"] = item.Hour.Quantity,
        })]);
        return JsonSerializer.SerializeToElement(body);
    }

    private static JsonElement Azure((ChannelExport Export, ExportedHour Hour)[] hours) => JsonSerializer.SerializeToElement(new JsonObject
    {
        ["request"] = new JsonArray([.. hours.Select(static item => (JsonNode)new JsonObject
        {
            ["resourceId"] = item.Hour.Resource,
            ["quantity"] = item.Hour.Quantity,
            ["dimension"] = item.Hour.Dimension,
            ["effectiveStartTime"] = InstantText.Format(item.Hour.Hour),
            ["planId"] = item.Export.Plan,
        })]),
    });
}
