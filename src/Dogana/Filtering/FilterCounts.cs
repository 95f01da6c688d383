using Dogana.Filtering.Register;
using Dogana.Storage;

namespace Dogana.Filtering;

/// <summary>What was found, without a word of where: one row of counts.</summary>
/// <param name="Project">Whose calls.</param>
/// <param name="Policy">The policy, or both joined by a plus sign.</param>
/// <param name="Source">In whose text.</param>
/// <param name="Category">A category's word; <c>block_list/ID</c>; <c>error</c> for what could not be looked at; <c>checked</c> for every call whose texts were.</param>
/// <param name="Severity">The severity; safe where the category has none.</param>
/// <param name="IsFiltered">Was the text withheld for it?</param>
public readonly record struct FilterCount(string Project, string Policy, FilterSource Source, string Category, FilterSeverity Severity, bool IsFiltered);

/// <summary>Counts of an hour as the store has them.</summary>
/// <param name="Hour">The hour's first instant.</param>
/// <param name="Of">What was counted.</param>
/// <param name="Count">How many calls.</param>
public sealed record KeptFilterCount(DateTimeOffset Hour, FilterCount Of, long Count);

/// <summary>Counts findings in memory, and adds them to the store's hours a moment later. No text is kept. Thread-safe.</summary>
public sealed class FilterCounts
{
    private readonly Lock _gate = new();
    private Dictionary<(DateTimeOffset Hour, FilterCount Of), long> _waiting = [];

    /// <summary>How long the store keeps them: 400 days, a year and what it takes to compare it.</summary>
    public static TimeSpan KeptFor { get; } = TimeSpan.FromDays(400);

    /// <summary>Counts one.</summary>
    public void Add(FilterCount of, DateTimeOffset now)
    {
        var hour = new DateTimeOffset(now.UtcTicks - now.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);
        lock (_gate)
        {
            _waiting[(hour, of)] = _waiting.GetValueOrDefault((hour, of)) + 1;
        }
    }

    /// <summary>Brings what waits into the store. What could not be written waits on.</summary>
    public async Task KeepAsync(Store store, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        Dictionary<(DateTimeOffset Hour, FilterCount Of), long> batch;
        lock (_gate)
        {
            (batch, _waiting) = (_waiting, []);
        }

        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            await store.WriteAsync(
                async session =>
                {
                    await FilterCountRows.AddAsync(session, [.. batch.Select(static pair => new KeptFilterCount(pair.Key.Hour, pair.Key.Of, pair.Value))]);
                    return await FilterCountRows.ClearAsync(session, now - KeptFor);
                }, cancellation);
        }
        catch
        {
            lock (_gate)
            {
                foreach (var (key, count) in batch)
                {
                    _waiting[key] = _waiting.GetValueOrDefault(key) + count;
                }
            }

            throw;
        }
    }

    /// <summary>What the store has, newest hour first.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="project">Of this project only.</param>
    /// <param name="policy">Of this policy only.</param>
    /// <param name="from">From this instant's hour on.</param>
    /// <param name="to">Before this instant.</param>
    public static Task<IReadOnlyList<KeptFilterCount>> ListAsync(StoreSession session, string? project, string? policy, DateTimeOffset? from, DateTimeOffset? to) =>
        FilterCountRows.ListAsync(session, project, policy, from, to);
}
