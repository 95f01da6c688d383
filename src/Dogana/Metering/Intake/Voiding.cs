using Dogana.Catalog;
using Dogana.Storage;

namespace Dogana.Metering.Intake;

/// <summary>Takes usage back: a record of its own with the same counts below zero. What was there stays.</summary>
internal static class Voiding
{
    /// <summary>Takes a record back, now or when it comes; or says why not.</summary>
    public static async Task<Problem?> TakeAsync(StoreSession session, PendingVoid wanted, DateTimeOffset now)
    {
        var target = await UsageRecords.FindAsync(session, wanted.Target);
        if (target?.Voids is not null)
        {
            return new Problem(ProblemCode.InvalidRequest, $"data.id '{wanted.Target.Id}' is an event that takes another one back, and cannot be taken back itself. Send what was used as a new event.", "data.id");
        }

        var other = await session.ScalarAsync<string>("select id from usage_record where voids_source = @Source and voids_id = @Id", wanted.Target)
            ?? await session.ScalarAsync<string>("select id from pending_void where voids_source = @Source and voids_id = @Id", wanted.Target);
        if (other is not null)
        {
            return new Problem(ProblemCode.UsageConflict, $"data.id '{wanted.Target.Id}' was taken back by '{other}' already. There is nothing more to do.", "data.id");
        }

        await (target is null ? PendingVoids.AddAsync(session, wanted, now) : StoreAsync(session, wanted, target));
        return null;
    }

    /// <summary>Takes those of the records back whose voids came before them.</summary>
    public static async Task TakeWaitingAsync(StoreSession session, IReadOnlyList<UsageRecord> arrived)
    {
        var waiting = await PendingVoids.ReadAsync(session);
        if (waiting.Count == 0)
        {
            return;
        }

        var byKey = arrived.ToDictionary(static record => new UsageKey(record.Source, record.Id));
        foreach (var wanted in waiting)
        {
            if (byKey.TryGetValue(wanted.Target, out var target))
            {
                await PendingVoids.RemoveAsync(session, wanted);
                await StoreAsync(session, wanted, target);
            }
        }
    }

    private static async Task StoreAsync(StoreSession session, PendingVoid wanted, UsageRecord target)
    {
        var taken = target with
        {
            Source = wanted.Key.Source,
            Id = wanted.Key.Id,
            InputTokens = -target.InputTokens,
            CachedInputTokens = -target.CachedInputTokens,
            CacheWriteTokens = -target.CacheWriteTokens,
            OutputTokens = -target.OutputTokens,
            UnitMinutes = -target.UnitMinutes,
            ReservedUnitMinutes = -target.ReservedUnitMinutes,
            CoveredUnitMinutes = -target.CoveredUnitMinutes,
            Quantity = -target.Quantity,
            EventValue = null,
            Charge = null, // what budgets were charged with stays: they are about what was asked for
            Voids = wanted.Target,
        };
        if (target.EventValue is null)
        {
            await UsageRows.InsertAsync(session, [(taken, wanted.Hash)]);
            return;
        }

        // What the window is without the event is asked of the store, where a marker says that it is taken back; what that changes is known only then.
        await UsageRows.InsertAsync(session, [(taken with { Quantity = 0 }, wanted.Hash)]);
        var windows = new UsageWindows(session);
        var definition = (await Meters.ReadAsync(session)).Find(Meter.Find(target.Meter!)!) ?? throw new InvalidOperationException($"The meter '{target.Meter}' has events and is not declared.");
        var change = await windows.RemoveAsync(definition.Aggregation, target);
        await windows.SaveAsync();
        await session.ExecuteAsync("update usage_record set quantity = @change where source = @Source and id = @Id", new { change, wanted.Key.Source, wanted.Key.Id });
    }
}
