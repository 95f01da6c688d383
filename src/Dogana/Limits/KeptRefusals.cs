using Dogana.DataRetention;
using Dogana.Storage;

namespace Dogana.Limits;

/// <summary>What limits refused, kept for explanations.</summary>
public sealed class KeptRefusals(Store store) : IKeptData
{
    /// <inheritdoc/>
    public string Name => "refusals";

    /// <inheritdoc/>
    public string What => "which calls limits refused, and why";

    /// <inheritdoc/>
    public int DefaultDays => DaysMax;

    /// <inheritdoc/>
    public int DaysMax => RefusalLog.KeptFor.Days;

    /// <inheritdoc/>
    public Task<int> EraseOlderThanAsync(DateTimeOffset before, int limit, CancellationToken cancellation) => store.WriteAsync(
        session => session.ExecuteAsync("delete from limit_refusal where id in (select id from limit_refusal where at < @before limit @limit)", new { before = before.ToMicros(), limit }), cancellation);
}
