using Dogana.Catalog;
using Dogana.Metering;

namespace Dogana.Billing.Accruing;

/// <summary>One meter of one call: the unit that is rated, or named as unrated. The same shape whether it comes fresh from metering or is tried again.</summary>
internal sealed record UsageMeter(
    string Source, string Id, long IngestSequence, string Organisation, string Channel, string Model, DateTimeOffset At, Meter Meter, long Quantity, bool IsCharged)
{
    /// <summary>The meters of a record that counted something. What was not charged is listed too, so that every unit is accounted for.</summary>
    public static IEnumerable<UsageMeter> Of(UsageRecord record)
    {
        var isCharged = record.Ending is CallEnding.Completed or CallEnding.ClientClosed or CallEnding.Cut;
        (Meter Meter, long Quantity)[] counts =
        [
            (Meter.InputTokens, record.InputTokens), (Meter.CachedInputTokens, record.CachedInputTokens), (Meter.OutputTokens, record.OutputTokens),
            (Meter.ProvisionedUnitMinutes, record.UnitMinutes),
        ];
        return counts.Where(static count => count.Quantity != 0).Select(count => new UsageMeter(
            record.Source, record.Id, record.IngestSequence, record.Organisation, record.Channel, record.Model, record.OpenedAt, count.Meter, count.Quantity, isCharged));
    }
}
