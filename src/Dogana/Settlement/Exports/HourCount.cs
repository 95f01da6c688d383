using Dogana.Billing;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Settlement.Exports;

/// <summary>
/// Counts hours in their order, each once. What an hour reports is what it adds to the whole quantities of all counted hours of the month: so what is reported is
/// never more than what was used, and what comes late to a counted hour is never reported.
/// </summary>
internal static class HourCount
{
    private const string Zone = "Etc/UTC";

    public static async Task RunAsync(StoreSession session, ChannelExport export, DateTimeOffset now)
    {
        // 1. From the hour after the last counted one up to the last closed one.
        var start = await ExportRows.FindMarkAsync(session, export.Id) is { } counted ? counted.AddHours(1) : export.From;
        var end = HourOf(now);
        while (end > start && !export.IsClosed(end.AddHours(-1), now))
        {
            end = end.AddHours(-1);
        }

        end = export.To is { } stop && stop < end ? stop : end;
        if (end <= start)
        {
            return;
        }

        // 2. What was used in them.
        var usage = (await UsageHours.ReadAsync(session, export.Channel, start, end))
            .Where(item => export.Organisation is null || item.Organisation == export.Organisation).ToLookup(static item => item.Hour);
        var rows = new List<ExportedHour>();
        foreach (var dimension in export.Dimensions)
        {
            var (month, units) = (default(BillingMonth), 0L);
            foreach (var hour in usage.Select(static group => group.Key).Order())
            {
                var here = BillingMonth.Of(hour, Zone);
                if (here != month)
                {
                    (month, units) = (here, await ExportRows.SumUnitsAsync(session, export.Id, dimension.Dimension, here));
                }

                var added = Units(dimension, usage[hour]);
                if (added == 0)
                {
                    continue;
                }

                var quantity = ChannelExport.Due(dimension, units + added) - ChannelExport.Due(dimension, units);
                units += added;
                rows.Add(new ExportedHour(
                    export.Id, export.Channel, hour, export.Resource, dimension.Dimension, month, added, quantity,
                    quantity == 0 ? ExportState.Counted : export.IsExpired(hour, now) ? ExportState.Expired : ExportState.Written, now));
            }
        }

        await ExportRows.InsertAsync(session, rows);
        await ExportRows.SetMarkAsync(session, export.Id, end.AddHours(-1));
    }

    /// <summary>What some usage gives of a dimension.</summary>
    public static long Units(ExportDimension dimension, IEnumerable<UsageHour> usage) => usage
        .Where(item => dimension.Meters.Contains(item.Meter.Family) && (dimension.Models.Count == 0 || dimension.Models.Contains(item.Model, StringComparer.Ordinal)))
        .Sum(static item => item.Units);

    public static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
}
