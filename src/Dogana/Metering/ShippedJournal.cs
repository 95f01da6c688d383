using Dogana.DataRetention;

namespace Dogana.Metering;

/// <summary>Segments of this node's journal that are in the store. Kept for a while: into a store that was restored from a backup they bring back what came after it.</summary>
/// <param name="journal">The node's journal; null in a process that is no node.</param>
public sealed class ShippedJournal(UsageJournal? journal = null) : IKeptData
{
    /// <inheritdoc/>
    public string Name => "journal";

    /// <inheritdoc/>
    public string What => "segments of each node's journal whose calls are in the store: what brings a restored store up to date";

    /// <inheritdoc/>
    public int DefaultDays => 2;

    /// <inheritdoc/>
    public int DaysMax => 400;

    /// <inheritdoc/>
    public Task<int> EraseOlderThanAsync(DateTimeOffset before, int limit, CancellationToken cancellation) => Task.FromResult(journal?.DeletePutAway(before, limit) ?? 0);
}
