using Dogana.DataRetention;
using Dogana.Storage;

namespace Dogana.Responses;

/// <summary>Erases responses that are older than their rule says, and those of whoever asks for it.</summary>
public sealed class KeptResponses(Store store) : IKeptData, IErasable
{
    /// <inheritdoc/>
    public string Name => "responses";

    /// <inheritdoc/>
    public string What => "responses that projects keep, with the conversations before them (encrypted)";

    /// <inheritdoc/>
    public int DefaultDays => 30;

    /// <inheritdoc/>
    public int DaysMax => 400;

    /// <inheritdoc/>
    public Task<int> EraseOlderThanAsync(DateTimeOffset before, int limit, CancellationToken cancellation) => store.WriteAsync(
        session => session.ExecuteAsync(
            "delete from stored_response where (project, id) in (select project, id from stored_response where created_at < @before order by created_at limit @limit)",
            new { before = before.ToMicros(), limit }),
        cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ErasedData>> EraseAsync(StoreSession session, ErasureScope scope)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(scope);
        return [new ErasedData(
            What, await session.ExecuteAsync($"delete from stored_response where {session.IsOneOf("project", "projects")}", new { projects = session.List([.. scope.Projects]) }))];
    }
}
