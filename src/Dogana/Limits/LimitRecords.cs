using Dogana.Client;
using Dogana.Storage;

namespace Dogana.Limits;

/// <summary>Limits as the admin API tells them.</summary>
public static class LimitRecords
{
    private const int LastRefusals = 3;

    /// <summary>How limits stand, each with its last refusals.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="states">How they stand.</param>
    /// <param name="refusal">What a call that is asked about would be told by one.</param>
    public static async Task<IReadOnlyList<LimitStateRecord>> OfAsync(StoreSession session, IReadOnlyList<LimitState> states, Func<LimitState, Problem?> refusal)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(refusal);
        var records = new List<LimitStateRecord>();
        foreach (var state in states)
        {
            var (limit, window) = (state.Limit, state.Window);
            var last = await RefusalLog.ListAsync(session, call: null, project: null, limit.Id, after: null, LastRefusals);
            records.Add(new LimitStateRecord(
                limit.Id, limit.Kind, EnumWords.Of(limit.Unit), limit.Currency?.Code, limit.Unit.Whole(limit.Amount), limit.Unit.Whole(state.Used), limit.Unit.Whole(Int128.Max(0, state.Left)),
                [.. state.Free.Select(item => new NodeFreeRecord(item.Node, limit.Unit.Whole(item.Free), item.IsLive))],
                window.Start == DateTimeOffset.MinValue ? null : window.Start, window.End == DateTimeOffset.MaxValue ? null : window.End, EnumWords.Of(limit.Mode),
                refusal(state)?.Message, [.. last.Select(Of)]));
        }

        return records;
    }

    /// <summary>A refusal.</summary>
    public static RefusalRecord Of(KeptRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        var unit = refusal.Unit;
        return new RefusalRecord(
            refusal.Id, refusal.Call.Id, refusal.At, refusal.Call.Project, refusal.Call.Deployment, refusal.Limit, EnumWords.Of(unit), refusal.Currency, unit.Whole(refusal.Amount),
            unit.Whole(refusal.Asked), refusal.Left is { } left ? unit.Whole(Int128.Max(0, left)) : null, refusal.WindowEnd, EnumWords.Of(refusal.Code), refusal.IsObserved);
    }

    // Exact: a decimal holds 28 digits.
    private static decimal Whole(this LimitUnit unit, Int128 parts) => (decimal)parts / (unit == LimitUnit.Money ? 1_000_000_000_000m : Limit.PartsPerUnit);
}
