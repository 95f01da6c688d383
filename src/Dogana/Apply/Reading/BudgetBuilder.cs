using Dogana.Limits;

namespace Dogana.Apply.Reading;

/// <summary>Makes a budget of what was read.</summary>
internal static class BudgetBuilder
{
    public static Budget Budget(ReadItem item, FaultCollector faults)
    {
        (BudgetScope Scope, string? Subject)[] named =
        [
            .. new[] { (BudgetScope.Organisation, item.FindText("organisation")), (BudgetScope.Project, item.FindText("project")), (BudgetScope.Key, item.FindText("key")) }
                .Where(static scope => scope.Item2 is not null),
        ];
        if (named.Length != 1)
        {
            faults.Add(item.Place, "A budget is of one organisation, project or key.", "Write exactly one of organisation, project and key.");
        }

        string[] alerts = item.Has("alerts") ? [.. item.Get<IReadOnlyList<string>>("alerts")] : [];
        if (alerts.Length > Limits.Budget.AlertsMax)
        {
            faults.Add(item.PlaceOf("alerts"), $"There are {alerts.Length} alerts.", $"Write at most {Limits.Budget.AlertsMax}.");
        }

        var (scope, subject) = named.Length > 0 ? named[0] : default;
        return new Budget(item.Get<string>("id"), scope, subject ?? "", new Money(item.Get<decimal>("amount"), Currency.Of(item.Get<string>("currency"))))
        {
            Period = EnumWords.Find<BudgetPeriod>(item.FindText("period")) ?? BudgetPeriod.Month,
            Kind = EnumWords.Find<BudgetKind>(item.FindText("kind")) ?? BudgetKind.Hard,
            Mode = EnumWords.Find<LimitMode>(item.FindText("mode")) ?? LimitMode.Enforce,
            Alerts = [.. alerts.Select(static text => BudgetAlert.Parse(text).Value)],
        };
    }
}
