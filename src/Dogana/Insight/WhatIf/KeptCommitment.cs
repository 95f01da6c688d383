using Dogana.Billing;

namespace Dogana.Insight.WhatIf;

/// <summary>What becomes of a contract's minimums and fees, a pure function.</summary>
/// <remarks>
/// A customer that uses less pays up to its minimum of a period or its fees, but never more than it was expected to bring. One that leaves ends its contracts as early as they let it: a
/// minimum of the term is owed whole or by time, as the contract's <c>early_end</c> says, less what was spent, in the month in which it leaves; without one, minimums and fees of periods go on to the
/// contract's end, or the end of the period. What the seller's side cannot serve (a ban, a channel or a market that closes) takes its part of the minimum away: contracts say nothing of that, and nobody can be held to
/// buy what is not sold to it.
/// </remarks>
/// <param name="Bound">The contract.</param>
/// <param name="IsTouched">Does its customer's use change at all?</param>
/// <param name="Holds">What of all that it has the customer pay still holds.</param>
/// <param name="Charged">What is charged because of it and not of use, month by month.</param>
/// <param name="Rule">Why, in a sentence.</param>
internal sealed record KeptCommitment(BoundContract Bound, bool IsTouched, decimal Holds, IReadOnlyList<decimal> Charged, string Rule)
{
    /// <summary>What becomes of it.</summary>
    /// <param name="plan">What is expected.</param>
    /// <param name="bound">The contract.</param>
    /// <param name="before">What its customer is expected to bring on its channel, month by month.</param>
    /// <param name="after">The same after changes.</param>
    /// <param name="served">The part of <paramref name="before"/> that can still be served, 0 to 1, month by month.</param>
    /// <param name="leaves">When the customer leaves; null where it stays.</param>
    public static KeptCommitment Of(RevenuePlan plan, BoundContract bound, IReadOnlyList<decimal> before, IReadOnlyList<decimal> after, IReadOnlyList<decimal> served, DateTimeOffset? leaves)
    {
        var end = leaves is { } at && at < plan.Start(plan.Months) ? at : (DateTimeOffset?)null;
        var blocked = served.Any(static part => part < 1);
        var isTouched = end is not null || blocked || Enumerable.Range(0, plan.Months).Any(month => before[month] != after[month]);
        if (!isTouched)
        {
            return new KeptCommitment(bound, IsTouched: false, bound.Remaining.Amount, new decimal[plan.Months], "Nothing changes.");
        }

        var charged = OfPeriods(plan, bound, before, after, served, end);
        OfTerm(plan, bound, before, after, served, end, charged);
        return new KeptCommitment(bound, IsTouched: true, plan.Round(HoldsOf(plan, bound, served, end)), charged, RuleOf(bound, blocked, end));
    }

    private static decimal[] OfPeriods(
        RevenuePlan plan, BoundContract bound, IReadOnlyList<decimal> before, IReadOnlyList<decimal> after, IReadOnlyList<decimal> served, DateTimeOffset? end)
    {
        var until = end is { } left ? bound.Term is null ? BoundContract.BindsUntil(bound.Contract, left) : left : bound.Contract.To;
        return [.. Enumerable.Range(0, plan.Months).Select(month => plan.Start(month + 1) > bound.Contract.From && (until is not { } last || plan.Start(month) < last)
            ? Math.Max(0m, Math.Min(plan.Round(bound.Floor.Amount * served[month]), before[month]) - after[month]) : 0m)];
    }

    // What a true-up comes to beyond the one that was to be expected anyway.
    private static void OfTerm(
        RevenuePlan plan, BoundContract bound, IReadOnlyList<decimal> before, IReadOnlyList<decimal> after, IReadOnlyList<decimal> served, DateTimeOffset? end, decimal[] charged)
    {
        if (bound.Term is not { } term)
        {
            return;
        }

        var last = bound.Contract.To is { } to && to < bound.TermEnd ? to : bound.TermEnd;
        var due = end < last ? end.Value : last;
        var (month, expected) = (plan.MonthOf(due.AddMicroseconds(-1)), plan.MonthOf(last.AddMicroseconds(-1)));
        if (month < 0 || month >= plan.Months)
        {
            return;
        }

        var (usual, servable) = (before.Take(month + 1).Sum(), Enumerable.Range(0, month + 1).Sum(at => before[at] * served[at]));
        var rest = Math.Max(0m, OwedOf(bound, term, due) - term.Spent.Amount) * (usual > 0 ? servable / usual : 1m);
        var trueUp = Math.Max(0m, plan.Round(rest) - after.Take(month + 1).Sum() - charged.Take(month + 1).Sum());
        var plain = expected < plan.Months ? Math.Max(0m, OwedOf(bound, term, last) - term.Spent.Amount - before.Take(expected + 1).Sum()) : 0m;
        charged[month] += Math.Max(0m, trueUp - plain);
    }

    private static decimal OwedOf(BoundContract bound, TermMinimum term, DateTimeOffset due) => term.EarlyEnd == EarlyEnd.Prorated && due < bound.TermEnd
        ? term.Amount.Amount * (due - bound.Contract.From).Ticks / (bound.TermEnd - bound.Contract.From).Ticks : term.Amount.Amount;

    // Beyond the months that are looked at, as much can be served as in the last of them.
    private static decimal HoldsOf(RevenuePlan plan, BoundContract bound, IReadOnlyList<decimal> served, DateTimeOffset? end)
    {
        var remaining = bound.Remaining.Amount;
        if (end is { } left && left < bound.End)
        {
            remaining = Math.Min(remaining, bound.Term is { } term ? Math.Max(0m, OwedOf(bound, term, left) - term.Spent.Amount)
                : bound.Floor.Amount * (plan.MonthOf(BoundContract.BindsUntil(bound.Contract, left).AddMicroseconds(-1)) + 1));
        }

        return bound.Months.Count == 0 ? remaining : remaining * Enumerable.Range(0, bound.Months.Count).Sum(month => served[Math.Min(month, plan.Months - 1)]) / bound.Months.Count;
    }

    private static string RuleOf(BoundContract bound, bool blocked, DateTimeOffset? end) => string.Join(' ', new[]
    {
        end is not { } left ? null
            : left >= bound.End ? "It binds no longer when the customer leaves."
            : bound.Term is { EarlyEnd: EarlyEnd.Full } ? "The contract ends early: the term's minimum is owed whole, less what was spent (early_end: full)."
            : bound.Term is not null ? "The contract ends early: the term's minimum is owed by the time that went by, less what was spent (early_end: prorated)."
            : "Minimums and fees of periods go on until the contract lets the customer go.",
        blocked ? "What the seller's side cannot serve takes its part of the minimum away." : null,
        end is null && !blocked ? "The contract goes on: what use leaves of its minimum is charged." : null,
    }.OfType<string>());
}
