using Dogana.Catalog;
using Dogana.Storage;

namespace Dogana.Metering.Intake;

/// <summary>New events of one transaction.</summary>
internal sealed class EventBatch(StoreSession session, EventTables tables, DateTimeOffset now)
{
    private readonly List<(UsageRecord Record, string Hash)> _records = [];
    private readonly List<PendingVoid> _voids = [];
    private readonly HashSet<Meter> _firsts = [];
    private readonly Dictionary<UsageKey, Problem> _refused = [];
    private UsageWindows? _windows;

    /// <summary>What was not taken in, and why.</summary>
    public IReadOnlyDictionary<UsageKey, Problem> Refused => _refused;

    public async Task AddAsync(UsageEvent read)
    {
        if (read.Type == Meters.VoidEventType)
        {
            if (EventTables.Target(read).TryGet(out var target, out var fault))
            {
                _voids.Add(new PendingVoid(read.Key, read.Hash, target));
            }
            else
            {
                _refused.Add(read.Key, fault);
            }
        }
        else if (!tables.Resolve(read, now).TryGet(out var item, out var problem))
        {
            _refused.Add(read.Key, problem);
        }
        else
        {
            var (record, meter) = item;
            _records.Add((meter.IsAdditive ? record : record with { Quantity = await (_windows ??= new UsageWindows(session)).AddAsync(meter.Aggregation, record) }, read.Hash));
            if (!meter.IsUsed)
            {
                _firsts.Add(meter.Meter);
            }
        }
    }

    /// <summary>Stores them; how many were taken in.</summary>
    public async Task<int> SaveAsync()
    {
        await UsageRows.InsertAsync(session, _records);
        await (_windows?.SaveAsync() ?? Task.CompletedTask);
        foreach (var meter in _firsts)
        {
            await Meters.MarkUsedAsync(session, meter);
        }

        if (_records.Count > 0)
        {
            await Voiding.TakeWaitingAsync(session, [.. _records.Select(static item => item.Record)]);
        }

        var taken = 0;
        foreach (var wanted in _voids)
        {
            if (await Voiding.TakeAsync(session, wanted, now) is { } problem)
            {
                _refused.Add(wanted.Key, problem);
            }
            else
            {
                taken++;
            }
        }

        return _records.Count + taken;
    }
}
