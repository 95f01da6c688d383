using Dogana.DataRetention;
using Dogana.Storage;

namespace Dogana.Metering;

/// <summary>Answers that are kept for repeats of a call. The key of such a call stays for its day: a repeat is refused then, never charged again.</summary>
public sealed class KeptAnswers(Store store) : IKeptData, IErasable
{
    /// <inheritdoc/>
    public string Name => "answers";

    /// <inheritdoc/>
    public string What => "answers to calls with an Idempotency-Key, of projects that let them be kept (encrypted)";

    /// <inheritdoc/>
    public int DefaultDays => DaysMax;

    /// <inheritdoc/>
    public int DaysMax => IdempotencyClaims.KeptFor.Days;

    /// <inheritdoc/>
    public Task<int> EraseOlderThanAsync(DateTimeOffset before, int limit, CancellationToken cancellation) => store.WriteAsync(
        session => session.ExecuteAsync(
            "update idempotent_call set answer = null where call in (select call from idempotent_call where answer is not null and created_at < @before limit @limit)",
            new { before = before.ToMicros(), limit }),
        cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ErasedData>> EraseAsync(StoreSession session, ErasureScope scope)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(scope);
        var erased = await session.ExecuteAsync(
            $"update idempotent_call set answer = null where answer is not null and {session.IsOneOf("project", "projects")}", new { projects = session.List([.. scope.Projects]) });
        return [new ErasedData("answers kept for repeats", erased)];
    }
}
