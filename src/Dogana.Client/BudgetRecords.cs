namespace Dogana.Client;

/// <summary>A budget and how it stands. Amounts are decimal text in its currency.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Scope"><c>organisation</c>, <c>project</c> or <c>key</c>.</param>
/// <param name="Subject">The organisation or project, or the public id of the key.</param>
/// <param name="Organisation">Whose it is.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">As declared.</param>
/// <param name="TopUps">What was added since.</param>
/// <param name="Period"><c>month</c> or <c>once</c>.</param>
/// <param name="Kind"><c>hard</c> or <c>soft</c>.</param>
/// <param name="Mode"><c>enforce</c> or <c>observe</c>.</param>
/// <param name="Alerts">Its thresholds: <c>80%</c>, <c>250.50</c>.</param>
/// <param name="From">The first instant of this month; null for <c>once</c>.</param>
/// <param name="To">When it begins anew; null for <c>once</c>.</param>
/// <param name="Spent">What calls were charged in this time, as far as it is shipped.</param>
/// <param name="Held">What nodes hold besides, as they said last: for open calls and calls to come, and what they have not shipped yet.</param>
/// <param name="Left">What nobody has spent or holds; below zero where more is spent than there was.</param>
/// <param name="Overrun">What was spent beyond a hard budget.</param>
public sealed record BudgetRecord(
    string Id, string Scope, string Subject, string Organisation, string Currency, string Amount, string TopUps, string Period, string Kind, string Mode, IReadOnlyList<string> Alerts,
    DateTimeOffset? From, DateTimeOffset? To, string Spent, string Held, string Left, string Overrun);

/// <summary>A budget with what became of its alerts, and its top-ups.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Alerts">Its thresholds, in the order of their amounts.</param>
/// <param name="TopUps">In the order in which they were made.</param>
public sealed record BudgetDetail(BudgetRecord Budget, IReadOnlyList<BudgetAlertRecord> Alerts, IReadOnlyList<BudgetTopUpRecord> TopUps);

/// <summary>A threshold of a budget.</summary>
/// <param name="Threshold">As declared.</param>
/// <param name="Amount">How much that is.</param>
/// <param name="CrossedAt">When what was spent in this time reached it last; null while it is below.</param>
public sealed record BudgetAlertRecord(string Threshold, string Amount, DateTimeOffset? CrossedAt);

/// <summary>What was added to a prepaid budget.</summary>
/// <param name="Reference">Names the payment.</param>
/// <param name="Amount">How much.</param>
/// <param name="At">When.</param>
/// <param name="Actor">By whom.</param>
public sealed record BudgetTopUpRecord(string Reference, string Amount, DateTimeOffset At, string Actor);

/// <summary>A budget as it is to be. What is left out stays as it is; of a new one exactly one of organisation, project and key is needed, and currency and amount.</summary>
/// <param name="Organisation">Whose spending: an organisation's.</param>
/// <param name="Project">Or a project's.</param>
/// <param name="Key">Or a key's, by its public id.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">Decimal text.</param>
/// <param name="Period"><c>month</c> (of a new one when left out) or <c>once</c>.</param>
/// <param name="Kind"><c>hard</c> (likewise) or <c>soft</c>.</param>
/// <param name="Mode"><c>enforce</c> (likewise) or <c>observe</c>.</param>
/// <param name="Alerts">At most 10; an empty list for none.</param>
public sealed record SetBudgetRequest(
    string? Organisation = null, string? Project = null, string? Key = null, string? Currency = null, string? Amount = null, string? Period = null, string? Kind = null,
    string? Mode = null, IReadOnlyList<string>? Alerts = null);

/// <summary>Adds to a prepaid budget.</summary>
/// <param name="Amount">Decimal text, above zero.</param>
/// <param name="Reference">Names the payment: the same one adds once.</param>
public sealed record TopUpBudgetRequest(string Amount, string Reference);
