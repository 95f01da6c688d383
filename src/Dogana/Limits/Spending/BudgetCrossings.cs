using Dogana.Limits.Leasing;
using Dogana.Notices;
using Dogana.Storage;

namespace Dogana.Limits.Spending;

/// <summary>
/// Which thresholds of a budget are crossed in a window, and telling of it once. Looked at whenever what is spent or what may be spent changes, in that very
/// transaction. A threshold that is above again, after a top-up, is told again when it is crossed again.
/// </summary>
internal static class BudgetCrossings
{
    // Beyond what a hard budget has: told once in a window.
    private const string Overrun = "overrun";

    /// <summary>Compares what is spent of budgets in windows with their thresholds.</summary>
    public static async Task LookAsync(StoreSession session, IReadOnlyList<(Budget Budget, long Window)> touched, DateTimeOffset now)
    {
        if (touched.Count == 0)
        {
            return;
        }

        var spent = await LeaseRows.ReadSpendAsync(session, [.. touched.Select(static item => item.Budget.LimitId).Distinct(StringComparer.Ordinal)]);
        var known = (await ReadAsync(session, [.. touched.Select(static item => item.Budget.Id).Distinct(StringComparer.Ordinal)]))
            .ToDictionary(static row => (row.Budget, row.WindowNumber, row.Threshold));
        var notices = new List<Notice>();
        var changed = new List<Row>();
        foreach (var (budget, window) in touched)
        {
            var amount = spent.GetValueOrDefault((budget.LimitId, window));
            foreach (var (threshold, isCrossed) in Thresholds(budget, amount))
            {
                var before = known.GetValueOrDefault((budget.Id, window, threshold)) ?? new Row(budget.Id, window, threshold, 0, null);
                if (isCrossed == before.CrossedAt is not null)
                {
                    continue;
                }

                var row = isCrossed ? before with { Times = before.Times + 1, CrossedAt = now.ToMicros() } : before with { CrossedAt = null };
                changed.Add(row);
                if (isCrossed && (threshold != Overrun || row.Times == 1))
                {
                    notices.Add(BudgetNotices.Crossed(budget, window, threshold == Overrun ? null : threshold, Of(amount, budget), row.Times));
                }
            }
        }

        await session.ExecuteAsync(
            """
            insert into budget_crossing(budget, window_number, threshold, times, crossed_at) values(@Budget, @WindowNumber, @Threshold, @Times, @CrossedAt)
            on conflict(budget, window_number, threshold) do update set times = excluded.times, crossed_at = excluded.crossed_at
            """, changed);
        await NoticeOutbox.PostAsync(session, notices, now);
    }

    /// <summary>When a budget's thresholds were crossed in a window.</summary>
    public static async Task<IReadOnlyList<BudgetCrossing>> ReadAsync(StoreSession session, Budget budget, long window)
    {
        var at = (await ReadAsync(session, [budget.Id])).Where(row => row.WindowNumber == window).ToDictionary(static row => row.Threshold, static row => row.CrossedAt, StringComparer.Ordinal);
        return [.. budget.Alerts.OrderBy(alert => alert.In(budget)).Select(alert => new BudgetCrossing(
            alert, Of(alert.In(budget), budget), at.GetValueOrDefault(alert.ToString()) is { } micros ? StoredTime.FromMicros(micros) : null))];
    }

    /// <summary>An amount in parts as money.</summary>
    public static Money Of(Int128 parts, Budget budget)
    {
        var (micro, pico) = LeaseRows.Split(parts);
        return Money.FromParts(micro, pico, budget.Amount.Currency);
    }

    private static IEnumerable<(string Threshold, bool IsCrossed)> Thresholds(Budget budget, Int128 spent)
    {
        foreach (var alert in budget.Alerts)
        {
            yield return (alert.ToString(), spent > 0 && spent >= alert.In(budget));
        }

        yield return (Overrun, budget.Refuses && spent > Limit.Parts(budget.Total));
    }

    private static Task<IReadOnlyList<Row>> ReadAsync(StoreSession session, string[] budgets) => session.QueryAsync<Row>(
        $"""
        select budget as Budget, window_number as WindowNumber, threshold as Threshold, times as Times, crossed_at as CrossedAt
        from budget_crossing where {session.IsOneOf("budget", "budgets")}
        """, new { budgets = session.List(budgets) });

    private sealed record Row(string Budget, long WindowNumber, string Threshold, long Times, long? CrossedAt);
}
