using Dogana.Catalog;
using Dogana.Metering;

namespace Dogana.Billing.Accruing;

/// <summary>
/// One meter of one call: the unit that is rated, or named as unrated. The same shape whether it comes fresh from metering or is tried again.
/// <paramref name="Uncharged"/> is the reason why it costs nothing, whatever contracts and prices say; null where it is charged.
/// </summary>
internal sealed record UsageMeter(
    string Source, string Id, long IngestSequence, string Organisation, string Channel, string Model, DateTimeOffset At, Meter Meter, long Quantity, string? Uncharged)
{
    /// <summary>Whom the customer bought it for, or null.</summary>
    public string? EndCustomer { get; init; }

    /// <summary>The tier that the call was served in.</summary>
    public ServiceTier Tier { get; init; }

    /// <summary>Tokens of the call's prompt: prices may rise with it.</summary>
    public long PromptTokens { get; init; }

    /// <summary>May the quantity be below zero: does it take something back, or is it a meter that falls?</summary>
    public bool MayFall { get; init; }

    /// <summary>The call ended in a way that is not charged.</summary>
    public const string NotCharged = "not_charged";

    /// <summary>It was served by capacity of the customer's own, which is charged by the minute.</summary>
    public const string Provisioned = "provisioned";

    /// <summary>The meters of a record that counted something. What was not charged is listed too, so that every unit is accounted for.</summary>
    public static IEnumerable<UsageMeter> Of(UsageRecord record)
    {
        var uncharged = record.Ending is not (CallEnding.Completed or CallEnding.ClientClosed or CallEnding.Cut) ? NotCharged : record.IsProvisioned ? Provisioned : null;
        (Meter Meter, long Quantity)[] counts =
        [
            (Meter.InputTokens, record.InputTokens), (Meter.CachedInputTokens, record.CachedInputTokens), (Meter.OutputTokens, record.OutputTokens),
            (Meter.ProvisionedUnitMinutes, record.UnitMinutes), (Meter.ReservedUnitMinutes, record.ReservedUnitMinutes),
            (Meter.CacheWriteTokens, record.CacheWriteTokens),
            .. record.Meter is null ? (ReadOnlySpan<(Meter, long)>)[] : [(MeterNames.Find(record.Meter)!, record.Quantity)],
        ];
        return counts.Where(static count => count.Quantity != 0).Select(count => new UsageMeter(
            record.Source, record.Id, record.IngestSequence, record.Organisation, record.Channel, record.Model, record.OpenedAt, count.Meter, count.Quantity, uncharged)
        {
            EndCustomer = record.EndCustomer,
            Tier = record.ServiceTier,
            PromptTokens = Math.Abs(record.PromptTokens),
            MayFall = record.IsEvent || record.Voids is not null,
        });
    }
}
