using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana retention</c> and <c>dogana erase</c>: how long what is kept, and what goes at once.</summary>
internal static class RetentionVerbs
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "What: see 'dogana retention list'." };
        var days = new Argument<long>("days") { Description = "Days; 0 erases within the hour." };
        return AdminVerb.Noun(
            "retention", "For how many days what is kept. Money, usage and the audit log have no rule: they stay.",
            AdminVerb.Create(
                "list", "Lists what is kept for how long.\n\nExample:\n  dogana retention list", [],
                static (client, _, cancellation) => client.ListRetentionRulesAsync(cancellation),
                static (kinds, output) =>
                {
                    var table = new TextTable("name", "days>", "default>", "most>", "what");
                    foreach (var kind in kinds)
                    {
                        table.Add(kind.Name, Text(kind.Days), Text(kind.DefaultDays), Text(kind.DaysMax), kind.What);
                    }

                    table.Write(output);
                }),
            AdminVerb.Create(
                "set", "Sets for how many days something is kept.\n\nExample:\n  dogana retention set journal 7", [name, days],
                (client, parsed, cancellation) => client.SetRetentionRuleAsync(parsed.GetValue(name)!, parsed.GetValue(days), cancellation),
                static (kind, output) => output.WriteLine($"{kind.Name} is kept for {Text(kind.Days)} days.")));
    }

    public static Command CreateErase()
    {
        var organisation = new Option<string?>("--organisation") { Description = "Of this organisation and its projects." };
        var project = new Option<string?>("--project") { Description = "Of this project alone." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be erased." };
        var command = AdminVerb.Create(
            "erase",
            "Erases texts and personal data of an organisation or a project, and says what stays and why. Money stays.\n\n"
            + "Examples:\n  dogana erase --organisation acme --dry-run\n  dogana erase --project acme-shop",
            [organisation, project, dryRun],
            (client, parsed, cancellation) => client.EraseAsync(new ErasureRequest(parsed.GetValue(organisation), parsed.GetValue(project), parsed.GetValue(dryRun)), cancellation),
            static (report, output) =>
            {
                output.WriteLine(report.DryRun ? "Would be erased:" : "Erased:");
                foreach (var line in report.Erased)
                {
                    output.WriteLine($"  {Text(line.Count)} {line.What}");
                }

                output.WriteLine("Stays:");
                foreach (var line in report.Stays)
                {
                    output.WriteLine($"  {line.What}: {line.Because}");
                }
            });
        command.Validators.Add(result =>
        {
            if ((result.GetValue(organisation) is null) == (result.GetValue(project) is null))
            {
                result.AddError("Say whose data: --organisation ID or --project ID.");
            }
        });
        return command;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
