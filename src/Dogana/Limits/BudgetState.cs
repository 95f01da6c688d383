namespace Dogana.Limits;

/// <summary>A budget and how it stands now.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Window">The window of now: the month, or all time.</param>
/// <param name="Spent">What the calls that were opened in it were charged, as far as nodes have shipped them.</param>
/// <param name="Held">What nodes hold besides: for open calls, for calls to come, and what they have not shipped yet; nothing of a soft budget.</param>
public sealed record BudgetState(Budget Budget, LimitWindow Window, Money Spent, Money Held)
{
    /// <summary>What nobody has spent or holds; below zero where more is spent than there was.</summary>
    public Money Left => Budget.Total - Spent - Held;

    /// <summary>What was spent beyond a hard budget: a provider charged more than was held, or the budget was lowered.</summary>
    public Money Overrun => Budget.Kind == BudgetKind.Hard && Spent > Budget.Total ? Spent - Budget.Total : Money.Zero(Spent.Currency);

    /// <summary>The alerts, in the order of their amounts.</summary>
    public IReadOnlyList<BudgetCrossing> Alerts { get; init; } = [];

    /// <summary>The top-ups, in the order in which they were made.</summary>
    public IReadOnlyList<BudgetTopUp> TopUps { get; init; } = [];
}

/// <summary>A threshold and when it was crossed.</summary>
/// <param name="Alert">The threshold.</param>
/// <param name="Amount">How much that is.</param>
/// <param name="CrossedAt">When what was spent reached it last; null while it is below.</param>
public sealed record BudgetCrossing(BudgetAlert Alert, Money Amount, DateTimeOffset? CrossedAt);

/// <summary>What was added to a prepaid budget.</summary>
/// <param name="Reference">Names the payment: the same one adds once.</param>
/// <param name="Amount">How much.</param>
/// <param name="At">When.</param>
/// <param name="Actor">By whom.</param>
public sealed record BudgetTopUp(string Reference, Money Amount, DateTimeOffset At, string Actor);
