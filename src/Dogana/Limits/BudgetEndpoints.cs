using System.Globalization;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Limits;

/// <summary>Budgets in the admin API.</summary>
public static class BudgetEndpoints
{
    /// <summary>Maps <c>/budgets</c>.</summary>
    public static RouteGroupBuilder MapBudgets(this RouteGroupBuilder admin)
    {
        admin.MapGet("/budgets", ListAsync).Produces<Page<BudgetRecord>>().WithSummary("The budgets and how they stand, in pages; ?organisation, ?project or ?key (its public id) for those of one").Needs(Permission.BudgetRead);
        admin.MapGet("/budgets/{id}", ShowAsync).Produces<BudgetDetail>().WithSummary("A budget with what became of its alerts, and its top-ups").Needs(Permission.BudgetRead);
        admin.MapPut("/budgets/{id}", SetAsync).Produces<BudgetDetail>().WithSummary("Adds a budget, or changes it: what is left out stays as it is").Needs(Permission.BudgetWrite);
        admin.MapPost("/budgets/{id}/top-ups", TopUpAsync).Produces<BudgetDetail>().WithSummary("Adds to a prepaid budget; the same reference adds once").Needs(Permission.BudgetWrite);
        admin.MapDelete("/budgets/{id}", RemoveAsync).Produces<BudgetDetail>().WithSummary("Removes a budget and gives how it stood").Needs(Permission.BudgetWrite);
        return admin;
    }

    private static async Task<IResult> ListAsync(
        Store store, TimeProvider time, string? organisation, string? project, string? key, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem) || !ScopeOf(organisation, project, key).TryGet(out var of, out problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(session => Budgets.ListAsync(session, of?.Scope, of?.Subject, after ?? "", rows + 1, time.GetUtcNow()), cancellation);
        return Results.Json(Paging.Of(found, rows, static state => state.Budget.Id, ToRecord));
    }

    private static async Task<IResult> ShowAsync(Store store, TimeProvider time, string id, CancellationToken cancellation) =>
        Answer(await store.ReadAsync(session => Budgets.FindAsync(session, id, time.GetUtcNow()), cancellation));

    private static async Task<IResult> SetAsync(Store store, TimeProvider time, HttpContext http, string id, SetBudgetRequest request, CancellationToken cancellation) =>
        Answer(await store.WriteAsync(
            async session =>
            {
                var now = time.GetUtcNow();
                var before = (await Budgets.FindAsync(session, id, now)).TryGet(out var state, out _) ? state.Budget : null;
                return BudgetOf(id, request, before).TryGet(out var wanted, out var problem) ? await Budgets.SetAsync(session, wanted, http.GetActor(), now) : problem;
            },
            cancellation));

    private static async Task<IResult> TopUpAsync(Store store, TimeProvider time, HttpContext http, string id, TopUpBudgetRequest request, CancellationToken cancellation) =>
        AmountOf(request.Amount).TryGet(out var amount, out var problem)
            ? Answer(await store.WriteAsync(session => Budgets.TopUpAsync(session, id, amount, request.Reference, http.GetActor(), time.GetUtcNow()), cancellation))
            : problem.ToHttp();

    private static async Task<IResult> RemoveAsync(Store store, TimeProvider time, HttpContext http, string id, CancellationToken cancellation) =>
        Answer(await store.WriteAsync(session => Budgets.RemoveAsync(session, id, http.GetActor(), time.GetUtcNow()), cancellation));

    // What the request says over what is there.
    private static Outcome<Budget> BudgetOf(string id, SetBudgetRequest request, Budget? before)
    {
        if (!ScopeOf(request.Organisation, request.Project, request.Key).TryGet(out var named, out var problem)
            || !WordOf(request.Period, "period", before?.Period ?? BudgetPeriod.Month).TryGet(out var period, out problem)
            || !WordOf(request.Kind, "kind", before?.Kind ?? BudgetKind.Hard).TryGet(out var kind, out problem)
            || !WordOf(request.Mode, "mode", before?.Mode ?? LimitMode.Enforce).TryGet(out var mode, out problem)
            || !AlertsOf(request.Alerts, before).TryGet(out var alerts, out problem)
            || !AmountOf(request.Amount ?? before?.Amount.ToAmountText()).TryGet(out var amount, out problem))
        {
            return problem;
        }

        var scope = named ?? (before is null ? null : (before.Scope, before.Subject));
        if (scope is null || !Budget.IsId(id))
        {
            return scope is null
                ? new Problem(ProblemCode.InvalidRequest, $"There is no budget '{id}' yet: say of whom it is, by an organisation, a project or a key.", "organisation")
                : new Problem(ProblemCode.InvalidRequest, "A budget's id is of lower-case letters, digits, hyphens and dots, at most 63, a letter or digit first and last.", "id");
        }

        return Currency.Find(request.Currency ?? before?.Amount.Currency.Code) is { } currency
            ? new Budget(id, scope.Value.Scope, scope.Value.Subject, new Money(amount, currency)) { Period = period, Kind = kind, Mode = mode, Alerts = alerts }
            : new Problem(ProblemCode.InvalidRequest, "A budget needs a currency: a code of ISO 4217 such as EUR or USD.", "currency");
    }

