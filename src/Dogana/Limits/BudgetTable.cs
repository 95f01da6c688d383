using System.Collections.Frozen;

namespace Dogana.Limits;

/// <summary>All budgets that limit calls at one moment, immutable.</summary>
public sealed class BudgetTable
{
    private readonly FrozenDictionary<(BudgetScope Scope, string Subject), Budget[]> _byScope;

    /// <summary>Of all budgets: soft ones limit nothing.</summary>
    public BudgetTable(IReadOnlyList<Budget> budgets) => _byScope = budgets.Where(static budget => budget.Kind == BudgetKind.Hard)
        .GroupBy(static budget => (budget.Scope, budget.Subject)).ToFrozenDictionary(static group => group.Key, static group => group.ToArray());

    /// <summary>Why a call may not be made whatever it costs: a budget that is about it counts another currency than it is priced in. Null where it may.</summary>
    public Problem? FindRefusal(LimitFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return About(facts).FirstOrDefault(budget => budget.Refuses && budget.Amount.Currency != facts.Currency) is { } other
            ? new Problem(
                ProblemCode.BudgetCurrency,
                $"This call is priced in {facts.Currency}, and the budget {other.Id} of {other.ScopeText} is in {other.Amount.Currency}: what it may spend cannot be told. "
                + $"Declare a budget in {facts.Currency}, and remove this one: dogana budget remove {other.Id}")
            : null;
    }

    /// <summary>Adds the limits that a call counts against.</summary>
    public void Add(IList<Limit> limits, LimitFacts facts)
    {
        foreach (var budget in About(facts).Where(budget => budget.Amount.Currency == facts.Currency))
        {
            limits.Add(new Limit(
                budget.LimitId, LimitUnit.Money, Limit.Parts(budget.Total), budget.PeriodIn(facts.Organisation.TimeZone), CodeOf(budget.Scope), $"{budget.ScopeText} (budget {budget.Id})")
            {
                Mode = budget.Mode,
                Currency = budget.Amount.Currency,
                CountsFrom = budget.Since,
            });
        }
    }

    private static ProblemCode CodeOf(BudgetScope scope) => scope switch
    {
        BudgetScope.Organisation => ProblemCode.OrganisationSpendLimit,
        BudgetScope.Project => ProblemCode.ProjectSpendLimit,
        _ => ProblemCode.KeySpendLimit,
    };

    private IEnumerable<Budget> About(LimitFacts facts)
    {
        (BudgetScope, string)[] scopes = [(BudgetScope.Key, facts.Key), (BudgetScope.Project, facts.Project.Id), (BudgetScope.Organisation, facts.Organisation.Id)];
        return scopes.SelectMany(scope => _byScope.GetValueOrDefault(scope, []));
    }
}
