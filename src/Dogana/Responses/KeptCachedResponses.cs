using Dogana.DataRetention;
using Dogana.Storage;

namespace Dogana.Responses;

/// <summary>Erases answers of response caches that are older than their rule says, and those of whoever asks for it.</summary>
public sealed class KeptCachedResponses(Store store) : IKeptData, IErasable
{
    /// <inheritdoc/>
    public string Name => "response_cache";

    /// <inheritdoc/>
    public string What => "answers in projects' response caches (encrypted)";

    /// <inheritdoc/>
    public int DefaultDays => 30;

    /// <inheritdoc/>
    public int DaysMax => 30;

    /// <inheritdoc/>
    public Task<int> EraseOlderThanAsync(DateTimeOffset before, int limit, CancellationToken cancellation) =>
        store.WriteAsync(session => ResponseCache.DeleteOlderAsync(session, before, limit), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ErasedData>> EraseAsync(StoreSession session, ErasureScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return [new ErasedData(What, await ResponseCache.PurgeAsync(session, scope.Projects))];
    }
}
