using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana budget</c>: what may be spent, and what is.</summary>
internal static class BudgetVerbs
{
    public static Command Create() => AdminVerb.Noun("budget", "What organisations, projects and keys may spend, and what they did.", List(), Show(), Set(), TopUp(), Remove());

    private static Command List()
    {
        var (organisation, project, key) = Scope();
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists the budgets and how they stand.\n\nExample:\n  dogana budget list --organisation acme", [organisation, project, key, limit, after],
            (client, parsed, cancellation) => client.ListBudgetsAsync(
                parsed.GetValue(organisation), parsed.GetValue(project), parsed.GetValue(key), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("id", "scope", "of", "period", "kind", "amount>", "spent>", "held>", "left>", "currency");
                foreach (var item in page.Data)
                {
                    table.Add(item.Id, item.Scope, item.Subject, item.Period, KindOf(item), Total(item), item.Spent, item.Held, item.Left, item.Currency);
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Show()
    {
        var id = Id();
        return AdminVerb.Create(
            "show", "Shows a budget: what is spent, held and left, its alerts and top-ups.\n\nExample:\n  dogana budget show acme-month", [id],
            (client, parsed, cancellation) => client.GetBudgetAsync(parsed.GetValue(id)!, cancellation), Write);
    }

    private static Command Set()
    {
        var id = Id();
        var (organisation, project, key) = Scope();
        var amount = new Option<string?>("--amount") { Description = "How much, such as 250.50." };
        var currency = new Option<string?>("--currency") { Description = "ISO 4217, such as EUR." };
        var (period, kind, mode) = (Word("--period", "Of a month (when left out for a new one), or once: prepaid.", "month", "once"),
            Word("--kind", "hard refuses calls (when left out for a new one), soft only alerts.", "hard", "soft"),
            Word("--mode", "enforce (when left out for a new one), or observe: count what would be refused.", "enforce", "observe"));
        var alerts = new Option<string[]>("--alert") { Description = "Tell the organisation there: per cent such as 80%, or an amount. Several times for several; none for no alerts." };
        return AdminVerb.Create(
            "set", "Adds a budget, or changes one: what is left out stays as it is.\n\nExamples:\n  dogana budget set acme-month --organisation acme --amount 500 --currency EUR --alert 80%\n  dogana budget set acme-month --amount 750",
            [id, organisation, project, key, amount, currency, period, kind, mode, alerts],
            (client, parsed, cancellation) => client.SetBudgetAsync(
                parsed.GetValue(id)!,
                new SetBudgetRequest(
                    parsed.GetValue(organisation), parsed.GetValue(project), parsed.GetValue(key), parsed.GetValue(currency), parsed.GetValue(amount), parsed.GetValue(period),
                    parsed.GetValue(kind), parsed.GetValue(mode), parsed.GetValue(alerts) switch { null or [] => null, ["none"] => [], var given => given }),
                cancellation),
            Write);
    }

    private static Command TopUp()
    {
        var id = Id();
        var amount = new Option<string>("--amount") { Description = "How much is added.", Required = true };
        var reference = new Option<string>("--reference") { Description = "Names the payment: the same one adds once.", Required = true };
        return AdminVerb.Create(
            "top-up", "Adds to a prepaid budget.\n\nExample:\n  dogana budget top-up acme-prepaid --amount 100 --reference INV-2026-17", [id, amount, reference],
            (client, parsed, cancellation) => client.TopUpBudgetAsync(
                parsed.GetValue(id)!, new TopUpBudgetRequest(parsed.GetValue(amount)!, parsed.GetValue(reference)!), cancellation),
            Write);
    }

    private static Command Remove()
    {
        var id = Id();
        return AdminVerb.Create(
            "remove", "Removes a budget and what it counted.\n\nExample:\n  dogana budget remove acme-month", [id],
            (client, parsed, cancellation) => client.RemoveBudgetAsync(parsed.GetValue(id)!, cancellation),
            static (removed, output) => output.WriteLine($"{removed.Budget.Id} is removed. {removed.Budget.Spent} of {Total(removed.Budget)} {removed.Budget.Currency} were spent."));
    }

    private static void Write(BudgetDetail detail, TextWriter output)
    {
        var item = detail.Budget;
        var time = item.To is { } end ? $"until {end.ToString("u", CultureInfo.InvariantCulture)}" : "prepaid";
        output.WriteLine($"{item.Id}: {Total(item)} {item.Currency} for the {item.Scope} {item.Subject}, {KindOf(item)}, {time}");
        output.WriteLine($"spent {item.Spent}, held {item.Held}, left {item.Left}{(item.Overrun.All(static sign => sign is '0' or '.') ? "" : $", overrun {item.Overrun}")}");
        foreach (var alert in detail.Alerts)
        {
            output.WriteLine($"alert {alert.Threshold} ({alert.Amount}): {(alert.CrossedAt is { } at ? $"crossed {at.ToString("u", CultureInfo.InvariantCulture)}" : "not reached")}");
        }

        foreach (var made in detail.TopUps)
        {
            output.WriteLine($"top-up {made.Reference}: {made.Amount} at {made.At.ToString("u", CultureInfo.InvariantCulture)} by {made.Actor}");
        }
    }

    private static string KindOf(BudgetRecord item) => item is { Kind: "hard", Mode: not "enforce" } ? item.Mode : item.Kind;

    // Amounts are exact decimal text on the wire.
    private static string Total(BudgetRecord item) =>
        (decimal.Parse(item.Amount, CultureInfo.InvariantCulture) + decimal.Parse(item.TopUps, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);

    private static Argument<string> Id() => new("id") { Description = "The budget." };

    private static Option<string?> Word(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    private static (Option<string?> Organisation, Option<string?> Project, Option<string?> Key) Scope() => (
        new("--organisation") { Description = "Of an organisation: all its projects together." }, new("--project") { Description = "Of a project." },
        new("--key") { Description = "Of one key, by its public id." });
}
