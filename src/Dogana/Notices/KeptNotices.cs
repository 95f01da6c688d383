using Dogana.Notices.Sending;
using Dogana.DataRetention;
using Dogana.Storage;

namespace Dogana.Notices;

/// <summary>Notices that were delivered, or given up: their texts and their deliveries. The row stays, without text, so that what was told is never told twice.</summary>
public sealed class KeptNotices(Store store) : IKeptData, IErasable
{
    /// <inheritdoc/>
    public string Name => "notices";

    /// <inheritdoc/>
    public string What => "texts and deliveries of notices that arrived, or never will";

    /// <inheritdoc/>
    public int DefaultDays => DaysMax;

    /// <inheritdoc/>
    public int DaysMax => NoticeSender.KeptFor.Days;

    /// <inheritdoc/>
    public async Task<int> EraseOlderThanAsync(DateTimeOffset before, int limit, CancellationToken cancellation) =>
        Math.Min(limit, await store.WriteAsync(session => DueDeliveries.SweepAsync(session, before, limit), cancellation)); // it counts three kinds of rows

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ErasedData>> EraseAsync(StoreSession session, ErasureScope scope)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Organisation is not { } organisation)
        {
            return [];
        }

        var deliveries = await session.ExecuteAsync(
            "delete from notice_delivery where notice in (select id from notice where organisation = @organisation) or target in (select id from notice_target where organisation = @organisation)",
            new { organisation });
        var notices = await session.ExecuteAsync("update notice set subject = '', body = '', data = '{}', is_cleared = 1 where organisation = @organisation and is_cleared = 0", new { organisation });
        var targets = await session.ExecuteAsync("delete from notice_target where organisation = @organisation", new { organisation });
        return [new ErasedData("texts of notices", notices), new ErasedData("deliveries of notices", deliveries), new ErasedData("addresses that notices went to", targets)];
    }
}
