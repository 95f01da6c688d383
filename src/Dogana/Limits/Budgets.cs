using Dogana.Access;
using Dogana.Audit;
using Dogana.Limits.Leasing;
using Dogana.Limits.Spending;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Limits;

/// <summary>Budgets as data: declared by world files or set one by one, topped up, removed.</summary>
public static class Budgets
{
    private const int ReferenceLengthMax = 64;

    /// <summary>Adds budgets or changes them; those that are not named stay.</summary>
    /// <exception cref="ProblemException">One cannot be as it is declared; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, PartyTable parties, IReadOnlyList<Budget> wanted, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var changes = new List<Change>();
        foreach (var budget in wanted)
        {
            var put = await PutAsync(session, parties, budget, now);
            changes.Add(put.TryGet(out var change, out var problem) ? change : throw new ProblemException(problem));
        }

        return changes;
    }

    /// <summary>Adds a budget or changes the one with its id, and gives how it stands then.</summary>
    public static async Task<Outcome<BudgetState>> SetAsync(StoreSession session, Budget wanted, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (!(await PutAsync(session, await PartyRegister.ReadAsync(session), wanted, now)).TryGet(out var change, out var problem))
        {
            return problem;
        }

        if (change.Kind != ChangeKind.Unchanged)
        {
            await AuditLog.WriteAsync(session, now, actor, "budget.set", wanted.Id, Text(wanted));
        }

        return await FindAsync(session, wanted.Id, now);
    }

    /// <summary>Adds to a prepaid budget; the same reference adds once.</summary>
    public static async Task<Outcome<BudgetState>> TopUpAsync(StoreSession session, string id, decimal amount, string reference, string actor, DateTimeOffset now)
    {
        if (await BudgetRows.FindAsync(session, id) is not { } budget)
        {
            return Missing(id);
        }

        if (budget.Period != BudgetPeriod.Once)
        {
            return new Problem(ProblemCode.InvalidRequest, $"The budget '{id}' begins anew each month: it has no top-ups. Raise its amount: dogana budget set {id} --amount AMOUNT", "id");
        }

        if (reference is not { Length: > 0 and <= ReferenceLengthMax } || reference.Any(static sign => sign is <= ' ' or > '~'))
        {
            return new Problem(ProblemCode.InvalidRequest, $"A reference names the payment: 1 to {ReferenceLengthMax} letters, digits and signs without spaces.", "reference");
        }

        if (amount <= 0 || amount > Budget.AmountMax - budget.Total.Amount || decimal.Round(amount, Money.Scale) != amount)
        {
            return new Problem(ProblemCode.InvalidRequest, $"A top-up is above 0, has at most {Money.Scale} digits after the point, and makes no more than {Budget.AmountMax} in all.", "amount");
        }

        var made = new BudgetTopUp(reference, new Money(amount, budget.Amount.Currency), now, actor);
        if ((await BudgetRows.ReadTopUpsAsync(session, budget)).FirstOrDefault(other => other.Reference == reference) is { } earlier)
        {
            return earlier.Amount == made.Amount
                ? await FindAsync(session, id, now)
                : new Problem(ProblemCode.Conflict, $"The top-up '{reference}' of the budget '{id}' was of {earlier.Amount}. Use another reference for another payment.", "reference");
        }

        var after = await BudgetRows.AddTopUpAsync(session, budget, made);
        await BudgetCrossings.LookAsync(session, [(after, LimitPeriod.Once.At(now).Number)], now);
        await AuditLog.WriteAsync(session, now, actor, "budget.top_up", id, $"{made.Amount} by {reference}");
        session.ChangesConfiguration();
        return await FindAsync(session, id, now);
    }

    /// <summary>Removes a budget and what it counted. Declared again it is another one.</summary>
    public static async Task<Outcome<BudgetState>> RemoveAsync(StoreSession session, string id, string actor, DateTimeOffset now)
    {
        if (!(await FindAsync(session, id, now)).TryGet(out var state, out var problem))
        {
            return problem;
        }

        await BudgetRows.DeleteAsync(session, state.Budget);
        await AuditLog.WriteAsync(session, now, actor, "budget.remove", id, $"{Text(state.Budget)}; spent {state.Spent}");
        session.ChangesConfiguration();
        return state;
    }

    /// <summary>At most <paramref name="limit"/> budgets after an id, by id: all, or those of one organisation, project or key.</summary>
    public static async Task<IReadOnlyList<BudgetState>> ListAsync(StoreSession session, BudgetScope? scope, string? subject, string after, int limit, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await StatesAsync(session, await BudgetRows.ListAsync(session, scope, subject, after, limit), now);
    }

    /// <summary>The budget with its alerts and top-ups, or a problem that says where to look.</summary>
    public static async Task<Outcome<BudgetState>> FindAsync(StoreSession session, string id, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (await BudgetRows.FindAsync(session, id) is not { } budget)
        {
            return Missing(id);
        }

        var state = (await StatesAsync(session, [budget], now))[0];
        return state with { Alerts = await BudgetCrossings.ReadAsync(session, budget, state.Window.Number), TopUps = await BudgetRows.ReadTopUpsAsync(session, budget) };
    }

    private static async Task<IReadOnlyList<BudgetState>> StatesAsync(StoreSession session, IReadOnlyList<Budget> budgets, DateTimeOffset now)
    {
        var zones = await PartyRegister.ReadTimeZonesAsync(session, [.. budgets.Select(static budget => budget.Organisation).Distinct(StringComparer.Ordinal)]);
        string[] limits = [.. budgets.Select(static budget => budget.LimitId)];
        var (spent, held) = (await LeaseRows.ReadSpendAsync(session, limits), await SpendRows.ReadHeldAsync(session, limits));
        return [.. budgets.Select(budget =>
        {
            var window = budget.PeriodIn(zones[budget.Organisation]).At(now);
            var key = (budget.LimitId, window.Number);
            return new BudgetState(
                budget, window, BudgetCrossings.Of(spent.GetValueOrDefault(key), budget),
                BudgetCrossings.Of(held[key].Aggregate(Int128.Zero, static (sum, hold) => sum + hold.Amount), budget));
        })];
    }

    private static async Task<Outcome<Change>> PutAsync(StoreSession session, PartyTable parties, Budget wanted, DateTimeOffset now)
    {
        // 1. Whose it is, and that it stays what it is.
        if (!(await OrganisationOfAsync(session, parties, wanted)).TryGet(out var organisation, out var problem))
        {
            return problem;
        }

        var before = await BudgetRows.FindAsync(session, wanted.Id);
        if (before is not null && (before.Scope, before.Subject, before.Period, before.Amount.Currency) != (wanted.Scope, wanted.Subject, wanted.Period, wanted.Amount.Currency))
        {
            return new Problem(
                ProblemCode.Conflict,
                $"The budget '{wanted.Id}' is of {before.ScopeText}, in {before.Amount.Currency}, {EnumWords.Of(before.Period)}, and has counted that. Declare another one with another id, or remove it first.");
        }

        // 2. Leases are of one series: calls that were made while it did not refuse are in none of them.
        var window = wanted.PeriodIn(parties.Organisations[organisation].TimeZone).At(now);
        var isNewSeries = before is null || (wanted.Refuses && !before.Refuses);
        var budget = wanted with
        {
            Organisation = organisation,
            TopUps = before?.TopUps ?? Money.Zero(wanted.Amount.Currency),
            Series = isNewSeries ? await session.NextAsync("budget") : before!.Series,
            Since = before?.Since ?? (wanted.Period == BudgetPeriod.Month ? window.Start : now),
        };
        if (before is not null && IsSame(before, budget))
        {
            return new Change(ChangeKind.Unchanged, "budget", budget.Id);
        }

        await BudgetRows.PutAsync(session, budget);
        if (before is not null && isNewSeries)
        {
            await SpendRows.MoveAsync(session, before.LimitId, budget.LimitId);
        }

        // 3. What was spent in this month before it was declared.
        if (before is null && budget.Period == BudgetPeriod.Month)
        {
            var spent = await UsageRecords.SumChargesAsync(
                session, organisation, budget.Scope == BudgetScope.Project ? budget.Subject : null, budget.Scope == BudgetScope.Key ? budget.Subject : null,
                budget.Amount.Currency, window.Start, window.End);
            await SpendRows.AddAsync(session, new Dictionary<(string, long), Int128> { [(budget.LimitId, window.Number)] = Limit.Parts(spent) });
        }

        await BudgetCrossings.LookAsync(session, [(budget, window.Number)], now);
        session.ChangesConfiguration();
        return new Change(before is null ? ChangeKind.Created : ChangeKind.Updated, "budget", budget.Id);
    }

    private static async Task<Outcome<string>> OrganisationOfAsync(StoreSession session, PartyTable parties, Budget budget)
    {
        var project = budget.Scope switch
        {
            BudgetScope.Key => await ApiKeys.FindProjectAsync(session, budget.Subject),
            BudgetScope.Project => budget.Subject,
            _ => null,
        };
        var organisation = budget.Scope == BudgetScope.Organisation ? budget.Subject : project is not null ? parties.Projects.GetValueOrDefault(project)?.Organisation : null;
        return organisation is not null && parties.Organisations.ContainsKey(organisation)
            ? organisation
            : new Problem(
                ProblemCode.InvalidRequest,
                $"The budget '{budget.Id}' is of {budget.ScopeText}, which is not known{(budget.Scope == BudgetScope.Key ? " as a project's key" : "")}. Name one that is there: dogana {(budget.Scope == BudgetScope.Organisation ? "org" : EnumWords.Of(budget.Scope))} list",
                EnumWords.Of(budget.Scope));
    }

    private static bool IsSame(Budget before, Budget after) =>
        before.Alerts.SequenceEqual(after.Alerts) && before == after with { Alerts = before.Alerts };

    private static string Text(Budget budget) =>
        $"{budget.Amount} {EnumWords.Of(budget.Period)} for {budget.ScopeText}, {EnumWords.Of(budget.Kind)}, {EnumWords.Of(budget.Mode)}{(budget.Alerts.Count == 0 ? "" : $", alerts {string.Join(' ', budget.Alerts)}")}";

    private static Problem Missing(string id) => new(ProblemCode.NotFound, $"No budget has the id '{id}'. 'dogana budget list' shows them.", "id");
}
