namespace Dogana.Insight.WhatIf;

/// <summary>A capacity pool, and what is known of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Capacity">How many tokens it can serve in a month; 0 where that is not known.</param>
/// <param name="TokensPerUnit">Tokens that it serves for each unit of use of a model.</param>
/// <param name="RevenueParts">Of what a model brings, the part that it serves.</param>
/// <param name="Costs">Capital and running cost month by month, in the report's currency.</param>
internal sealed record PlannedPool(
    string Id, long Capacity, IReadOnlyDictionary<string, decimal> TokensPerUnit, IReadOnlyDictionary<string, decimal> RevenueParts, IReadOnlyList<decimal> Costs);

/// <summary>A pool's month.</summary>
/// <param name="Tokens">What it serves, what was placed elsewhere included.</param>
/// <param name="PlacedTokens">What was freed and placed elsewhere.</param>
/// <param name="PlacedRevenue">What that brings, in whole minor units.</param>
/// <param name="IdleShare">The part of its capacity that stands idle, 0 to 1; of what it is expected to serve where its capacity is not known.</param>
/// <param name="IdleCost">That part of its cost, in whole minor units.</param>
internal sealed record PoolMonth(decimal Tokens, decimal PlacedTokens, decimal PlacedRevenue, decimal IdleShare, decimal IdleCost);

/// <summary>
/// What a pool serves, and what of it stands idle. Its cost stays. What changes free is idle for some months, then placed elsewhere for a part of what the pool's tokens were expected to bring in that month;
/// without a change that says so it stays idle. What was free in a month and in all the months of waiting before it is placed. A pure function.
/// </summary>
internal static class PoolPath
{
    /// <summary>The pool's months.</summary>
    /// <param name="plan">What is expected.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="before">What is expected, as cells.</param>
    /// <param name="after">The cells after changes.</param>
    /// <param name="placing">How freed capacity is placed; null where it is not.</param>
    public static IReadOnlyList<PoolMonth> Of(RevenuePlan plan, PlannedPool pool, IReadOnlyList<CellPath> before, IReadOnlyList<CellPath> after, ScenarioChange.Capacity? placing)
    {
        var (usual, used, brought) = (Tokens(plan, pool, before), Tokens(plan, pool, after), Sums(plan, before, pool.RevenueParts, static (cell, month) => cell.Revenue[month]));
        var freed = Enumerable.Range(0, plan.Months).Select(month => Math.Max(0m, usual[month] - used[month])).ToArray();
        return [.. Enumerable.Range(0, plan.Months).Select(month =>
        {
            var placed = placing is null ? 0m : month < placing.Months ? 0m : freed[(month - placing.Months)..(month + 1)].Min();
            var price = placed == 0m ? 0m : brought[month] / usual[month];
            var serves = used[month] + placed;
            var whole = pool.Capacity > 0 ? pool.Capacity : usual[month];
            var idle = whole > 0 ? Math.Clamp(1 - serves / whole, 0m, 1m) : 1m;
            return new PoolMonth(serves, placed, plan.Round(placed * price * (placing?.Percent ?? 0m) / 100), idle, plan.Round(pool.Costs[month] * idle));
        })];
    }

    private static decimal[] Tokens(RevenuePlan plan, PlannedPool pool, IReadOnlyList<CellPath> cells) => Sums(plan, cells, pool.TokensPerUnit, static (cell, month) => cell.Units[month]);

    private static decimal[] Sums(RevenuePlan plan, IReadOnlyList<CellPath> cells, IReadOnlyDictionary<string, decimal> factors, Func<CellPath, int, decimal> value)
    {
        var sums = new decimal[plan.Months];
        foreach (var cell in cells.Where(static cell => !cell.IsMinimum))
        {
            if (factors.TryGetValue(cell.Cell.Model, out var factor))
            {
                for (var month = 0; month < plan.Months; month++)
                {
                    sums[month] += value(cell, month) * factor;
                }
            }
        }

        return sums;
    }
}
