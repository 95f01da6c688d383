using System.Globalization;
using Dogana.Catalog;
using Dogana.Storage;

namespace Dogana.Metering.Intake;

/// <summary>
/// The windows of meters that take the highest, last or different values, within one transaction. Each event's quantity is what it changes, so that quantities add
/// up to the window's whatever the order in which events came, and in whatever batches.
/// </summary>
internal sealed class UsageWindows(StoreSession session)
{
    private readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);

    /// <summary>What an event changes; it is not in the store yet.</summary>
    public async Task<long> AddAsync(MeterAggregation aggregation, UsageRecord record)
    {
        var window = await OpenAsync(record);
        var before = window.Quantity;
        if (aggregation == MeterAggregation.Unique)
        {
            window.Quantity += window.Values.Add(record.EventValue!) && !await IsCountedAsync(record) ? 1 : 0;
        }
        else
        {
            window.Take(aggregation, record);
        }

        return window.Quantity - before;
    }

    /// <summary>What changes when an event no longer counts; that it does not is in the store already.</summary>
    public async Task<long> RemoveAsync(MeterAggregation aggregation, UsageRecord taken)
    {
        var window = await OpenAsync(taken);
        var before = window.Quantity;
        window.Clear();
        foreach (var record in await UsageRecords.ReadWindowAsync(session, taken))
        {
            if (aggregation == MeterAggregation.Unique)
            {
                window.Quantity += window.Values.Add(record.EventValue!) ? 1 : 0;
            }
            else
            {
                window.Take(aggregation, record);
            }
        }

        return window.Quantity - before;
    }

    /// <summary>Stores what the windows hold now.</summary>
    public Task SaveAsync() => session.ExecuteAsync(
        """
        insert into usage_window(window_key, quantity, last_at, last_source, last_id) values(@Key, @Quantity, @LastAt, @LastSource, @LastId)
        on conflict(window_key) do update set quantity = excluded.quantity, last_at = excluded.last_at, last_source = excluded.last_source, last_id = excluded.last_id
        """,
        _windows.Select(static pair => new { pair.Key, pair.Value.Quantity, pair.Value.LastAt, pair.Value.LastSource, pair.Value.LastId }).ToArray());

    private async Task<Window> OpenAsync(UsageRecord record)
    {
        var key = string.Join('|', record.Meter, record.Organisation, record.Channel, record.Project, record.Model, record.OpenedAt.ToMicros().ToString(CultureInfo.InvariantCulture), record.Tags);
        if (!_windows.TryGetValue(key, out var window))
        {
            window = await session.FindAsync<Window>(
                "select quantity as Quantity, last_at as LastAt, last_source as LastSource, last_id as LastId from usage_window where window_key = @key", new { key }) ?? new Window();
            _windows.Add(key, window);
        }

        return window;
    }

    private async Task<bool> IsCountedAsync(UsageRecord record) => await session.ScalarAsync<long>(
        """
        select count(*) from usage_record where meter = @Meter and project = @Project and opened_at = @at and event_value = @EventValue
            and organisation = @Organisation and channel = @Channel and model = @Model and coalesce(tags, '') = coalesce(@Tags, '')
            and not exists (select 1 from usage_record as taken where taken.voids_source = usage_record.source and taken.voids_id = usage_record.id)
        """,
        new { record.Meter, record.Project, record.Organisation, record.Channel, record.Model, record.Tags, record.EventValue, at = record.OpenedAt.ToMicros() }) > 0;

    private sealed class Window
    {
        public long Quantity { get; set; }

        public long LastAt { get; set; } = long.MinValue;

        public string LastSource { get; set; } = "";

        public string LastId { get; set; } = "";

        /// <summary>The different values of this transaction.</summary>
        public HashSet<string> Values { get; } = new(StringComparer.Ordinal);

        public void Take(MeterAggregation aggregation, UsageRecord record)
        {
            var value = long.Parse(record.EventValue!, CultureInfo.InvariantCulture);
            if (aggregation == MeterAggregation.Max)
            {
                Quantity = Math.Max(Quantity, value);
            }
            else if ((record.ClosedAt.ToMicros(), record.Source, record.Id) is var (at, source, id) && IsLater(at, source, id))
            {
                (Quantity, LastAt, LastSource, LastId) = (value, at, source, id);
            }
        }

        public void Clear()
        {
            (Quantity, LastAt, LastSource, LastId) = (0, long.MinValue, "", "");
            Values.Clear();
        }

        private bool IsLater(long at, string source, string id) => at != LastAt ? at > LastAt
            : string.CompareOrdinal(source, LastSource) is var order && order != 0 ? order > 0 : string.CompareOrdinal(id, LastId) > 0;
    }
}