    private static Outcome<(BudgetScope Scope, string Subject)?> ScopeOf(string? organisation, string? project, string? key)
    {
        (BudgetScope, string)?[] named =
        [
            .. new (BudgetScope Scope, string? Subject)[] { (BudgetScope.Organisation, organisation), (BudgetScope.Project, project), (BudgetScope.Key, key) }
                .Where(static item => item.Subject is not null).Select(static item => ((BudgetScope, string)?)(item.Scope, item.Subject!)),
        ];
        return named.Length > 1
            ? new Problem(ProblemCode.InvalidRequest, "A budget is of one organisation, project or key: name one of them.", "organisation")
            : named.FirstOrDefault();
    }

    private static Outcome<T> WordOf<T>(string? word, string field, T otherwise)
        where T : struct, Enum => word is null ? otherwise : EnumWords.Find<T>(word) is { } value ? value
        : new Problem(ProblemCode.InvalidRequest, $"There is no {field} '{word}'. Write {string.Join(" or ", Enum.GetValues<T>().Select(EnumWords.Of))}.", field);

    private static Outcome<decimal> AmountOf(string? text) =>
        text is { Length: <= 26 } && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && amount <= Budget.AmountMax && decimal.Round(amount, Money.Scale) == amount
            ? amount
            : new Problem(ProblemCode.InvalidRequest, $"An amount is a decimal number of 0 to {Budget.AmountMax} with at most {Money.Scale} digits after the point, such as \"250.50\".", "amount");

    private static Outcome<IReadOnlyList<BudgetAlert>> AlertsOf(IReadOnlyList<string>? texts, Budget? before)
    {
        var alerts = new List<BudgetAlert>(before is not null && texts is null ? before.Alerts : []);
        foreach (var text in texts ?? [])
        {
            if (!BudgetAlert.Parse(text).TryGet(out var alert, out var problem))
            {
                return problem;
            }

            if (!alerts.Contains(alert))
            {
                alerts.Add(alert);
            }
        }

        return alerts.Count <= Budget.AlertsMax ? alerts : new Problem(ProblemCode.InvalidRequest, $"A budget has at most {Budget.AlertsMax} alerts.", "alerts");
    }

    private static IResult Answer(Outcome<BudgetState> found) => found.TryGet(out var state, out var problem)
        ? Results.Json(new BudgetDetail(
            ToRecord(state),
            [.. state.Alerts.Select(static item => new BudgetAlertRecord(item.Alert.ToString(), item.Amount.ToAmountText(), item.CrossedAt))],
            [.. state.TopUps.Select(static item => new BudgetTopUpRecord(item.Reference, item.Amount.ToAmountText(), item.At, item.Actor))]))
        : problem.ToHttp();

    private static BudgetRecord ToRecord(BudgetState state)
    {
        var (budget, isMonth) = (state.Budget, state.Budget.Period == BudgetPeriod.Month);
        return new BudgetRecord(
            budget.Id, EnumWords.Of(budget.Scope), budget.Subject, budget.Organisation, budget.Amount.Currency.Code, budget.Amount.ToAmountText(), budget.TopUps.ToAmountText(),
            EnumWords.Of(budget.Period), EnumWords.Of(budget.Kind), EnumWords.Of(budget.Mode), [.. budget.Alerts.Select(static alert => alert.ToString())],
            isMonth ? state.Window.Start : null, isMonth ? state.Window.End : null,
            state.Spent.ToAmountText(), state.Held.ToAmountText(), state.Left.ToAmountText(), state.Overrun.ToAmountText());
    }
}
