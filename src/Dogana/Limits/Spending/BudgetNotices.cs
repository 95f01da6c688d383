using System.Globalization;
using System.Text.Json;
using Dogana.Notices;

namespace Dogana.Limits.Spending;

/// <summary>What organisations are told of their budgets.</summary>
internal static class BudgetNotices
{
    /// <summary>A threshold was crossed, or what a hard budget has.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="window">The window.</param>
    /// <param name="threshold">The threshold; null for the overrun of a hard budget.</param>
    /// <param name="spent">What is spent.</param>
    /// <param name="times">How often it was crossed in the window, this time included.</param>
    public static Notice Crossed(Budget budget, long window, string? threshold, Money spent, long times)
    {
        var time = WindowText(budget, window);
        var (topic, subject, body) = threshold is null
            ? ("budget.overrun",
                $"The budget {budget.Id} is overrun{time.In}",
                $"{spent} of {budget.Total} are spent{time.In}: calls cost more than the most that could be foreseen, or the budget was lowered. What was used is charged; nothing more is served.")
            : ("budget.threshold",
                $"The budget {budget.Id} has reached {threshold}{time.In}",
                $"{spent} of {budget.Total} are spent{time.In}. {(budget.Refuses ? "Where nothing is left, calls are refused." : "This budget only alerts: calls go on.")}");
        return new Notice(
            topic, budget.Organisation, subject,
            $"{subject}.\n\n{body}\n\nIt is the budget of {budget.ScopeText}. 'dogana budget show {budget.Id}' says how it stands.",
            JsonSerializer.Serialize(new
            {
                budget = budget.Id,
                scope = EnumWords.Of(budget.Scope),
                subject = budget.Subject,
                window = time.Name,
                threshold,
                spent = spent.ToAmountText(),
                amount = budget.Total.ToAmountText(),
                currency = budget.Amount.Currency.Code,
            }),
            string.Create(CultureInfo.InvariantCulture, $"{topic}/{budget.LimitId}/{window}/{threshold}/{times}"));
    }

    /// <summary>How a window is named: <c>2026-11</c>, or <c>once</c>.</summary>
    public static string NameOf(Budget budget, long window) =>
        budget.Period == BudgetPeriod.Once ? EnumWords.Of(BudgetPeriod.Once) : string.Create(CultureInfo.InvariantCulture, $"{window / 12:0000}-{window % 12 + 1:00}");

    private static (string Name, string In) WindowText(Budget budget, long window)
    {
        var name = NameOf(budget, window);
        return (name, budget.Period == BudgetPeriod.Once ? "" : $" in {name}");
    }
}
