using Dogana.DataRetention;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>Sketches of how accounts call (counts and hashes, no text), and what customers answered to questions about their use.</summary>
public sealed class KeptSketches(Store store) : IKeptData, IErasable
{
    /// <inheritdoc/>
    public string Name => "sketches";

    /// <inheritdoc/>
    public string What => "counts and hashes of how accounts call; no text of a call";

    /// <inheritdoc/>
    public int DefaultDays => DaysMax;

    /// <inheritdoc/>
    public int DaysMax => ConductWatch.SketchKept.Days;

    /// <inheritdoc/>
    public Task<int> EraseOlderThanAsync(DateTimeOffset before, int limit, CancellationToken cancellation) =>
        store.WriteAsync(
            session => session.ExecuteAsync(
                """
                delete from conduct_sketch where (organisation, owner, end_customer, node) in (
                    select organisation, owner, end_customer, node from conduct_sketch where last_at < @before limit @limit)
                """,
                new { before = before.ToMicros(), limit }),
            cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ErasedData>> EraseAsync(StoreSession session, ErasureScope scope)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Organisation is not { } organisation)
        {
            return [];
        }

        var sketches = await session.ExecuteAsync("delete from conduct_sketch where organisation = @organisation", new { organisation });

        // What a case may stand on stays with it.
        var answers = await session.ExecuteAsync(
            """
            update conduct_question set answer = '', answered_by = '' where organisation = @organisation and answer is not null and answer <> ''
                and not exists (select 1 from conduct_signal s where s.id = conduct_question.signal and s.case_id is not null)
            """,
            new { organisation });
        return [new ErasedData("sketches of how accounts call", sketches), new ErasedData("answers to questions about use", answers)];
    }
}
